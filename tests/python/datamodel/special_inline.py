# SPDX-License-Identifier: MIT
# Special methods written in Python, called again and again by the same instructions: what they
# answer, what is left to do after NotImplemented, who goes first, changes of the class meanwhile.
import sys
import traceback


class V:
    def __init__(self, x):
        self.x = x

    def __repr__(self):
        return f"{type(self).__name__}({self.x})"

    def __add__(self, o):
        if isinstance(o, V):
            return V(self.x + o.x)
        if isinstance(o, int):
            return V(self.x + o)
        return NotImplemented

    def __radd__(self, o):
        return NotImplemented if isinstance(o, str) else ("radd", o, self.x)

    def __sub__(self, o):
        return ("sub", self.x, o)

    def __rsub__(self, o):
        return ("rsub", o, self.x)

    def __mul__(self, o):
        return NotImplemented

    def __rmul__(self, o):
        return ("rmul", o, self.x) if isinstance(o, (int, float)) else NotImplemented

    def __imul__(self, o):
        if o == 3:
            return NotImplemented
        return ("imul", o)

    def __ifloordiv__(self, o):
        self.x //= o
        return self

    def __pow__(self, o):
        return NotImplemented if o == 7 else ("pow", o)

    def __rpow__(self, o):
        return ("rpow", o)

    def __matmul__(self, o):
        return "matmul"

    def __neg__(self):
        return V(-self.x)

    def __eq__(self, o):
        return self.x == o.x if isinstance(o, V) else NotImplemented

    def __lt__(self, o):
        return self.x < o.x if isinstance(o, V) else NotImplemented

    def __ge__(self, o):
        return []

    __hash__ = None


class W(V):
    def __radd__(self, o):
        return ("W.radd", o)

    def __rsub__(self, o):
        return ("W.rsub", o)

    def __gt__(self, o):
        return "W.gt"


class Other:
    def __repr__(self):
        return "Other()"

    def __radd__(self, o):
        return "Other.radd"

    def __rmul__(self, o):
        return "Other.rmul"

    def __gt__(self, o):
        return "Other.gt"

    def __eq__(self, o):
        return "Other.eq"


def tell(what, *args):
    try:
        print(what.__name__, what(*args))
    except Exception as e:
        print(what.__name__, type(e).__name__, e)


def add(a, b):
    return a + b


def sub(a, b):
    return a - b


def mul(a, b):
    return a * b


def imul(a, b):
    a *= b
    return a


def power(a, b):
    return a**b


def less(a, b):
    return a < b


def equal(a, b):
    return a == b


def if_less(a, b):
    if a < b:
        return "yes"
    return "no"


def if_not_less(a, b):
    if not a < b:
        return "yes"
    return "no"


def while_ge(a, b):
    n = 0
    while a >= b:
        n += 1
    return n


def imm(a):
    return a + 2, a - 3


def imm_mul(a):
    return a * 5


ops = [add, sub, mul, imul, power, less, equal, if_less, if_not_less]
values = [V(1), V(2), W(3), W(1), Other(), 1, 3, 7, 2.5, "s", [1], None, True]
for op in ops:
    for a in values[:8]:
        for b in values:
            tell(op, a, b)
tell(while_ge, V(1), V(1))
for a in [V(1), W(2), 5, 1.5]:
    tell(imm, a)
    tell(imm_mul, a)
v = V(17)
v //= 5
print(v, -v, v @ v)
for i in range(3):
    x = 10 - V(i)
    y = 1.5 - V(i)
print(x, y)


# Subscripts, length, containment, truth.
class Box:
    def __init__(self, items):
        self.items = items

    def __repr__(self):
        return "Box()"

    def __getitem__(self, k):
        if k == "ni":
            return NotImplemented
        return self.items[k]

    def __setitem__(self, k, value):
        self.items[k] = value
        return "dropped"

    def __delitem__(self, k):
        del self.items[k]

    def __len__(self):
        return self.items if isinstance(self.items, (int, str, bool)) else len(self.items)

    def __contains__(self, x):
        return self.items.count(x)


class Truth:
    def __repr__(self):
        return "Truth()"

    def __init__(self, t):
        self.t = t

    def __bool__(self):
        return self.t


def get(b, k):
    return b[k]


def put(b, k, v):
    b[k] = v
    return b.items


def drop(b, k):
    del b[k]
    return b.items


def length(b):
    return len(b)


def inside(b, x):
    return x in b, x not in b


def jumps(b, x):
    r = []
    if x in b:
        r.append("in")
    if x not in b:
        r.append("not in")
    return r


def truth(b):
    r = [not b]
    if b:
        r.append("true")
    if not b:
        r.append("false")
    while b:
        r.append("loop")
        break
    return r, b and 1, b or 2


