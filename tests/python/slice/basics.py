# slice: attributes, indices, comparison, hash, repr, error texts.
def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


print(slice(1), slice(1, 2), slice(1, 2, 3), slice("a", [], None))
s = slice(1, 2, 3)
print(s.start, s.stop, s.step, slice(5).start, slice(5).stop, slice(5).step)
err(slice)
err(slice, 1, 2, 3, 4)
err(lambda: slice(x=1))
for sl, n in (
    (slice(None), 10), (slice(3), 10), (slice(-3, None), 10), (slice(None, None, -1), 10), (slice(100, -100, -3), 10),
    (slice(-100, 100, 7), 10), (slice(5, 5), 10), (slice(0, 10), 0), (slice(None, None, -2), 0), (slice(None), 10**30),
    (slice(-1, None, -1), 10**30), (slice(10**40, None, -(10**20)), 10**30), (slice(True, None, True), 3),
    (slice(-(10**40), 10**40, 10**41), 5), (slice(None, -1), 1), (slice(2**63, None), 2**64),
):
    i = sl.indices(n)
    print(sl, n, i, list(range(*i)) if n < 100 else "")
err(s.indices, "a")
err(s.indices, -1)
err(s.indices)
err(s.indices, 1.5)
err(slice(1, 2, 0).indices, 3)
err(slice("a").indices, 3)
err(slice(1.5, 2).indices, 3)
err(slice(1, 2, "z").indices, 3)


class Idx:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        return self.n

    def __repr__(self):
        return "Idx(%d)" % self.n


print(slice(Idx(1), Idx(-1), Idx(2)).indices(Idx(10)), slice(Idx(1), None))
print(list(range(10))[Idx(1):Idx(8):Idx(3)], "abcdef"[Idx(1):], (1, 2, 3)[: Idx(-1)])


class BadIdx:
    def __index__(self):
        raise ZeroDivisionError("in index")


class WrongIdx:
    def __index__(self):
        return "one"


err(slice(BadIdx()).indices, 5)
err(lambda: [1][BadIdx():])
err(lambda: [1][WrongIdx():])
err(lambda: [1][WrongIdx()])
print(slice(1, 2) == slice(1, 2), slice(1, 2) == slice(1, 2, None), slice(1, 2) != slice(1, 3), slice(1, 2) < slice(1, 3))
print(slice(1) > slice(0), slice(1, 2) == (1, 2, None), s == s, s <= s, s < s)
err(lambda: slice(1) < slice("a"))
err(lambda: slice(1) < 5)
err(hash, s)
err(lambda: {s: 1})
try:
    s.start = 9
except AttributeError as e:
    print(e)
err(type, "X", (slice,), {})
print(s.__reduce__(), slice(None, [1]).__reduce__())


class Echo:
    def __getitem__(self, key):
        return key


e = Echo()
print(e[1:2], e[:], e[1:2, ::3], e[...], e[::-1], e[(1, 2)], e[1:2:3].step)
print(isinstance(e[1:2], slice), type(e[:]))
n = [1, 2, 3]
a = slice(n)
n.append(a)
print(len(repr(a)) > 5)
