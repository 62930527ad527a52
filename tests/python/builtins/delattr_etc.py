# SPDX-License-Identifier: MIT
# delattr etc: ordinary and odd arguments.
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
    "setattr(Gen(1), 'x', 5)",
    "getattr(Gen(1), 'items')",
    "getattr(Gen(1), 'nope', 'dflt')",
    "getattr(Gen(1), 'nope')",
    "getattr(bad, 'x', 1)",
    "hasattr(bad, 'x')",
    "hasattr(Gen(1), 'items')",
    "hasattr(1, 'real')",
    'hasattr(1, 5)',
    "getattr(1, 'real')",
    'getattr(1, 5)',
    "getattr(1, 'x', 2, 3)",
    'getattr()',
    "setattr(1, 'x', 2)",
    "setattr(int, 'x', 2)",
    'setattr(Gen, 5, 2)',
    "delattr(Gen, 'nope')",
    "delattr(1, 'real')",
    "delattr(Gen(1), 'items')",
    "getattr(Gen, StrSub('__iter__')).__name__",
    "setattr(Gen, StrSub('zz'), 3)",
    'Gen.zz',
    "vars(Gen)['zz'].__class__",
    "delattr(Gen, 'zz')",
    "getattr(None, '__class__')",
    "getattr(len, '__self__').__name__",
    "getattr('a', '\\ud800')",
    "getattr('a', '')",
):
    p(src)
