# SPDX-License-Identifier: MIT
# Classes, super, match, async, and error texts of calls and operators.
class Meta(type):
    def __new__(m, n, b, ns, **k):
        print('meta', n, k, sorted(x for x in ns if not x.startswith('__')))
        return super().__new__(m, n, b, ns)
    def __init__(c, n, b, ns, **k): super().__init__(n, b, ns)
class A(metaclass=Meta, kw=1):
    """doc A"""
    x = 1
    y: int = 2
    z: str
    def m(self): return 'A.m'
    def __repr__(self): return 'A()'
    __priv = 5
    def getp(self): return self.__priv
    class In:
        def q(self): return __class__.__qualname__
class B(A):
    def m(self): return 'B' + super().m()
    @classmethod
    def cm(cls): return cls.__name__, super().__repr__
    @property
    def prop(self): return super().x
    @staticmethod
    def st(a): return a
    def cl(self): return [super(B, self).m() for _ in range(2)]
    def c2(self):
        def inner(): return self.m()
        return inner(), super().m()
b = B()
print(b.m(), b.prop, B.st(3), b.cl(), b.c2(), B.cm()[0], b.getp(), A._A__priv)
print(A.__doc__, A.__annotations__, A.In().q(), A.__module__, B.__qualname__, B.__mro__)
def mk():
    v = 10
    class L:
        u = v
        w = u + 1
        def g(self): return v
        lst = [i for i in range(3)]
        print([k for k in locals() if not k.startswith('__')])
    return L
L = mk(); print(L.u, L.w, L().g(), L.__qualname__)
class S:
    __slots__ = ('a', 'b')
    def __init__(s, a): s.a = a
s = S(1); print(s.a)
try: s.c = 1
except AttributeError as e: print(e)
@lambda c: (print('deco', c.__name__), c)[1]
class D(list): 
    def __init__(self, *a): super().__init__(*a); self.k = 1
    def append(self, x): super().append(x * 2)
d = D([1]); d.append(2); print(d, d.k, len(d))
class P:
    def __init_subclass__(cls, **k): print('sub', cls.__name__, k)
class Q(P, a=1): pass
class It:
    def __init__(s): s.n = 0
    def __iter__(s): return s
    def __next__(s):
        s.n += 1
        if s.n > 3: raise StopIteration
        return s.n
print(list(It()), [*It()], sum(It()), max(It()))
for i in It(): print(i, end=' ')
print()
class Op:
    def __init__(s, v): s.v = v
    def __add__(s, o): return Op(s.v + (o.v if isinstance(o, Op) else o))
    def __radd__(s, o): return Op(o + s.v)
    def __iadd__(s, o): s.v += 100; return s
    def __eq__(s, o): return s.v == o.v
    def __lt__(s, o): return s.v < o.v
    def __getitem__(s, k): return k
    def __setitem__(s, k, v): print('set', k, v)
    def __delitem__(s, k): print('del', k)
    def __contains__(s, k): return k == 1
    def __call__(s, *a, **k): return a, k
    def __bool__(s): return s.v > 0
    def __len__(s): return 3
    def __neg__(s): return 'neg'
    def __getattr__(s, n): return 'attr ' + n
    def __hash__(s): return 1
o = Op(1)
print((o + 2).v, (3 + o).v, o[1:2, ...], 1 in o, 2 not in o, o(1, a=2), -o, o.foo, o == Op(1), o != Op(1), Op(1) < Op(2))
o[3] = 4; del o[5]; o += 1; print(o.v, 'y' if Op(0) else 'n', 'y' if Op(1) and not Op(0) else 'n')
def matcher(x):
    match x:
        case 0: return 'zero'
        case 1 | 2: return 'one-two'
        case -5: return 'neg'
        case 'a' | 'b' as s: return s * 2
        case None: return 'none'
        case True: return 'true'
        case [a]: return 'one', a
        case [a, 5, *rest] if rest: return 'five', a, rest
        case [_, _, *_, z] if z == 9: return 'last', z
        case (a, b): return 'pair', a, b
        case {'k': v, **r}: return 'map', v, r
        case {'t': [p, q]}: return 'mapl', p, q
        case Pt(x=0, y=yy): return 'pt0', yy
        case Pt(a, b): return 'pt', a, b
        case int(n) if n > 100: return 'big', n
        case str(): return 'str'
        case float() | complex(): return 'num'
        case _: return 'other'
class Pt:
    __match_args__ = ('x', 'y')
    def __init__(s, x, y): s.x, s.y = x, y
for v in (0, 1, 2, -5, 'a', 'b', None, True, [1], [1, 5, 3], [1, 2, 3, 9], (1, 2), {'k': 1, 'z': 2}, {'t': [3, 4]}, Pt(0, 1), Pt(2, 3), 500, 50, 'zz', 1.5, 2j, object, [], {}):
    print(matcher(v))
def m2(c):
    match c:
        case [['x', a] | ['y', a, _], {'n': (1 | 2) as n}]: return a, n
        case [Pt(x=[p, *_]), *_]: return p
        case [first, *_, last]: return first, last
        case _: return None
print(m2([['x', 3], {'n': 2}]), m2([['y', 4, 5], {'n': 1}]), m2([Pt([7, 8], 0), 1]), m2('ab'), m2([1, 2, 3]), m2([['x', 3], {'n': 3}]))
import sys
async def co(x): return x + 1
class AIt:
    def __init__(s, n): s.n = n
    def __aiter__(s): return s
    async def __anext__(s):
        s.n -= 1
        if s.n < 0: raise StopAsyncIteration
        return s.n
class ACM:
    async def __aenter__(s): print('ae'); return 1
    async def __aexit__(s, *a): print('ax', a[0]); return True
async def agen(n):
    for i in range(n): yield i
async def main():
    r = await co(1)
    async for i in AIt(3): r += i
    else: print('aelse')
    async with ACM() as a: raise ValueError
    x = [i async for i in AIt(3)]
    y = [await co(i) for i in range(3)]
    z = {i: 1 async for i in agen(3) if i}
    w = [j async for j in (k * 2 async for k in agen(3))]
    async for i in AIt(9):
        if i == 7: continue
        if i == 5: break
    return r, a, x, y, z, w, i
def run(c):
    try:
        while True: c.send(None)
    except StopIteration as e: return e.value
print(run(main()))
def kwo(**k): return list(k)
print(kwo(b=1, a=2), kwo(**{'z': 1}, y=2))
for bad in ('f(*5)', 'f(**5)', 'f(a=1, **{"a": 2})', 'f(1, *[2], 3, x=4)', 'len()', 'len(1, 2)', 'print(*a, *5)', '{**5}', '[*5]', 'a, b = 1,', 'a, *b, c = 1,', 'a, b = 1, 2, 3', 'None + 1', 'None.x', '[][0]', '{}["k"]', '1 < "a"', 'a = 1; del a; a', 'for i in 5: pass', 'with 5: pass', 'raise 5', 'import nope_x', 'from sys import nope_y', 'x: 5 = 3; print(__annotations__)'):
    def f(x): pass
    try: exec(bad, {'f': f, 'a': [1]})
    except Exception as e: print(type(e).__name__, e)
