# SPDX-License-Identifier: MIT
# enumerate zip: ordinary and odd arguments.
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
    "list(enumerate('ab'))",
    "list(enumerate('ab', 5))",
    "list(enumerate('ab', start=-1))",
    'enumerate(5)',
    "enumerate('a', 'b')",
    'enumerate()',
    "enumerate('a', 1, 2)",
    "list(enumerate(iterable='ab'))",
    "list(enumerate('ab', 2**63 - 1))",
    "list(enumerate('ab', 2**70))",
    "list(enumerate('a', Index(3)))",
    "list(enumerate('a', 1.0))",
    "enumerate('a', foo=1)",
    'list(zip())',
    "list(zip('ab'))",
    "list(zip('ab', [1, 2, 3]))",
    "list(zip('ab', 5))",
    'zip(5)',
    "list(zip('ab', 'c', strict=True))",
    "list(zip('a', 'bc', strict=True))",
    "list(zip('a', 'b', 'cd', strict=True))",
    "list(zip('ab', 'cd', 'e', strict=True))",
    'list(zip(strict=True))',
    "zip('a', foo=1)",
    "list(zip(*[iter('abcdef')] * 2))",
    'list(zip(*[(1, 2), (3, 4)]))',
    'next(zip())',
    'list(zip(Gen(1, 2), GetItem()))',
    "list(zip('ab', bad))",
    "zip('ab').__reduce__()[0]",
    "enumerate('ab').__reduce__()[1][1]",
    'list(map(str, [1, 2]))',
    'list(map(lambda a, b: a + b, [1, 2], [3]))',
    'map(str)',
    'map()',
    'list(map(None, [1]))',
    "list(map(int, 'a'))",
    'list(map(str, 5))',
    'map(key=1)',
    "list(map(lambda *a: a, 'ab', 'cd', 'ef'))",
    "list(filter(None, [0, 1, '']))",
    'list(filter(lambda x: x > 1, [1, 2]))',
    'filter(None)',
    'list(filter(5, [1]))',
    'filter(None, 5)',
    'list(filter(bool, [bad]))',
    "list(filter(str.isdigit, 'a1b2'))",
    'filter(None, [], 1)',
    'list(filter(None, Gen(1, 0, 2)))',
    'type(iter(zip())).__name__',
    'list(reversed([1, 2]))',
    "list(reversed('ab'))",
    'reversed(5)',
    'reversed({1})',
    'list(reversed(GetItem()))',
    'list(reversed(range(3)))',
    "list(reversed({'a': 1}.items()))",
    'reversed()',
    'reversed([], 1)',
    'list(reversed((1, 2)))',
    "list(reversed(b'ab'))",
    'reversed(iter([]))',
    'reversed(zip())',
):
    p(src)
