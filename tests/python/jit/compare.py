# Comparison, truth and membership in functions that are hot, then with operands of other types.
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


class Str(str):
    __hash__ = str.__hash__

    def __eq__(self, other):
        return "equal"


class Ordered:
    def __init__(self, x):
        self.x = x

    def __repr__(self):
        return f"Ordered({self.x})"

    def __lt__(self, other):
        return self.x < getattr(other, "x", other)

    def __eq__(self, other):
        if other == 3:
            return NotImplemented
        return [other] if self.x == other else []

    def __gt__(self, other):
        raise KeyError("gt")


class Truth:
    def __init__(self, x):
        self.x = x

    def __repr__(self):
        return f"Truth({self.x!r})"

    def __bool__(self):
        return self.x


class Sized:
    def __len__(self):
        return 0

    def __repr__(self):
        return "Sized()"


class Container:
    def __contains__(self, x):
        return x == 3

    def __repr__(self):
        return "Container()"


class Loud:
    def __del__(self):
        print("gone")

    def __eq__(self, other):
        return True


def jumps(a, b):
    n = 0
    if a < b:
        n += 1
    if a <= b:
        n += 2
    if a == b:
        n += 4
    if a != b:
        n += 8
    if a >= b:
        n += 16
    if a > b:
        n += 32
    return n


def negated(a, b):
    n = 0
    if not a < b:
        n += 1
    if not a <= b:
        n += 2
    if not a == b:
        n += 4
    if not a != b:
        n += 8
    if not a >= b:
        n += 16
    if not a > b:
        n += 32
    return n


def loops(a, b):
    n = 0
    while a < b and n < 5:
        a = a + 1
        n += 1
    while True:
        n += 1
        if not n < 10:
            break
    return a, n


def equality(a, b):
    return a == b, a != b, 1 if a == b else 2, 1 if a != b else 2


def order(a, b):
    return a < b, a <= b, a > b, a >= b


def immediates(a):
    return [k for k, t in enumerate((a == 3, a != 3, bool(a)))
            if t], 1 if a < 3 else 2 if a == 3 else 3 if a > 100 else 4


def constants(a):
    n = 0
    if a == "abc":
        n += 1
    if a != "xyz":
        n += 2
    if "abc" == a:
        n += 4
    if a == 2.5:
        n += 8
    if a == 1000000:
        n += 16
    return n


def parts(s):
    n = 0
    for k in range(len(s)):
        if s[k] == "a":
            n += 1
        elif s[k] != "b":
            n += 100
    return n, s[:2] == "ab", s + "c" == "abc", "b" in s, "zz" not in s


def truth(a):
    n = 0
    if a:
        n += 1
    if not a:
        n += 2
    return n, not a, a or 5, a and 6, True if a and a else False


def while_truth(a):
    n = 0
    while a and n < 3:
        n += 1
    return n


def member(a, b):
    n = 0
    if a in b:
        n += 1
    if a not in b:
        n += 2
    return n, a in b, a not in b


def identity(a, b):
    n = 0
    if a is b:
        n += 1
    if a is not b:
        n += 2
    return n, a is b, a is not b, type(a) is int, type(a) is not type(b)


def temporary(a, b):
    return (1 if [a] is b else 2), (1 if [a] == [b] else 2), (1 if [a] else 2), not [b]


same = "".join(["ab", "c"])
values = [0, 1, 3, -5, 2**62, 2**70, 1000000, True, 0.0, -0.0, 2.5, 3.0, 1e300, float("nan"), None,
          "abc", same, "abd", "", Str("abc"), [], [1], (), (1, 2), {}, {3: 4}, set(), b"", Ordered(3),
          Ordered(5), Sized()]

heat(jumps, 3, 4)
heat(negated, 3.5, 4.5)
heat(loops, 1, 5)
heat(equality, "abc", same)
heat(order, 1, 2)
heat(member, 3, [1, 2, 3])
heat(identity, 3, 4)
heat(temporary, 3, 4)
for turn in range(2):
    for a in values:
        for b in (3, 2.5, 2**70, "abc", same, None, [1], Ordered(5), float("nan")):
            for f in jumps, negated, equality, order, identity, temporary:
                try:
                    r = f(a, b)
                except Exception as e:
                    r = type(e).__name__, str(e)
                if turn:
                    print(f.__name__, repr(a), repr(b), r)
    for a, b in ((1, 3.5), (1.5, 4), (2**63 - 3, 2**63 + 1), ("a", "b"), (Ordered(1), 2), (0.5, 3.5)):
        show(loops, a, b)
    for a in (3, "a", 2.5, None, [1]):
        for b in ([1, 2, 3], (3, 4), {3: 1}, {3}, "abc", range(5), Container(), 5, None, [[1]]):
            show(member, a, b)

for f, warm in ((immediates, 3), (constants, "abc"), (truth, True), (while_truth, 1)):
    heat(f, warm)
    for a in values + [Truth(True), Truth(False), Truth(5), Truth(None)]:
        show(f, a)
    for a in values:
        for _ in range(30):
            try:
                f(a)
            except Exception:
                pass
    for a in values + [Truth(True), Truth(False), Truth(5), Truth(None)]:
        show(f, a)
heat(parts, "abcabc")
for s in "ab", "", "zzab", "\u00e9ab", ["a", "b", 5], ("a",):
    show(parts, s)


# What goes with its last use.
def drop():
    if Loud() == 1:
        return "equal"


heat(equality, 1, 1)
print([drop() for _ in range(3)])


def unbound(flag):
    if flag:
        x = 1
    if x == 1:
        return "one"
    return x < 5


heat(unbound, True)
show(unbound, False)


def nan_loop(values):
    n = 0
    for v in values:
        if v == v:
            n += 1
        if not v < v:
            n += 10
        if v != v:
            n += 100
    return n


print(heat(nan_loop, [1.0, float("nan"), 2.5, float("nan")]))


class Setting:
    def __bool__(self):
        sys.settrace(tracer)
        return True


events = []


def tracer(frame, event, arg):
    events.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno))
    return tracer


def traced(a):
    if a:
        a = identity(a, 5)
    return a


heat(traced, [1])


def outer(a):
    r = traced(a)
    sys.settrace(None)
    return r


print(outer(Setting()), events[:5])
