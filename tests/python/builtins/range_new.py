# SPDX-License-Identifier: MIT
# range new: ordinary and odd arguments.
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
    'range(5)',
    'range(1, 5)',
    'range(1, 10, 3)',
    'range(10, 0, -3)',
    'range()',
    'range(1, 2, 3, 4)',
    'range(1.0)',
    "range('a')",
    'range(None)',
    'range(1, 2, 0)',
    'range(Index(3))',
    'range(True)',
    'range(stop=5)',
    'range(2**70)',
    'list(range(2**70, 2**70 + 2))',
    'range(5)[2]',
    'range(5)[-1]',
    'range(5)[5]',
    'range(5)[1:3]',
    'range(5)[::-1]',
    'range(10)[::2][1:]',
    "range(5)['a']",
    'range(5)[1.0]',
    'len(range(5))',
    'len(range(0, 2**70))',
    '3 in range(5)',
    '3.0 in range(5)',
    '3.5 in range(5)',
    "'a' in range(5)",
    '5 in range(5)',
    '-1 in range(5)',
    '4 in range(0, 10, 2)',
    '5 in range(0, 10, 2)',
    '7 in range(10, 0, -3)',
    'True in range(2)',
    '2**70 in range(2**71)',
    'range(5).index(3)',
    'range(5).index(9)',
    "range(5).index('a')",
    'range(5).count(3)',
    'range(5).count(3.0)',
    'range(5).count(9)',
    'range(5) == range(0, 5)',
    'range(0) == range(3, 1)',
    'range(5) == [0, 1, 2, 3, 4]',
    'range(0, 3, 2) == range(0, 4, 2)',
    'range(5) < range(6)',
    'range(5) + range(2)',
    'range(5) * 2',
    'bool(range(0))',
    'bool(range(1))',
    'list(reversed(range(5)))',
    'range(5).start',
    'range(5).stop',
    'range(5).step',
    'max(range(5))',
    'sum(range(101))',
    'range(5).__class__',
    'hash(range(5)) == hash(range(5))',
    'repr(range(1, 2))',
    'repr(range(1, 2, 3))',
    'iter(range(5)).__length_hint__()',
    'range(-5, 5)[3]',
    'list(range(5, 0, -2))',
    'list(range(0, -5))',
    'range(10**30)[10**29]',
    'range(3).x',
    "type('R', (range,), {})",
    'range(0, 10, 3)[-1]',
    'list(range(3))[::-1]',
    "range(1, 0) or 'empty'",
    'sorted(range(5, 0, -1))',
    'tuple(range(0, 1, -1))',
    'range(5)[Index(2)]',
    'range(5)[::Index(2)]',
):
    p(src)
