# Lists that are in order already, of numbers and strings, are not touched; all else is sorted.
nan = float("nan")


def show(l, **kw):
    l = list(l)
    before = [id(x) for x in l]
    try:
        l.sort(**kw)
    except TypeError as e:
        print(e)
    print(l, sorted(before) == sorted(id(x) for x in l))


for kw in ({}, {"reverse": True}, {"key": None}, {"reverse": 1}):
    for l in ([], [1], [nan], [1, 2, 3], [3, 2, 1], [1, 1, 2], [2, 1, 1], [1.0, 2.5], [2.5, 1.0],
              [0.0, -0.0, 0.0], [-0.0, 0.0], ["a", "b"], ["b", "a"], ["a", "a"], [1, 2.0, 3], [1, "a"],
              ["a", 1], [1.0, 2], [2**70, 2**71], [2**71, 2**70, 5], [True, False], [1, True, 0],
              ["\u0100", "a", "\U00010000"], [(1, 2), (1, 1)], [[2], [1]], list(range(100)),
              list(range(100, 0, -1)), [x * 37 % 101 for x in range(70)], [x * 7 % 5 for x in range(64)],
              [str(x * 37 % 101) for x in range(65)]):
        show(l, **kw)

# Floats with NaN go the general way, as in CPython.
print([nan, 1.0, 2.0] == sorted([nan, 1.0, 2.0]), len(sorted([2.0, nan, 1.0])))

# Stability, with and without keys.
pairs = [(x % 3, x) for x in range(40)]
print(sorted(pairs, key=lambda p: p[0]))
print(sorted(pairs, key=lambda p: p[0], reverse=True))
print(sorted([1, 1.0, True, 0, False, 0.0]), sorted([1, 1.0, True, 0, False, 0.0], reverse=True))
print(sorted(range(65), key=lambda x: -x)[:5], sorted(range(64), key=lambda x: x % 7)[:8])


# Keys that fail, keys that look at the list.
def looking(l):
    def key(x):
        seen.append(len(l))
        return -x
    seen = []
    l.sort(key=key)
    return l, seen


print(looking([1, 2, 3]))


def spoil(l):
    l.append(1)
    return 0


l = [3, 1, 2]
try:
    l.sort(key=lambda x: spoil(l))
except ValueError as e:
    print(e, l)
try:
    l.sort(key=lambda x: 1 // (x - 1))
except ZeroDivisionError:
    print(l)


class Mixed(int):
    def __lt__(self, other):
        return int(self) > int(other)


print([int(x) for x in sorted([Mixed(1), Mixed(2), Mixed(3)])])
print(sorted([1, Mixed(5), 2, 3]))


# sort() inside a comparison of the same list.
class Inner:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        outer.sort()
        outer.sort(reverse=True)
        return self.n < other.n


outer = [Inner(2), Inner(1)]
try:
    outer.sort()
except ValueError as e:
    print(e)
print([x.n for x in outer])
try:
    [].sort(1)
except TypeError as e:
    print(e)
