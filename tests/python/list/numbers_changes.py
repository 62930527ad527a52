# Long lists of numbers that change: widths at their limits, other types stored, changes during
# iteration, sorting and comparing; identity of what is cached.
import copy
import gc
import math
import sys

N = 2000
limits = [127, 128, -128, -129, 255, 256, 32767, 32768, -32768, -32769, 65535, 65536, 2**31 - 1, 2**31,
          -(2**31), -(2**31) - 1, 2**32, 2**63 - 1, -(2**63), 2**63, -(2**63) - 1, 2**64, 10**30]
for v in limits:
    for start in (list(range(N)), [k << 40 for k in range(N)]) if v > 300 else ([0] * N, [k * 40 for k in range(N)]):
        a, b, c, d, e, f = (start.copy() for _ in range(6))
        a.append(v)
        b[77] = v
        c.insert(55, v)
        d.extend([v, 1])
        e += range(v, v + 3)
        f[10:12] = [v] * 3
        good = (a == start + [v] and a[-1] == v and a[5] == start[5] and b[77] == v and b[76] == start[76]
                and b[78:] == start[78:] and c[55] == v and c[56:] == start[55:] and c[:55] == start[:55]
                and d == start + [v, 1] and e == start + [v, v + 1, v + 2]
                and f == start[:10] + [v, v, v] + start[12:])
        for l in (a, b, c, d, e, f):
            w = [x for x in l]
            good = good and w == l and (l is not a or sorted(l) == sorted(w, key=int)) and max(l) == max(tuple(l))
            good = good and sum(l) == sum(tuple(l)) and v in l and l.index(v) == tuple(l).index(v)
        if not good:
            print("wrong", v, start[:3])
        g = start[:1500]
        while g and len(g) < 1600:
            g.append(v)
        print(v, good, g.count(v) >= 100, type(g[-1]).__name__, end="; ")
    print()


class I(int):
    pass


class F(float):
    pass


for x in (True, None, I(5), F(2.5), 2.5, 5, math.nan, "s", 1j, [1]):
    for start in (list(range(N)), [k * 0.5 for k in range(N)]):
        a, b, c = start.copy(), start.copy(), start.copy()
        a.append(x)
        b[9] = x
        c[4:9] = [x]
        print(type(a[-1]).__name__, type(b[9]).__name__, type(c[4]).__name__, a[-1] is x or type(x) in (int, float),
              len(a), len(c), a[:-1] == start, b[10:] == start[10:], c[5:] == start[9:])

# Cached ints are the same objects in any list.
l = list(range(N))
print(all(l[k] is k for k in range(257)), l[200] is l[200], [0] * N == [False] * N)
z = [0] * N
print(all(id(x) == id(0) for x in z))

# Growing while it is iterated over.
l = []
for k in range(1000):
    l.append(k)
seen = 0
for x in l:
    seen += x
    if len(l) < 5000:
        l.append(len(l))
print(seen, len(l))
it = iter(l)
del l[10:]
print(len(list(it)), list(it))
l = list(range(3000))
out = []
for x in l:
    out.append(x)
    if x != "there" and x % 3 == 0 and len(l) > 10:
        l.pop()
    if x == 700:
        l[710] = "there"
    if x == "there":
        l[711] = 2.5
print(len(out), out[700:713], type(l[5]), len(l))
l = list(range(3000))
r = reversed(l)
print(next(r), next(r))
l[500] = None
print(sum(1 for _ in r))
it = iter(list(range(4000)))
for _ in range(1500):
    next(it)
print(it.__length_hint__(), next(copy.copy(it)), next(it))

# Growing while it is sorted or compared.
l = list(range(100, 0, -1))


def key(x):
    l.extend(range(20))
    return x


try:
    l.sort(key=key)
except ValueError as e:
    print(e, len(l), l[:3])


class Grows:
    def __init__(self, to):
        self.to = to

    def __eq__(self, other):
        self.to.clear()
        self.to.extend(range(5000))
        self.to.extend(range(5000))
        return False


for do in (lambda l: 3 in l, lambda l: l.count(3), lambda l: l == [1, 2, 3], lambda l: l.index(4999),
           lambda l: l.remove(5000 - 1), lambda l: [1, 2, 3] == l, lambda l: l < [1, 2, 3]):
    l = []
    l += [Grows(l), 2, 3]
    try:
        do(l)
        print("no error", len(l) >= 9999)
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e, len(l))


class Repr:
    def __init__(self, to):
        self.to = to

    def __repr__(self):
        self.to.clear()
        self.to.extend(range(1500))
        self.to.extend(range(1500))
        return "R"


l = []
l += [Repr(l)]
print(len(repr(l)), len(l))

# A list that changes to and fro.
l = list(range(N))
for k in range(300):
    l[k] = None
    l[k] = k
    l.append(2.5)
    l.pop()
print(l == list(range(N)))
l = [k * 1.5 for k in range(N)]
for k in range(2000):
    l.append(k)
    l.append(0.5)
    del l[-2:]
print(len(l), l[-1])

# What holds no references is not looked at by the collector.
l = list(range(N))
print(gc.get_referents(l)[:2] == [] or gc.get_referents(l)[:2] == [1999, 1998] or len(gc.get_referents(l)))
print(gc.is_tracked(l), sys.getsizeof(l) > N, sys.getsizeof([k * 0.5 for k in range(N)]) >= 8 * N)
