# Arithmetic in functions that are hot, then with operands of other types.
import sys
import traceback


def heat(f, *args):
    for _ in range(300):
        r = f(*args)
    return r


def show(f, *args):
    try:
        print(f.__name__, *map(repr, args), "->", repr(f(*args)))
    except Exception as e:
        line = traceback.extract_tb(e.__traceback__)[-1].lineno - f.__code__.co_firstlineno
        print(f.__name__, *map(repr, args), "!!", type(e).__name__, e, "line", line)


class Int(int):
    def __add__(self, other):
        return "Int.__add__"


class Vec:
    def __init__(self, x):
        self.x = x

    def __repr__(self):
        return f"Vec({self.x})"

    def __add__(self, other):
        return Vec(self.x + (other.x if isinstance(other, Vec) else other))

    def __radd__(self, other):
        return Vec(other + self.x)

    def __mul__(self, other):
        if other == 7:
            raise ValueError("seven")
        return Vec(self.x * other)

    def __neg__(self):
        return Vec(-self.x)

    def __invert__(self):
        return Vec(~self.x)

    def __pos__(self):
        return self

    def __pow__(self, n):
        return NotImplemented

    def __truediv__(self, other):
        return Vec(self.x / other)


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone", self.name)

    def __add__(self, other):
        return self.name


def add(a, b):
    return a + b


def sub(a, b):
    return a - b


def mul(a, b):
    return a * b


def div(a, b):
    return a / b


def floordiv(a, b):
    return a // b


def mod(a, b):
    return a % b


def power(a, b):
    return a**b


def square(a):
    return a**2


def bits(a, b):
    return (a & b, a | b, a ^ b, ~a)


def shifts(a, b):
    return (a << b, a >> b, a << 3, a >> 2)


def immediates(a):
    return (a + 1, a - 2, a * 3, a // 4, a % 5, a // 8, a % 16, -a)


def constants(a):
    x = a + 100000
    y = 70000 - a
    z = a * 0.25 + 0.5 * a - a / 7.0
    w = 2.5 - z
    v = a * 123456789012
    return x, y, z, w, v, a // 1000003, a % 1000003, a + 12345678901234567890


def float_chain(a, b):
    x = a * 2.0
    y = x + b
    y = y - x
    x = x * x - y * y + 0.0
    return x, y, -x, +y


def divide_constant(a):
    return 1.0 / a, 100000 / a, a / 3


def zero_divide(a):
    b = a + 1
    return b / 0.0


def inplace(a, b):
    a += b
    a *= 2
    return a


def text(a, b):
    s = a
    for _ in range(3):
        s += b
    return s + a


numbers = [0, 1, -7, 255, 2**31, -(2**31), 2**53 + 1, 2**62, -(2**63), 2**63 - 1, 2**70, True,
           0.0, -0.0, 1.5, -2.25, 1e308, float("inf"), float("nan"), 3 + 4j, Int(5)]
others = ["s", [1, 2], (3,), None, Vec(3)]


def pairs(f, warm, *more):
    heat(f, *warm)
    for a in numbers + others:
        for b in (3, -2, 0, 2.5, 0.0, 2**40, 2**65, *more):
            if f in (power, shifts) and isinstance(b, int) and b > 100:
                continue
            if f is mul and (isinstance(a, int) and b == "t" and a > 100 or
                             isinstance(a, (str, list, tuple)) and isinstance(b, int) and b > 100):
                continue
            show(f, a, b)


pairs(add, (2, 3), "t", [4], (5,), None, Vec(4), Int(1))
pairs(sub, (2.5, 1.5), "t", Vec(4))
pairs(mul, (2, 3), "t", Vec(4), 7)
pairs(div, (2, 3), Vec(4))
pairs(floordiv, (7, 3))
pairs(mod, (7, -3), "t")
pairs(power, (2, 3))
pairs(bits, (12, 10), True)
pairs(shifts, (12, 2), 31, 32, 63, 64)
for f in square, immediates, constants, divide_constant, zero_divide:
    heat(f, 12) if f is not zero_divide else None
    for a in numbers + others:
        show(f, a)
    for _ in range(300):
        try:
            f(1.5)
        except ZeroDivisionError:
            pass
    for a in numbers + others:
        show(f, a)
heat(float_chain, 1.5, 2.5)
for a in numbers + others:
    for b in (1.5, -0.0, 3, 2**70, "x"):
        show(float_chain, a, b)
heat(inplace, 1, 2)
for a, b in ((1, 2), (1.5, 2), ([1], [2]), ("a", "b"), (2**62, 2**62), ([1], 5), (Vec(1), Vec(2))):
    show(inplace, a, b)
heat(text, "ab", "cd")
for a, b in (("ab", "cd"), ("\u1234", "x"), ("", ""), ("a", 1), (1, 2), ("a", None), ([1], [2])):
    show(text, a, b)


# Sites that change their types all the time.
def mixed(values):
    total = 0
    seen = []
    for v in values:
        w = v * 2
        total = w + total
        seen.append(w - 1)
    return total, seen


values = [1, 2.5, True, 2**40, -3, 0.125, 2**66, -0.0, 7]
first = mixed(values)
print(first, all(mixed(values) == first for _ in range(200)))


# The operand of the last use goes.
def drop():
    return Loud("a") + 1


for _ in range(40):
    add(Loud("warm") if _ == 39 else 1, 1)
print([drop() for _ in range(3)])


# A box that somebody else holds is not written to.
def shared(n):
    x = 0.5
    kept = []
    i = 1000
    ints = []
    for _ in range(n):
        x = x * 1.5
        kept.append(x)
        i = i + 1000
        ints.append(i)
        y = x
        x += 1.0
        kept.append(y)
    return kept, ints


print(heat(shared, 5))


# In generators.
def running(values):
    total = 0
    for v in values:
        total = total + v * 0.5
        yield total


print([list(running(range(6))) for _ in range(60)][-1])


# A method written in Python is traced, and sets a tracer.
class Tracing:
    def __add__(self, other):
        sys.settrace(tracer)
        return 1


events = []


def tracer(frame, event, arg):
    events.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno))
    return tracer


def trace(a):
    x = a + 1
    x = add(x, 1)
    return x


heat(trace, 1)
heat(trace, 1.5)
sys.settrace(None)


def outer(a):
    r = trace(a)
    sys.settrace(None)
    return r


print(outer(Tracing()), events[:6])
