# SPDX-License-Identifier: MIT
# sum fn: ordinary and odd arguments.
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
    'sum([1, 2])',
    'sum([])',
    'sum([], 5)',
    'sum([1.5, 2])',
    'sum([0.1] * 10)',
    "sum('ab')",
    "sum(['a'], 'b')",
    "sum([b'a'], b'')",
    'sum([bytearray()], bytearray())',
    'sum([[1], [2]], [])',
    "sum([1, 'a'])",
    'sum(5)',
    'sum()',
    'sum([1], start=5)',
    'sum([1], 2, 3)',
    'sum([True, True])',
    'sum([2**62, 2**62])',
    'sum([2**70, 1])',
    'sum([1, 2.5, 3j])',
    'sum(Gen(1, 2))',
    'sum(range(1000))',
    'sum([None])',
    'sum([1], None)',
    'sum(((1,), (2,)), ())',
    'sum([1e308, 1e308])',
    "sum([float('inf'), float('-inf')])",
    "sum({1: 'a', 2: 'b'})",
    'sum([IntSub(1), IntSub(2)]).__class__',
    'sum(x * x for x in range(4))',
    "sum([], 'a')",
    'sum([[]])',
    'sum([1 << 40] * 10)',
    'sum([-1, 1.0, 2**64])',
    'sum([], start=[])',
):
    p(src)
