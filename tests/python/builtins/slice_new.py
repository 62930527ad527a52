# SPDX-License-Identifier: MIT
# slice new: ordinary and odd arguments.
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
    'slice(5)',
    'slice(1, 5)',
    'slice(1, 5, 2)',
    'slice()',
    'slice(1, 2, 3, 4)',
    "slice('a', 'b')",
    'slice(None)',
    'slice(1).start',
    'slice(1).stop',
    'slice(1, 2, 3).step',
    'slice(1) == slice(1)',
    'slice(1) == slice(None, 1, None)',
    'slice(1) < slice(2)',
    'slice(1, 2) < slice(1, 3)',
    "slice(1) < slice('a')",
    'hash(slice(1))',
    'slice(1, 10, 3).indices(5)',
    'slice(None, None, -1).indices(5)',
    'slice(-3, None).indices(5)',
    'slice(5).indices(-1)',
    "slice(5).indices('a')",
    "slice('a').indices(5)",
    'slice(1, 2, 0).indices(5)',
    'slice(2**70).indices(5)',
    'slice(None, None, 2**70).indices(5)',
    'slice(-2**70, 2**70).indices(2**80)',
    'slice(5).indices()',
    'slice(Index(1), Index(4)).indices(5)',
    'slice(bad, 2).indices(5)',
    'slice(start=1)',
    "repr(slice(1, 'a', None))",
    'slice(1).x',
    "type('S', (slice,), {})",
    "'abc'[slice(1)]",
    "'abc'[slice(None, None, -1)]",
    '[1, 2, 3][slice(1, None)]',
    '(1, 2)[slice(0)]',
    'slice(1.5).indices(3)',
    'slice(1).__reduce__()',
    'isinstance(slice(1), slice)',
    'slice(slice(1))',
    "[0, 1][slice('a')]",
):
    p(src)
