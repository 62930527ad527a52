# SPDX-License-Identifier: MIT
# tuple new: ordinary and odd arguments.
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
    'tuple()',
    "tuple('ab')",
    'tuple([1, 2])',
    'tuple(5)',
    'tuple(None)',
    "tuple('a', 'b')",
    "tuple(iterable='a')",
    'tuple(Gen(1, 2))',
    'tuple((1,)) is not None',
    '()',
    '(1,)',
    '1,',
    '(1, 2) + (3,)',
    '(1,) + [2]',
    '(1,) * 3',
    '(1,) * -1',
    '(1,) * 1.0',
    '2 * (1,)',
    '(1, 2)[0]',
    '(1, 2)[5]',
    "(1, 2)['a']",
    '(1, 2)[::-1]',
    '(1, 2) == (1, 2.0)',
    '(1,) < (2,)',
    '(1,) < [2]',
    '1 in (1,)',
    '(1, 2).index(2)',
    '(1, 2).index(5)',
    '(1, 1).count(1)',
    '(1, 2).index(1, 1)',
    'hash((1, 2)) == hash((1, 2))',
    'hash(([],))',
    'len((1, 2))',
    'tuple.__new__(tuple, [1])',
    'tuple.__new__(list)',
    'sorted((3, 1))',
    'max((1, 5))',
    'tuple[int, ...]',
    'tuple[()]',
    'tuple(range(3))',
    '(*[1, 2], 3)',
    'repr((1,))',
    'repr(((),))',
    '(1, 2).__add__([1])',
    'tuple({1: 2}.items())',
    '(1, 2) > (1,)',
    '() < (0,)',
    'sum((1, 2))',
    "type('T', (tuple,), {})((1, 2))",
    "type('T', (tuple,), {'x': 1})().x",
    '(1, 2).append',
    '(1, 2).__getnewargs__()',
    '(1, (2, 3))[1][0]',
    'bool(())',
    'all(())',
    '(0,) * 10',
):
    p(src)
