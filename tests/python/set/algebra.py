# Union, intersection, difference and symmetric difference of sets of all sizes: what is in the
# result and in which order, keys that are compared by Python code, and sets that this code changes.
import itertools


def sets(*sizes):
    for n in sizes:
        yield set(range(n))
        yield {i * 7 + 3 for i in range(n)}
        yield {(i, -i) for i in range(n)}
        yield {i / 2 for i in range(n)}
        holes = set(range(n * 2))
        for i in range(0, n * 2, 2):
            holes.discard(i)
        yield holes


made = list(sets(0, 1, 5, 6, 40, 150))
digest = 0
for a, b in itertools.product(made, made):
    for c in (a | b, a & b, a - b, a ^ b, a.copy(), frozenset(a) | b):
        for k, x in enumerate(c):
            digest = (digest * 31 + hash(x) + k) % 1000003
        digest = (digest * 17 + len(c)) % 1000003
    digest = digest * 3 + (a <= b) + 2 * (a == b) + 4 * a.isdisjoint(b)
    for name in "update", "intersection_update", "difference_update", "symmetric_difference_update":
        c = set(a)
        getattr(c, name)(b)
        for k, x in enumerate(c):
            digest = (digest * 31 + hash(x) + k) % 1000003
print(digest)

# Equal keys of several types: which one stays.
print(sorted(map(repr, {1, 2.0, True} | {1.0, 2, 3})), {1} & {True}, {1.0} & {1}, {1} - {1.0})
print({1, (2, 3)} ^ {1.0, (2.0, 3)}, {1.0} | {1}, {0, 1, 2} - {False, 1.0})


class Key:
    asked = 0

    def __init__(self, n, act=None):
        self.n, self.act = n, act

    def __hash__(self):
        return self.n % 3

    def __eq__(self, other):
        Key.asked += 1
        if self.act:
            self.act()
        return isinstance(other, Key) and self.n == other.n

    def __repr__(self):
        return f"K{self.n}"


a, b = {Key(n) for n in range(9)}, {Key(n) for n in range(4, 14)}
for c in a | b, a & b, a - b, a ^ b:
    print(sorted(c, key=lambda k: k.n))
print(a & b <= a, a == {Key(n) for n in range(9)}, a >= b, Key.asked > 0)


# Keys that empty, fill or shrink a set in the middle of an operation: no crash, and whatever is
# left is a set.
ACTS = {
    "clear a": lambda a, b: a.clear(),
    "clear b": lambda a, b: b.clear(),
    "clear both": lambda a, b: (a.clear(), b.clear()),
    "fill a": lambda a, b: len(a) < 500 and a.update(range(100, 600)),
    "fill b": lambda a, b: len(b) < 500 and b.update(range(100, 600)),
    "pop": lambda a, b: (a and a.pop(), b and b.pop()),
}


for (name, act), op in itertools.product(
        ACTS.items(), ("__or__", "__and__", "__sub__", "__xor__", "__ior__", "__iand__", "__isub__",
                       "__ixor__", "__le__", "__eq__", "isdisjoint")):
    a = {Key(n) for n in range(12)}
    b = {Key(n, lambda: act(a, b)) for n in range(6, 18)}
    try:
        result = getattr(a, op)(b)
    except RuntimeError as error:
        print(name, op, error)
    else:
        for s in a, b, result if isinstance(result, set) else set():
            for k in list(s):
                if isinstance(k, Key):
                    k.act = None
            assert len(list(s)) == len(s), (name, op)
print("survived")


# A key that raises.
class Bad(Key):
    def __eq__(self, other):
        raise ZeroDivisionError

    __hash__ = Key.__hash__


for op in "__or__", "__and__", "__sub__", "__xor__", "__ior__", "__isub__", "__ixor__", "__le__":
    a = {Key(n) for n in range(5)}
    try:
        print(op, getattr(a, op)({Bad(1)} | {Key(n) for n in (0, 2)} if op == "__le__" else {Bad(1)}))
    except ZeroDivisionError:
        print(op, "raises", len(a))

# Emptied and filled sets keep working; copies are independent.
s = set(range(1000))
c = s.copy()
s.clear()
s.update(range(5))
print(len(c), sum(c), s, {*c} == c)
c -= set(range(10, 1000))
print(c, c | s, c ^ s)
