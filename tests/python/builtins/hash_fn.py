# SPDX-License-Identifier: MIT
# hash fn: ordinary and odd arguments.
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
    'hash(1) == hash(1.0) == hash(1 + 0j) == hash(True)',
    'hash(-1)',
    'hash(-2)',
    'hash(2**61 - 1)',
    'hash(2**61)',
    'hash(-2**61)',
    'hash(2**64)',
    'hash(0.5)',
    'hash(1.5)',
    'hash(-0.0)',
    "hash(float('inf'))",
    "hash(float('-inf'))",
    'hash(1e308)',
    'hash(5e-324)',
    'hash(0.1)',
    'hash(3.7e19)',
    'hash(10**20)',
    'hash(-10**20)',
    'hash(1j)',
    'hash(1 + 2j)',
    'hash(-1j)',
    'hash(())',
    'hash((1, 2))',
    'hash((1, (2, 3)))',
    'hash((-1, 0))',
    'hash(frozenset())',
    'hash(frozenset({1, 2, 3}))',
    'hash(range(3))',
    'hash(range(1, 10, 3))',
    'hash(range(0, 4, 2)) == hash(range(0, 3, 2))',
    'hash([])',
    'hash({})',
    'hash(set())',
    'hash(bytearray())',
    'hash(slice(1))',
    'hash(([],))',
    'hash(bad)',
    "hash('') == 0",
    "hash(b'') == hash('')",
    "hash('a') == hash('a')",
    "hash('abc') == hash(b'abc')",
    "hash(StrSub('a')) == hash('a')",
    'hash(IntSub(5))',
    'hash()',
    'hash(1, 2)',
    'hash(Index(1)) != 0',
    'hash(None) == hash(None)',
    "hash(type('E', (), {'__eq__': lambda s, o: 1})())",
    "hash(type('E', (), {'__hash__': lambda s: 2**70})())",
    "hash(type('E', (), {'__hash__': lambda s: 'x'})())",
    "hash(type('E', (), {'__hash__': None})())",
    'hash(10**400)',
    'hash(-10**400)',
    'hash((1.0, 2)) == hash((1, 2.0))',
    'hash((0.0,)) == hash((False,))',
):
    p(src)
