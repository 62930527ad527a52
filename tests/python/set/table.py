# Tables after deletions, with places that are used again, hash 0 and keys that all begin in one place.
class Same:
    """All of one hash."""

    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 0

    def __eq__(self, other):
        return isinstance(other, Same) and self.n == other.n

    def __repr__(self):
        return f"S{self.n}"


def check(s, items):
    items = list(items)
    assert len(s) == len(items) and all(i in s for i in items)
    assert sorted(s, key=repr) == sorted(items, key=repr)
    assert hash(frozenset(s)) == hash(frozenset(items))
    assert s.copy() == s and not s - set(items) and s & s.copy() == s


s = {0, -1, "", 0.0, False, -2}
check(s, [0, -1, -2, ""])
s.discard(0)
assert 0 not in s and -1 in s and -2 in s
s.add(False)
print(sorted(map(repr, s)))

s = {Same(i) for i in range(30)}
check(s, [Same(i) for i in range(30)])
for i in range(0, 30, 2):
    s.remove(Same(i))
    assert Same(i) not in s and Same(i + 1) in s
for i in range(0, 30, 3):
    s.add(Same(i))
check(s, [Same(i) for i in range(30) if i % 2 or i % 3 == 0])
assert 0 not in s and s ^ s == set() and len(s | {0}) == len(s) + 1

# Emptied to the last one, filled again, in each size.
for n in 1, 4, 5, 8, 31, 100, 1000:
    s = set(range(n))
    for i in range(n):
        s.remove(i)
        assert i not in s and len(s) == n - i - 1
    check(s, [])
    s |= set(range(n, 2 * n))
    check(s, range(n, 2 * n))
    check(s ^ set(range(n)), range(2 * n))
    check(s - set(range(n + n // 2, 3 * n)), range(n, n + n // 2))
    while s:
        s.pop()
    check(s | {n}, [n])

# The order of small ints is the table's.
print(set(range(0, 60, 7)), {5, 3, 9, 1} | {40, 8}, {64, 0, 8, 16}, {17, 9, 1} - {9})
print(set(range(20)) ^ {3, 25, 11, 33}, {i * 5 % 32 for i in range(20)} & set(range(9, 28)))


# A key's __del__ changes the set that is being emptied.
class Last:
    def __init__(self, into):
        self.into = into

    def __del__(self):
        self.into.add("late")


s = set()
s.update([Last(s), Last(s), 1])
s.clear()
print(s)
for key in [Last(s) for _ in range(3)]:
    s.add(key)
    s.discard(key)
del key
print(s)
