# Sets of ints come out in the same order as in CPython, through growth, deletion and every operation.

class Random:
    """A small generator: the same numbers everywhere, and no import."""

    def __init__(self, seed):
        self.state = seed

    def randrange(self, a, b=None):
        a, b = (0, a) if b is None else (a, b)
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return a + (self.state >> 33) % (b - a)

    def choice(self, items):
        return items[self.randrange(len(items))]

    def shuffled(self, n):
        items = list(range(n))
        for i in range(n - 1, 0, -1):
            k = self.randrange(i + 1)
            items[i], items[k] = items[k], items[i]
        return items


rnd = Random(11)
for n in (3, 5, 8, 20, 50, 200, 1000):
    xs = [rnd.randrange(n * 3) for _ in range(n)]
    ys = [rnd.randrange(n * 3) for _ in range(n // 2 + 1)]
    a, b = set(xs), set(ys)
    r = [list(a), list(b), list(a | b), list(b | a), list(a & b), list(b & a), list(a - b), list(b - a), list(a ^ b), list(b ^ a)]
    c = set(a)
    for y in ys:
        c.discard(y)
    r.append(list(c))
    c.update(ys)
    r.append(list(c))
    c.difference_update(xs[: n // 2])
    r.append(list(c))
    c.symmetric_difference_update(xs)
    r.append(list(c))
    c.intersection_update(xs + ys)
    r.append(list(c))
    r.append([c.pop() for _ in range(len(c) // 2)])
    r.append(list(c))
    r.append(list(a.copy()))
    r.append(list(frozenset(xs)))
    r.append(list(a.difference(ys)))
    r.append(list(a.union(ys, [1, 2, 3])))
    r.append(list(a.intersection(ys)))
    r.append(list(set(dict.fromkeys(xs))))
    h = 0
    for part in r:
        for x in part:
            h = (h * 1000003 + x + 1) % (2**61 - 1)
    print(n, [len(p) for p in r], h)
    if n <= 20:
        for part in r:
            print("  ", part)
print({-1, -2, 5, 2**61 - 1, 0, 2**62, -(2**63)})
print({1.5, 2, 3.0, 2**40, 7})
big = set(range(70000))
print(len(big), list(big)[:5], list(big)[-5:], sum(big))
big -= set(range(0, 70000, 2))
print(len(big), list(big)[:5])
while len(big) > 5:
    big.pop()
print(big)
print(hash(frozenset()), hash(frozenset([1])), hash(frozenset([1, 2, 3])), hash(frozenset(range(100))))
print(hash(frozenset([frozenset(), frozenset([1])])))
print(set(range(10)) - set(range(5)), {10, 20, 30} & {20, 30, 40}, {100, 1, 50})
