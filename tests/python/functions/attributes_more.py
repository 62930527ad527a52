# SPDX-License-Identifier: MIT
# Function objects: every attribute, assignment, replacement of code and defaults, closures.
import types
def t(f):
    try: print(str(f()).split(' at 0x')[0])
    except Exception as e: print(type(e).__name__, str(e).split(' at 0x')[0])
def ex(src, **ns):
    try: exec(src, {'types': types, **ns}); print('ok', src)
    except Exception as e: print(src, '|', type(e).__name__, e)
def f(a, b=2, /, c=3, *args, d, e=5, **kw) -> int:
    'doc'
    x = 1
    return (a, b, c, args, d, e, kw)
print(f.__name__, f.__qualname__, f.__module__, f.__doc__, f.__defaults__, f.__kwdefaults__, f.__annotations__, f.__closure__, f.__dict__, f.__globals__ is globals(), f.__builtins__ is __builtins__.__dict__)
c = f.__code__
print(c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_nlocals, c.co_varnames, c.co_names, c.co_cellvars, c.co_freevars, c.co_name, c.co_qualname, c.co_flags & 0xf, c.co_consts[0])
for s in ('f.__name__ = 1', 'f.__name__ = "g"', 'f.__qualname__ = None', 'f.__doc__ = 5', 'f.__defaults__ = [1]', 'f.__defaults__ = None', 'f.__defaults__ = (7, 8, 9)', 'f.__kwdefaults__ = (1,)', 'f.__kwdefaults__ = {"d": 1}', 'f.__annotations__ = []', 'f.__annotations__ = None', 'f.__code__ = 5', 'f.__code__ = (lambda: 0).__code__', 'f.__closure__ = ()', 'f.__globals__ = {}', 'f.__dict__ = 5', 'f.__dict__ = {"z": 1}', 'del f.__name__', 'del f.__defaults__', 'del f.__kwdefaults__', 'del f.__dict__', 'del f.__doc__', 'del f.__code__', 'del f.__module__', 'f.__module__ = 5', 'f.__class__ = int', 'f.__builtins__ = {}', 'f.__type_params__ = ()'): ex(s, f=f)
def g(x, y=1): return x, y
g.__defaults__ = (5, 6); t(lambda: g()); g.__defaults__ = None; t(lambda: g(1)); g.__kwdefaults__ = {'y': 9}; t(lambda: g(1))
def h(*, k=1): return k
h.__kwdefaults__ = {'k': 7, 'zz': 8}; t(lambda: h()); h.__kwdefaults__.pop('k'); t(lambda: h())
def a1(x): return x + 1
def a2(x, y=10): return x * y
a1.__code__ = a2.__code__; t(lambda: a1(3)); t(lambda: a1(3, 4)); a1.__defaults__ = (2,); t(lambda: a1(3))
def outer():
    v = 1
    def inner(): return v
    def setv(n): nonlocal v; v = n
    return inner, setv
i, st = outer(); st(5); print(i(), i.__closure__[0].cell_contents, i.__code__.co_freevars)
i.__closure__[0].cell_contents = 9; print(i()); del i.__closure__[0].cell_contents
t(lambda: i()); t(lambda: i.__closure__[0].cell_contents)
ex('i.__code__ = (lambda: 0).__code__', i=i)
F = types.FunctionType
t(lambda: F(c, {}).__name__); t(lambda: F(c, {}, 'nn').__name__); t(lambda: F((lambda q: q).__code__, {}, 'x', (4,))()); t(lambda: F(i.__code__, {})); t(lambda: F(i.__code__, {}, None, None, (types.CellType(3),))()); t(lambda: F(i.__code__, {}, None, None, (3,))); t(lambda: F(5, {})); t(lambda: F(c, 5)); t(lambda: F(c, {}, 5)); t(lambda: F(c, {}, 'n', [1])); t(lambda: F(c, {}, 'n', None, ())); t(lambda: F()); t(lambda: F(c, {}, closure=(1,)))
cell = types.CellType(1); print(cell.cell_contents, cell == types.CellType(1), cell < types.CellType(2), types.CellType() == types.CellType()); t(lambda: types.CellType().cell_contents); t(lambda: types.CellType(1, 2)); t(lambda: hash(cell)); t(lambda: cell < 5)
M = types.MethodType
m = M(f, 5); print(m.__name__, m.__doc__, m.__func__ is f, m.__self__, m.__module__, m == M(f, 5), m == M(f, 6), hash(m) == hash(M(f, 5)))
t(lambda: m.x); ex('m.x = 1', m=m); f.attr = 'via func'; t(lambda: m.attr); t(lambda: M(f)); t(lambda: M(5, 6)); t(lambda: M(f, 1, 2))
lam = lambda: 0; print(lam.__name__, lam.__qualname__, (lambda: (lambda: 0))().__qualname__, outer()[0].__qualname__)
class C:
    def m(self): return [lambda: 0][0]
    n = lambda self: 0
print(C.m.__qualname__, C().m().__qualname__, C.n.__qualname__, C().m.__qualname__)
print(len.__name__, len.__qualname__, len.__module__, len.__self__.__name__, len.__text_signature__, [].append.__qualname__, [].append.__module__, str.join.__text_signature__, int.__text_signature__, dict.fromkeys.__qualname__, dict.fromkeys.__self__)
ex('len.x = 1', len=len); ex('len.__name__ = "q"', len=len)
def gd(): yield
async def co(): pass
async def ag(): yield
print([fn.__code__.co_flags & 0x2e0 for fn in (f, gd, co, ag)], gd.__code__.co_firstlineno - f.__code__.co_firstlineno > 0)
print(f.__code__ == f.__code__.replace(), f.__code__.replace(co_name='n').co_name, f.__call__(1, d=2), f.__get__(5).__self__)
def kwnames(self, cls, func=1, /, **kwargs): return kwargs
print(kwnames(1, 2, 3, self=4, cls=5, func=6))
t(lambda: kwnames(1, cls=2))
