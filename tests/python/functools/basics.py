import functools, copy
from functools import *
def err(f, *a, **k):
    try: print('no error', f(*a, **k))
    except Exception as e: print(type(e).__name__, e)
def f(*a, **k): return a, k
p = partial(f, 1, x=2); print(p(), p(3, y=4), p(x=9), p(0, x=7, z=1), p.func is f, p.args, p.keywords)
q = partial(p, 5, y=6); print(q(), q.func is f, q.args, q.keywords); p.attr = 1; print(p.__dict__, partial(p, 7).func is p)
print(repr(partial(int, '7', base=8)), partial(int, base=2)('101')); err(partial); err(partial, 3); err(partial(f).__setstate__, 3); err(lambda: setattr(p, 'func', 1))
n = copy.copy(q); print(n(1)); print(q.__reduce__()[1:] == ((f,), (f, (1, 5), {'x': 2, 'y': 6}, None)))
class S(partial): pass
print(repr(S(int))[:9], S(int)('3'))
r = partial(print); r.__setstate__((r, (), {}, {})); print(repr(r)); r.__setstate__((print, (), {}, None))
class M:
    def m(self, *a, **k): return a, k
    pm = partialmethod(m, 1, z=2)
print(M().pm(3, w=4))
print(reduce(lambda a, b: a * b, [1, 2, 3, 4]), reduce(max, [], 5), reduce(lambda a, b: a + b, 'abc', '>')); err(reduce, max, []); err(reduce, max, 3); err(reduce, max)
k = cmp_to_key(lambda a, b: (a > b) - (a < b)); print(sorted([3, 1, 2], key=k), k(1) < k(2), k(1) == k(1), k(3).obj, type(k).__name__, sorted('bca', key=cmp_to_key(mycmp=lambda a, b: ord(b) - ord(a)))); err(hash, k(1)); err(lambda: k(1) < 3); err(k); err(cmp_to_key)
calls = []
@lru_cache(maxsize=3)
def g(x, *a, **k): calls.append(x); return x * 2
for x in [1, 2, 3, 1, 4, 1, 2, 5]: g(x)
print(calls, g.cache_info(), g.cache_parameters(), g.__name__, g.__wrapped__.__name__); g.cache_clear(); print(g.cache_info())
@lru_cache(None)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(80), fib.cache_info())
@lru_cache(maxsize=0)
def z(x): return x
z(1); z(1); print(z.cache_info())
@lru_cache(typed=True)
def t(x, y=0): return type(x).__name__
print(t(1), t(1.0), t(True), t(1, y=2), t(1, y=2.0), t.cache_info())
@lru_cache
def u(x, y=0): return (x, y)
u(1); u(1.0); u(1, y=0); u(1, 0); u('a'); print(u.cache_info()); err(u, [])
class C:
    @lru_cache(maxsize=2)
    def m(self, x): return x + 1
    @cached_property
    def cp(self): print('computed'); return 7
    @cache
    def s(self): return id(self) == id(self)
c = C(); print(c.m(1), c.m(1), C.m.cache_info(), c.cp, c.cp, c.s()); print(copy.copy(u) is u, copy.deepcopy(u) is u, u.__reduce__())
err(lru_cache, 'x'); err(functools._lru_cache_wrapper, 3, 1, False, None)
@lru_cache(maxsize=2)
def rec(n): return 0 if n <= 0 else 1 + rec(n - 1)
print(rec(30), rec.cache_info())
class K:
    def __init__(s, v): s.v = v
    def __hash__(s): return s.v
    def __eq__(s, o): return s.v == o.v
@lru_cache(maxsize=2)
def kk(x): return x.v
print([kk(K(i % 3)) for i in range(7)], kk.cache_info())
@total_ordering
class T:
    def __init__(s, v): s.v = v
    def __eq__(s, o): return s.v == o.v
    def __lt__(s, o): return s.v < o.v
print(T(1) <= T(2), T(1) >= T(2), T(2) > T(1))
@wraps(f)
def w(): "doc"
print(w.__name__, w.__wrapped__ is f)