box = Box([1, 2, 3])
for _ in range(3):
    tell(get, box, 1)
    tell(get, box, "ni")
    tell(get, box, 9)
    tell(get, [4, 5], 1)
    tell(get, {"ni": 6}, "ni")
    tell(put, box, 0, 7)
    tell(put, box, 8, 7)
    tell(put, Box({}), 8, 7)
    tell(drop, Box([1, 2]), 0)
    tell(drop, Box([1, 2]), 5)
    tell(inside, box, 7)
    tell(inside, box, 99)
    tell(jumps, box, 7)
    tell(jumps, box, 99)
for n in (0, 3, -1, True, "x", 2**70, -(2**70), 2**40):
    tell(length, Box(n))
    tell(truth, Box(n))
for t in (True, False, 1, 0, None, NotImplemented):
    tell(truth, Truth(t))


# Properties with setters; errors inside; deletion.
class P:
    log = []

    @property
    def p(self):
        return self.log[-1]

    @p.setter
    def p(self, value):
        if value == 3:
            raise ValueError("three")
        self.log.append(value)
        return "ignored"


def set_p(o, value):
    o.p = value
    return o.p


o = P()
for i in range(6):
    tell(set_p, o, i)
P.p = 5
tell(set_p, o, 6)


# The class changes; a method is a generator, has defaults, is no function.
class C:
    def __add__(self, o):
        return "first"

    def __len__(self):
        return 1


c = C()
print([add(c, 1) for _ in range(3)], length(c))
C.__add__ = lambda self, o: "second"
C.__len__ = lambda self: 2
print([add(c, 1) for _ in range(3)], length(c))
C.__add__ = lambda self, o, more=5: ("defaults", more)
print(add(c, 1))
C.__add__ = lambda self, *o: ("star", o)
print(add(c, 1))


def gen(self, o):
    yield o


C.__add__ = gen
print(list(add(c, 1)))
C.__add__ = staticmethod(lambda o: ("static", o))
print(add(c, 1))
C.__add__ = len
tell(add, c, 1)
del C.__add__
tell(add, c, 1)
C.__add__ = None
tell(add, c, 1)
C.__lt__ = gen
print(if_less(c, 1), list(less(c, 1)))


# The operand dies or is replaced while its method runs; the register is the target, too.
class Chain:
    def __init__(self, n):
        self.n = n

    def __add__(self, o):
        global held
        held = None
        return Chain(self.n + o) if o else NotImplemented

    def __del__(self):
        deaths.append(self.n)


deaths = []
held = Chain(0)
x = held
for i in range(1, 4):
    x = x + i
x += 10
print(x.n, deaths)
try:
    x = x + 0
except TypeError as e:
    print(e)
del x
print(deaths)


# Tracebacks and depth.
class Bad:
    def __add__(self, o):
        raise ZeroDivisionError("in add")

    def __eq__(self, o):
        return self == o

    def __getitem__(self, k):
        return self[k]

    def __bool__(self):
        raise KeyError("in bool")

    def __len__(self):
        return len(self)


def fails(what):
    try:
        what(Bad())
    except Exception as e:
        tb = traceback.extract_tb(e.__traceback__)
        print(type(e).__name__, str(e)[:33], [f.name for f in tb][:4], [f.lineno for f in tb][:3])


fails(lambda b: b + 1)
fails(lambda b: 1 if b else 2)
fails(lambda b: not b)
fails(lambda b: b == b)
fails(lambda b: b[1])
fails(lambda b: len(b))


# In a generator, whose window is on the heap.
def produce(a, b):
    for i in range(3):
        yield a + b
        yield a < b
        yield (1 if a in [a] else 0)
        yield len(Box([1])), Box([7])[0], -a


print(list(produce(V(1), V(2))))


# Seen by a tracer as the calls they are.
def traced(a, b):
    c = a + b
    if a < b:
        c = -c
    return c


events = []


def tracer(frame, event, arg):
    if frame.f_code.co_name in ("traced", "__add__", "__lt__", "__neg__"):
        events.append((event, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))
    return tracer


sys.settrace(tracer)
traced(V(1), V(2))
sys.settrace(None)
print(events)
events.clear()
sys.setprofile(lambda frame, event, arg: events.append((event, frame.f_code.co_name)))
traced(V(1), V(2))
sys.setprofile(None)
print(events)


# Metaclasses.
class Meta(type):
    def __getitem__(cls, k):
        return cls.__name__, k

    def __len__(cls):
        return 4

    def __contains__(cls, x):
        return x == 1

    def __lt__(cls, o):
        return "meta"


class M(metaclass=Meta):
    pass


print(get(M, 1), length(M), inside(M, 1), jumps(M, 2), less(M, M))


# The operand's frame is looked at from inside.
class F:
    def __add__(self, o):
        f = sys._getframe(1)
        return f.f_code.co_name, sorted(f.f_locals), f.f_lineno - f.f_code.co_firstlineno


print(add(F(), 1))
