# list.sort: stability, keys, reverse, mixed types, changes during the sort, large and patterned input.

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


def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


def check(a, **kw):
    b = list(a)
    b.sort(**kw)
    key = kw.get("key") or (lambda x: x)
    rev = kw.get("reverse", False)
    # insertion into buckets is an independent stable sort for what is used here
    order = sorted(range(len(a)), key=lambda i: ((key(a[i])), i)) if not rev else None
    for i in range(len(b) - 1):
        x, y = key(b[i]), key(b[i + 1])
        if (x < y) if rev else (y < x):
            return False
    if order is not None and [a[i] for i in order] != b:
        return False
    return len(a) == len(b)


rnd = Random(5)
for n in (0, 1, 2, 3, 10, 63, 64, 65, 100, 1000, 5000):
    ints = [rnd.randrange(-n - 1, n + 1) for _ in range(n)]
    ok = [
        check(ints),
        check(ints, reverse=True),
        check(sorted(ints)),
        check(sorted(ints)[::-1]),
        check([float(x) for x in ints]),
        check([str(x) for x in ints]),
        check([str(x) + "é" for x in ints]),
        check([str(x) + "\u20ac" for x in ints]),
        check([(x % 7, str(x)) for x in ints]),
        check([(str(x)[:1], x) for x in ints], reverse=True),
        check([10**20 + x for x in ints]),
        check(ints, key=lambda x: -x),
        check(ints, key=lambda x: x % 10),
        check([x if x % 2 else float(x) for x in ints]),
        check([[x % 5, x] for x in ints]),
        check(sorted(ints) + [3, -3, 0] + sorted(ints)),
    ]
    print(n, all(ok), ok if not all(ok) else "")
runs = []
for k in range(40):
    runs += sorted(rnd.randrange(1000) for _ in range(rnd.randrange(1, 200)))
print(check(runs), check(runs, key=lambda x: x // 100))

# stability
people = [("b", 2), ("a", 2), ("c", 1), ("d", 2), ("e", 1)]
print(sorted(people, key=lambda p: p[1]))
print(sorted(people, key=lambda p: p[1], reverse=True))
print(sorted([1.0, 1, True, 0, False, 0.0]))
print(sorted([1.0, 1, True, 0, False, 0.0], reverse=True))
print(sorted([0.0, -0.0, 0.0]), sorted([-0.0, 0.0]))
print(sorted("banana"), sorted(["b", "B", "a", "", "aa", "a\0", "ab"]))
print(sorted(["zebra", "été", "apple", "\U0001F600", "\uFFFF", "~"]))
print(sorted(["aaaaaaaab", "aaaaaaaaa", "aaaaaaaa"]))
print(sorted([(1, "b"), (1, "a"), (0, "z"), (1,), ()][:4]))
print(sorted([2**63, -2**63, 2**63 - 1, 0, -2**63 - 1]))
print(sorted([float("inf"), -1.5, float("-inf"), 0.0, 1e-300, -1e-300]))

a = [1, "a"]
err(a.sort)
print(len(a))
err([1].sort, 1)
err([1].sort, reverse="a")
err([3, 1].sort, key=5)
err([1].sort, nope=1)
b = [3, 1, 2]
b.sort(key=None, reverse=1)
print(b, b.sort())


def bad_key(x):
    if x == 3:
        raise KeyError("three")
    return x


c = [5, 3, 1]
err(c.sort, key=bad_key)
print(sorted(c))


# the list looks empty while it is sorted
seen = []
d = [3, 1, 2]
d.sort(key=lambda x: (seen.append(list(d)), x)[1])
print(seen, d)
d = [3, 1, 2]


def grow(x):
    d.append(x)
    return x


err(d.sort, key=grow)
print(d)


class Cmp:
    count = 0

    def __init__(self, v):
        self.v = v

    def __lt__(self, other):
        Cmp.count += 1
        return self.v < other.v

    def __repr__(self):
        return "Cmp(%r)" % self.v


e = [Cmp(x) for x in (5, 2, 8, 1)]
e.sort()
print(e)
Cmp.count = 0
f = [Cmp(x) for x in range(100)]
f.sort()
print(Cmp.count)
f.reverse()
Cmp.count = 0
f.sort()
print(Cmp.count, f[:3])
big = [Cmp(x) for x in Random(1).shuffled(1000)]
big.sort()
print([c.v for c in big] == list(range(1000)))


class Raiser:
    def __lt__(self, other):
        raise ValueError("no order")


g = [Raiser() for _ in range(5)]
ids = sorted(map(id, g))
err(g.sort)
print(sorted(map(id, g)) == ids)


class Rev:
    def __gt__(self, other):
        return False


err([Rev(), Rev()].sort)
err([object(), object()].sort)
