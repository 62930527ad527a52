# SPDX-License-Identifier: MIT
# Deep recursion gives RecursionError, never a crash.
# timeout: 60
import sys
def t(name, f):
    try: r = f(); print(name, 'ok', type(r).__name__)
    except (RecursionError, MemoryError, OverflowError, ValueError, SyntaxError) as e: print(name, type(e).__name__)
def f(n): return f(n + 1)
t('python', lambda: f(0))
def nest(make, n):
    x = make(None)
    for _ in range(n): x = make(x)
    return x
N = 100000
for name, make in (('list', lambda x: [x]), ('tuple', lambda x: (x,)), ('dict', lambda x: {1: x})):
    x = nest(make, N); y = nest(make, N)
    t('repr ' + name, lambda: repr(x)); t('str ' + name, lambda: str(x)); t('eq ' + name, lambda: x == y)
    if name != 'dict': t('lt ' + name, lambda: x < y)
    if name == 'tuple':
        t('isinstance', lambda: isinstance(1, x))
        t('issubclass', lambda: issubclass(int, x))
        # A release build needs little of the C stack for each level.
        deep = nest(make, 20 * N)
        t('hash tuple', lambda: hash(deep))
        del deep
    del x, y
class A: pass
a = A(); b = a
for _ in range(N): b.n = A(); b = b.n
del a, b
print('chain dropped')
class R:
    def __repr__(self): return repr(self)
    def __str__(self): return str(self)
    def __eq__(self, o): return self == o
    def __lt__(self, o): return self < o
    def __add__(self, o): return self + o
    def __hash__(self): return hash(self)
    def __len__(self): return len(self)
    def __bool__(self): return bool(self)
    def __getattr__(self, k): return getattr(self, k + 'x')
    def __getitem__(self, k): return self[k]
    def __call__(self): return self()
    def __iter__(self): return iter(self)
    def __contains__(self, x): return x in self
    def __format__(self, s): return format(self, s)
    def __int__(self): return int(self)
    def __float__(self): return float(self)
    def __index__(self): return [1, 2][self]
    def __bytes__(self): return bytes(self)
    def __neg__(self): return -self
    def __enter__(self):
        with self: pass
    def __exit__(self, *a): pass
r = R()
for name, g in (('repr', lambda: repr(r)), ('str', lambda: str(r)), ('eq', lambda: r == 1), ('lt', lambda: r < 1), ('add', lambda: r + 1), ('hash', lambda: hash(r)), ('len', lambda: len(r)), ('bool', lambda: bool(r)), ('getattr', lambda: r.q), ('getitem', lambda: r[1]), ('call', lambda: r()), ('iter', lambda: iter(r)), ('contains', lambda: 1 in r), ('format', lambda: format(r, 'x')), ('int', lambda: int(r)), ('float', lambda: float(r)), ('index', lambda: [1, 2][r]), ('bytes', lambda: bytes(r)), ('neg', lambda: -r), ('enter', lambda: r.__enter__())): t(name, g)
def gen(n): yield from gen(n + 1)
t('yield from', lambda: next(gen(0)))
def g2(n):
    for x in g2(n + 1): yield x
t('for gen', lambda: next(g2(0)))
it = iter([])
for _ in range(N): it = map(str, it)
t('nested map', lambda: list(it)); del it
e = ValueError()
for _ in range(N):
    n = ValueError(); n.__cause__ = e; e = n
del e, n
print('cause chain dropped')
class M(type):
    def __instancecheck__(c, o): return isinstance(o, c)
class MC(metaclass=M): pass
t('instancecheck', lambda: isinstance(1, MC))
class P:
    @property
    def p(self): return self.p
t('property', lambda: P().p)
t('sort key', lambda: sorted([1, 2], key=lambda x: f(0)))
sys.setrecursionlimit(200)
def depth(n):
    try: return depth(n + 1)
    except RecursionError: return n
print(100 < depth(0) <= 200)
for bad in (0, -1, 'a', 1.5, 2**40):
    try: sys.setrecursionlimit(bad)
    except (ValueError, TypeError, OverflowError) as e: print(type(e).__name__, e)
def low():
    try: sys.setrecursionlimit(1)
    except RecursionError as e: print(str(e)[:40])
low(); print(sys.getrecursionlimit())
# (CPython 3.11 overflows its C stack in some of these.)
# expect: python RecursionError
# expect: repr list RecursionError
# expect: str list RecursionError
# expect: eq list RecursionError
# expect: lt list RecursionError
# expect: repr tuple RecursionError
# expect: str tuple RecursionError
# expect: eq tuple RecursionError
# expect: lt tuple RecursionError
# expect: isinstance RecursionError
# expect: issubclass RecursionError
# expect: hash tuple RecursionError
# expect: repr dict RecursionError
# expect: str dict RecursionError
# expect: eq dict RecursionError
# expect: chain dropped
# expect: repr RecursionError
# expect: str RecursionError
# expect: eq RecursionError
# expect: lt RecursionError
# expect: add RecursionError
# expect: hash RecursionError
# expect: len RecursionError
# expect: bool RecursionError
# expect: getattr RecursionError
# expect: getitem RecursionError
# expect: call RecursionError
# expect: iter RecursionError
# expect: contains RecursionError
# expect: format RecursionError
# expect: int RecursionError
# expect: float RecursionError
# expect: index RecursionError
# expect: bytes RecursionError
# expect: neg RecursionError
# expect: enter RecursionError
# expect: yield from RecursionError
# expect: for gen RecursionError
# expect: nested map RecursionError
# expect: cause chain dropped
# expect: instancecheck RecursionError
# expect: property RecursionError
# expect: sort key RecursionError
# expect: True
# expect: ValueError recursion limit must be greater or equal than 1
# expect: ValueError recursion limit must be greater or equal than 1
# expect: TypeError 'str' object cannot be interpreted as an integer
# expect: TypeError 'float' object cannot be interpreted as an integer
# expect: OverflowError Python int too large to convert to C int
# expect: cannot set the recursion limit to 1 at t
# expect: 200
