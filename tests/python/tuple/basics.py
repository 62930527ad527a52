# tuple: construction, indexing, slices, methods, comparison, hash, repr, error texts, subclasses.
def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


print(tuple(), tuple("abc"), tuple([1, 2]), (1,), (1, 2), ((),), tuple({1: 2}))
err(lambda: tuple(1, 2))
err(lambda: tuple(x=1))
err(tuple, 5)
t = (1, 2, 3)
print(tuple(t) is t, t[:] is t, t * 1 is t, () is (), tuple([]) is (), t + () is t, () + t is t)
print(t[0], t[-1], t[True], len(t), 2 in t, 9 in t, bool(()))
for bad in (3, -4, "x", 1.0, None, 10**30):
    err(lambda: t[bad])
print(t[1:], t[::-1], t[::2], t[5:], t[-2:], t[1:1], t[2:0:-1])
err(lambda: t[::0])
err(lambda: t["a":])
print(t + (4,), t * 2, 2 * t, t * 0, t * -1)
err(lambda: t + [4])
err(lambda: t + 4)
err(lambda: t * "a")
err(lambda: t * (2**62))
err(lambda: t * 10**30)
print(t.index(2), t.index(3, -1), t.count(1), (1, 1.0, True).count(1))
err(t.index, 9)
err(t.index, 1, 1)
err(t.index, 1, "a")
err(t.__getitem__, "a")
try:
    t[0] = 1
except TypeError as e:
    print(e)
try:
    del t[0]
except TypeError as e:
    print(e)
print((1, 2) == (1, 2), (1, 2) < (1, 3), (1,) < (1, 0), (2,) > (1, 5), () <= (), (1,) >= (2,), (1, 2) != (1,))
print((1,) == [1])
err(lambda: (1,) < [1])
err(lambda: (1,) < ("a",))
nan = float("nan")
print((nan,) == (nan,), (float("nan"),) == (float("nan"),))
print(hash(()), hash((1,)), hash((1, 2, 3)), hash((1, (2, 3))), hash((0.5, -1, None is None)))
err(hash, ([],))
a = []
r = (1, a)
a.append(r)
print(r, a)
print(repr(("a'b",)), str((1, "x")))


class T(tuple):
    pass


s = T([1, 2])
s.attr = 7
print(s, s.attr, type(s), type(s[:]), type(s + (1,)), type(s * 1), T(), s == (1, 2), hash(s) == hash((1, 2)))
print(tuple(s) is s, type(tuple(s)), {(1, 2): "x"}[s], len(T("abcdef")))


class P(tuple):
    def __new__(cls, x, y, scale=1):
        self = super().__new__(cls, (x * scale, y * scale))
        self.scale = scale
        return self

    @property
    def x(self):
        return self[0]

    def __repr__(self):
        return "P" + super().__repr__()


p = P(1, 2, scale=3)
print(p, p.x, p.scale, p.__dict__, p + (1,))
for n in (0, 1, 7, 8, 30, 100):
    big = T(range(n))
    big.tag = n
    print(len(big), big.tag, sum(big))


class KW(tuple):
    def __new__(cls, it):
        return super().__new__(cls, it)

    def __init__(self, it, flag=0):
        self.flag = flag


err(lambda: KW([1], flag=2))
print((1, 2).__getnewargs__(), s.__getnewargs__(), type(s.__getnewargs__()[0]))
it = iter((1, 2, 3))
print(it.__length_hint__(), next(it), list(it), list(it))
print(list(reversed((1, 2, 3))), sorted((3, 1, 2)), max((1, 5, 2)))
x, *y, z = (1, 2, 3, 4)
print(x, y, z)
print(tuple[int, ...], tuple[int, str], (1, 2).__contains__(1))
print(((1, 2), (3,)) == ((1, 2), (3,)), ((1, 2), (3,)) < ((1, 2), (4,)))


class NeverEqual:
    def __eq__(self, other):
        return False


ne = NeverEqual()
print(ne in (ne,), (ne,) == (ne,), (ne,).index(ne), NeverEqual() in (ne,))
deep = ()
for _ in range(200000):
    deep = (deep,)
del deep
print("deep ok")
