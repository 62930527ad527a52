# SPDX-License-Identifier: MIT
# max min: ordinary and odd arguments.
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
    'max(1, 2)',
    'max([1, 2])',
    'max([])',
    'max([], default=5)',
    'max(1)',
    'max()',
    'max(1, 2, key=lambda x: -x)',
    "max('abc')",
    "max('ab', 'b', key=len)",
    "max([1, 'a'])",
    'max(1, 2, default=3)',
    'max([1], key=5)',
    'max([1], foo=2)',
    'max(5, 5.0)',
    'max(5.0, 5)',
    'min(5, 5.0)',
    'min(1, 2)',
    'min([])',
    'min([], default=None)',
    "min('b', 'a')",
    'min([3, 1, 2], key=lambda x: x % 3)',
    'min(bad, bad)',
    'max({1: 2, 3: 0})',
    'max({1, 5, 3})',
    'max(Gen(1, 9, 4))',
    'min([[2], [1, 9]])',
    "max(float('nan'), 1)",
    "max(1, float('nan'))",
    'max(None, None)',
    'max([None])',
    'max(True, 2)',
    'max(*[1, 5], 3)',
    'max([1, 2], [3])',
    'max((1, 2), key=None)',
    'min(key=1)',
    'max(default=1)',
    'max(range(10**6))',
):
    p(src)
