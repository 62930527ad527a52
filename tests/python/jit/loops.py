# Hot loops over every kind of iterator, that change their kind, break, and end early.


def pairs(it):
    out = []
    for a, b in it:
        out.append((a, b))
    return out


def triples(it):
    out = []
    for a, b, c in it:
        out.append((c, b, a))
    return out


def singles(it):
    out = []
    for a in it:
        out.append(a)
    return out


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__, str(e)


class Own:
    def __init__(self, values):
        self.values = values
        self.at = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.at == len(self.values):
            raise StopIteration
        self.at += 1
        return self.values[self.at - 1]


def makers():
    yield lambda: {1: "a", 2: "b"}.items()
    yield lambda: enumerate(["x", "y", "z"])
    yield lambda: zip([1, 2], [3.5, 4.5])
    yield lambda: [(1, 2), (3, 4)]
    yield lambda: [[1, 2], (3, 4), "ab"]
    yield lambda: ((k, -k) for k in range(3))
    yield lambda: Own([(1, 2), [3, 4]])
    yield lambda: iter([])
    yield lambda: enumerate(k for k in range(3))
    yield lambda: zip(range(3), Own([1, 2, 3]))
    yield lambda: {}.items()
    yield lambda: enumerate([1.5, 2.5], 1 << 62)


for make in makers():
    for n in range(150):
        pairs(make())
    print(pairs(make()))
for make in makers():
    print(pairs(make()))
for n in range(150):
    triples(zip([1], [2], [3]))
print(triples(zip([1, 2], [3, 4], [5, 6])), attempt(triples, zip([1], [2])),
      attempt(pairs, [(1, 2), (3,)]), attempt(pairs, [(1, 2), 3]), attempt(pairs, enumerate(7 for k in [1])),
      attempt(pairs, {1: 2}), attempt(pairs, 5))

for it in ([1.5, 2.5], [1, 2, 1 << 40], [1, "a"], (1, 2), {1: 2}, {1: 2}.values(), {3, 4}, "abc",
           b"ab", range(3), Own([1, 2]), map(str, [1, 2])):
    for n in range(120):
        singles(it)
    print(singles(it))


def changes(d):
    for k in d:
        d[k + 10] = 1
    return d


def grows(l):
    n = 0
    for x in l:
        if n < 50:
            l.append(x + 1)
        n += 1
    return n


for n in range(100):
    attempt(changes, {1: 2})
    grows([1])
    grows([1.0])
print(attempt(changes, {1: 2}), grows([1, 2]), grows([1.0, 2.0]), grows([1, 2.0]))


def shrinks(l):
    out = []
    for x in l:
        out.append(x)
        l.pop()
    return out


for n in range(100):
    shrinks([1, 2, 3, 4])
    shrinks([1.5, 2.5, 3.5])
print(shrinks([1, 2, 3, 4, 5]), shrinks([1.5] * 4))


class Bad:
    def __iter__(self):
        return self

    def __next__(self):
        raise OSError("next")


for n in range(150):
    attempt(singles, Bad())
    attempt(singles, 3)
print(attempt(singles, Bad()), attempt(singles, 3), attempt(pairs, zip(Bad(), [1])))


def unpack(x):
    a, b, c = x
    first, *rest = x
    *_, last = x
    (p, q), r = (a, b), c
    return a, b, c, first, rest, last, p, q, r


for n in range(300):
    unpack((1, 2, 3))
print(unpack((1, 2, 3)), unpack([1, 2, 3]), unpack("abc"), unpack(range(3)))
for n in range(300):
    unpack([n, 2, 3])
print(unpack([1.5, 2, 3]), attempt(unpack, (1, 2)), attempt(unpack, [1, 2, 3, 4]), attempt(unpack, 1))


def swap(a, b):
    a, b = b, a
    l = [a, b]
    b, a = l
    return a, b


for n in range(300):
    swap(n, n + 1)
print(swap(1, 2))


def wide(t):
    a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r = t
    return r, a


for n in range(200):
    wide(range(18))
print(wide(list(range(18))), attempt(wide, range(17)))


class Dies:
    seen = []

    def __init__(self, k):
        self.k = k

    def __del__(self):
        Dies.seen.append(self.k)


def lifetimes(n):
    Dies.seen.clear()
    for k, x in enumerate([Dies(j) for j in range(n)]):
        Dies.seen.append(-k)
    for x, y in zip([Dies(7), Dies(8)], [1, 2]):
        pass
    x = None
    return list(Dies.seen)


for n in range(150):
    lifetimes(2)
print(lifetimes(3))
