# SPDX-License-Identifier: MIT
# ascii repr: ordinary and odd arguments.
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
    "ascii('é€\\U0001f600')",
    "ascii('a\\n')",
    "ascii([1, 'é'])",
    "repr('é')",
    "repr('\\x00\\x1f\\x7f')",
    "repr(StrSub('a'))",
    'ascii(5)',
    'ascii()',
    'repr(1, 2)',
    'repr([...])',
    "repr({'a': {'b': ()}})",
    'repr((1,))',
    'repr(set())',
    'repr({1})',
    'repr(frozenset())',
    'repr(frozenset({1}))',
    'repr(ListSub([1]))',
    "repr(b'\\'')",
    "repr(bytearray(b'a'))",
    'repr(range(3))',
    'repr(slice(1))',
    'repr(1e100)',
    'repr(-0.0)',
    'repr(1j)',
    'repr(complex(-0.0, -0.0))',
    "repr(complex('inf'))",
    'repr(None)',
    'repr(NotImplemented)',
    'repr(type)',
    'repr(Index)',
    'repr(len)',
    'repr(print)',
    'repr(str.join)',
    'repr(int.real)',
    'repr(property())',
    "repr(memoryview(b''))",
    'repr(iter([]))',
    'repr({}.keys())',
    'repr({1: 2}.items())',
    'repr({1: 2}.values())',
    'repr(object())',
    'repr(zip())',
    'repr(super(Index, Index(1)))',
    'repr(type(None))',
    'repr(int | str)',
    'repr(list[int])',
    'repr(staticmethod(len))',
):
    p(src)
