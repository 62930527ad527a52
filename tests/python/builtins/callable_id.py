# SPDX-License-Identifier: MIT
# callable id: ordinary and odd arguments.
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
    'callable(len)',
    'callable(5)',
    'callable(int)',
    'callable(lambda: 0)',
    'callable(Index)',
    'callable(Index(1))',
    'callable()',
    'callable(bad)',
    'id(None) == id(None)',
    'id(5) == id(5)',
    'id()',
    'id(1, 2)',
    "isinstance(id('a'), int)",
    'callable([].append)',
    'callable(property())',
    'callable(staticmethod(len))',
    'callable(classmethod(len))',
    "callable(type('C', (), {'__call__': None})())",
    "callable(type('C', (), {'__call__': 5})())",
):
    p(src)
