# SPDX-License-Identifier: MIT
# list new: ordinary and odd arguments.
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
    'list()',
    "list('ab')",
    'list((1, 2))',
    'list({1: 2})',
    'list(range(3))',
    'list(5)',
    'list(None)',
    "list('a', 'b')",
    "list(iterable='a')",
    'list(Gen(1, 2))',
    'list(bad)',
    'list(GetItem())',
    "list(zip('a', 'b'))",
    '[1] + [2]',
    '[1] + (2,)',
    '[1] * 3',
    '3 * [1]',
    '[1] * -1',
    '[1] * 1.0',
    "[1] * 'a'",
    '[1] * 2**70',
    '[[]] * 2',
    '[1, 2] == [1, 2.0]',
    '[1] < [2]',
    '[1] < 5',
    '[1, 2][0]',
    '[1, 2][-1]',
    '[1, 2][2]',
    "[1, 2]['a']",
    '[1, 2][1.0]',
    '[1, 2][None]',
    '[1, 2, 3][::2]',
    '[1, 2, 3][::-1]',
    '[1, 2, 3][5:]',
    '[1, 2, 3][-100:100]',
    '[1, 2, 3][::0]',
    '[1, 2, 3][Index(1)]',
    '[1, 2, 3][True]',
    '2 in [1, 2]',
    "'a' in [1]",
    '[3, 1, 2].sort()',
    'sorted([3, 1, 2])',
    "sorted('bca')",
    'sorted([3, 1], reverse=True)',
    "sorted(['b', 'A'], key=str.lower)",
    "sorted([1, 'a'])",
    'sorted(5)',
    'sorted([1], key=5)',
    'sorted([[2], [1, 5]])',
    'sorted({3: 1, 1: 2})',
    'sorted([1, 2], key=lambda x: -x)',
    "sorted([(1, 'b'), (1, 'a')])",
    'sorted([1.5, 1, True])',
    'sorted([None, None])',
    'sorted([bad, bad])',
    "sorted([], reverse='x')",
    '[].pop()',
    '[1].pop(5)',
    "[1].pop('a')",
    '[1].remove(2)',
    '[1].index(2)',
    '[1, 2].index(2, -1)',
    '[1].insert(1.0, 2)',
    '[1].extend(5)',
    '[1].append()',
    '[1].count()',
    '[1].copy()',
    '[1].clear()',
    '[3, 1, 2].reverse()',
    'list[int]',
    'list[int, str]',
    "[*range(3), *'ab']",
    '[x for x in range(3) if x]',
    'sum([[1], [2]], [])',
    'max([1, 3, 2])',
    'min([])',
    '[1, [2, [3]]][1][1][0]',
    'len([None] * 1000)',
    'hash([])',
    '[1].__class_getitem__(int)',
    'list.append([], 1, 2)',
    '[].__sizeof__() > 0',
):
    p(src)
