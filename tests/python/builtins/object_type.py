# SPDX-License-Identifier: MIT
# object type: ordinary and odd arguments.
# not in: hard    (lists a class that a collection takes)
import sys
def show(r):
    s = repr(r).split(' at 0x')[0]
    return s if len(s) < 300 else s[:140] + '...' + s[-140:]
def p(src):
    try: r = eval(src, G)
    except BaseException as e: print(src, '|', type(e).__name__ + ':', show(str(e))[1:-1])
    else: print(src, '=', show(r))
class Index:
    def __init__(self, v): self.v = v
    def __index__(self): return self.v
class Bad:
    def __getattr__(self, k): raise RuntimeError('getattr ' + k)
    def __iter__(self): raise RuntimeError('iter')
    def __eq__(self, o): raise RuntimeError('eq')
    def __lt__(self, o): raise RuntimeError('lt')
    def __hash__(self): raise RuntimeError('hash')
    def __bool__(self): raise RuntimeError('bool')
    def __repr__(self): return 'Bad()'
class Gen:
    def __init__(self, *items): self.items = items
    def __iter__(self): return iter(self.items)
class GetItem:
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i * 10
class IntSub(int): pass
class StrSub(str):
    def __repr__(self): return 'StrSub(%s)' % str.__repr__(self)
class ListSub(list): pass
bad = Bad()
G = globals()
for src in (
    'object()',
    'object(1)',
    'object.__new__(object)',
    'object.__new__(int)',
    'object.__new__(5)',
    'object.__new__()',
    'type(5)',
    'type(type)',
    'type()',
    'type(1, 2)',
    "type('C', (), {})",
    "type('C', (int,), {'x': 1}).x",
    "type('C', (int, str), {})",
    "type('C', 5, {})",
    "type('C', (), 5)",
    'type(5, (), {})',
    "type('C', (5,), {})",
    "type('C', (bool,), {})",
    "type('C', (), {}, x=1)",
    "type('a b', (), {}).__name__",
    "type('', (), {}).__name__",
    "type('C\\0', (), {})",
    "type('C', (), {'__slots__': ('a',)})().a",
    "type('C', (), {'__qualname__': 'Q.C'}).__qualname__",
    "type('C', (), {'__qualname__': 5})",
    "type('C', (), {'__module__': 'm'})",
    "type('C', (), {'__doc__': 'd'}).__doc__",
    'type.__name__',
    'type.__mro__',
    'type.__bases__',
    'object.__bases__',
    'object.__doc__',
    "int.__dict__['real'].__class__.__name__",
    'int.__mro__',
    'int.__base__',
    'int.__name__',
    'int.__qualname__',
    'int.__module__',
    'type.mro(int)',
    'int.__subclasses__()',
    "type.__call__(int, '5')",
    'int.__flags__ & 256',
    'type(int.__dict__).__name__',
    "int.__dict__.get('zz')",
    "int.__dict__['x'] ",
    "type('C', (), {}).__weakref__.__class__.__name__",
    "type('C', (), {})().__dict__",
    "type('C', (), {'a': 1})().__class__.a",
    'object().__class__',
    'object().__dict__',
    'object() == object()',
    'object.__eq__(1, 2)',
    'object.__ne__(1, 1)',
    'object.__reduce_ex__(object(), 2)[0].__name__',
    'object().__sizeof__() > 0',
    'object.__init_subclass__()',
    'object.__subclasshook__(1)',
    "object.__getattribute__(1, 'real')",
    "object.__setattr__(1, 'x', 2)",
    "object.__setattr__(int, 'x', 2)",
    "type.__setattr__(int, 'x', 2)",
    'object.__str__(1)',
    "object.__format__(1, 'x')",
    'type.__or__(int, str)',
    'int | None',
    'None | int',
    'int | 5',
    "int | 'a'",
    'type.__prepare__()',
    'type.__instancecheck__(int, 1)',
    'type.__subclasscheck__(int, bool)',
    'type.__dir__(int)[:0]',
):
    p(src)
