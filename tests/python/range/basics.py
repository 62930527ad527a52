# range: construction, indexing, slicing, membership, comparison, hash, iteration; ints of any size.
def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


print(range(3), range(1, 5), range(0, 10, 3), range(5, 0, -2), range(True), range(-3))
err(range)
err(range, 1, 2, 3, 4)
err(lambda: range(x=1))
err(range, "a")
err(range, 1.5)
err(range, 1, 2, 0)
err(range, None)
for r in (range(0), range(5), range(2, 10, 3), range(10, 2, -3), range(3, 3), range(5, 0), range(-5, 5, 4)):
    print(r, list(r), len(r), bool(r), list(reversed(r)), r.start, r.stop, r.step)
r = range(10, 30, 3)
print(r[0], r[-1], r[2], r[True])
for bad in (7, -8, "a", 1.0, None, 10**30, -(10**30)):
    err(lambda: r[bad])
print(r[1:3], r[::-1], r[::2], r[-2:], r[5:1], r[5:1:-2], r[:], r[10**20:], r[:-(10**20)], range(0)[::-1])
err(lambda: r[::0])
err(lambda: r["a":])
print(13 in r, 14 in r, 30 in r, 28 in r, 13.0 in r, "x" in r, True in range(2), -1 in range(3), 3 in range(10, 0, -7))
print(r.index(13), r.count(13), r.count(14), r.index(16.0), r.count(16.0), r.count("a"))
err(r.index, 14)
err(r.index, "a")
err(r.index, 14.5)
print(range(3) == range(0, 3, 1), range(0) == range(5, 5), range(0, 3, 2) == range(0, 4, 2), range(1) == range(0, 1, 99), range(3) == [0, 1, 2], range(3) != range(4))
err(lambda: range(3) < range(4))
print(hash(range(3)) == hash(range(0, 3, 1)), hash(range(0)) == hash(range(9, 9)), hash(range(0, 3, 2)) == hash(range(0, 4, 2)), hash(range(3)) == hash((3, 0, 1)), {range(2): 1}[range(0, 2)])
try:
    r.start = 5
except AttributeError as e:
    print(e)
err(type, "R", (range,), {})
print(r.__reduce__(), len(r), r.__len__())

# large
b = range(10**20, 10**20 + 10, 3)
print(b, list(b), len(b), b[1], b[-1], b[::-1], list(reversed(b)), 10**20 + 3 in b, 10**20 + 4 in b, b.index(10**20 + 6), b.count(10**20))
h = range(10**30)
print(h[10**29], h[-1], h[5:10], 10**29 in h, 10**30 in h, -1 in h, h.index(10**28))
err(len, h)
err(lambda: h[10**30])
print(bool(h), range(0, -(10**30), -(10**29))[3], list(range(2**63 - 2, 2**63 + 2)), list(range(-(2**63) - 1, -(2**63) + 2)))
print(list(range(2**63 - 3, 2**63 - 1)), list(range(-(2**63), -(2**63) + 2)), list(range(2**63 - 1, 2**63 - 4, -1)))
print(list(range(0, 2**63 - 1, 2**62)), list(range(-(2**63), 2**63 - 1, 2**62)), list(range(2**63 - 1, -(2**63), -(2**62))))
w = range(-(2**63), 2**63 - 1)
err(len, w)
print(w[0], w[-1], w[2**63], w[::-1][0], 2**63 - 2 in w, 2**63 - 1 in w, w.index(0), bool(w))
print(range(0, 2**63 - 1, 2**63 - 1), list(range(0, 10, 2**70)), list(range(0, -10, -(2**70))))

# iterators
it = iter(range(5))
print(type(it), it.__length_hint__(), next(it), it.__length_hint__(), list(it), list(it), it.__length_hint__())
li = iter(range(10**20, 10**20 + 3))
print(type(li), li.__length_hint__(), next(li), next(li), list(li), list(li), li.__length_hint__())
print(type(reversed(range(3))), type(reversed(range(10**20))), next(reversed(range(10**20))))
it = iter(range(10))
it.__setstate__(4)
print(next(it))
it.__setstate__(0)
it2 = iter(range(10))
it2.__setstate__(-5)
print(next(it2))
it3 = iter(range(10))
it3.__setstate__(50)
print(list(it3))
li = iter(range(10**20, 10**20 + 5))
li.__setstate__(3)
print(list(li))
print(iter(range(5)).__reduce__()[1:], iter(range(0, 10, 3)).__reduce__()[1], iter(range(10**20)).__reduce__()[1:])
err(lambda: type(it)())
total = 0
for i in range(100000):
    total += i
print(total, sum(range(0, 1000, 7)), [x for x in range(3) for y in range(2)])


class Idx:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        return self.n


print(range(Idx(2), Idx(8), Idx(2)), range(10)[Idx(3)], range(10)[Idx(2):Idx(5)])


class I(int):
    def __eq__(self, other):
        return other == 3

    __hash__ = int.__hash__


print(I(100) in range(5), range(5).index(I(100)), range(5).count(I(100)))
match range(3):
    case [0, *rest]:
        print("sequence", rest)
