# SPDX-License-Identifier: MIT
# set new: ordinary and odd arguments.
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
    'set()',
    "set('a')",
    'set([1, 1, 2])',
    'set(5)',
    'set(None)',
    'set([[]])',
    'set([bad])',
    "set('a', 'b')",
    "set(iterable='a')",
    'set({1: 2})',
    'frozenset()',
    'frozenset([1])',
    'frozenset(5)',
    'frozenset(frozenset([1]))',
    'frozenset(iterable=1)',
    '{1} | {2}',
    '{1} & {1, 2}',
    '{1, 2} - {1}',
    '{1, 2} ^ {2, 3}',
    '{1} | [2]',
    '{1} | 5',
    '{1} == frozenset([1])',
    '{1} < {1, 2}',
    '{1} <= {1}',
    '{1} > [1]',
    '{1} == [1]',
    '{1, True, 1.0}',
    '{[]}',
    '{*[1, 2], *{3}}',
    '1 in {1}',
    '[] in {1}',
    '{1} in {frozenset({1})}',
    '{1}.add([])',
    '{1}.remove(2)',
    '{1}.remove([])',
    '{1}.discard([])',
    'set().pop()',
    '{1}.union([2], (3,))',
    '{1}.union(5)',
    '{1}.intersection()',
    '{1, 2}.difference([1], [2])',
    '{1}.symmetric_difference([1, 2])',
    '{1}.symmetric_difference([1], [2])',
    '{1}.issubset([1, 2])',
    '{1}.issuperset([1])',
    '{1}.isdisjoint([2])',
    '{1}.isdisjoint(5)',
    "{1}.update([2], 'a'[:0])",
    '{1}.copy()',
    'frozenset([1]).copy()',
    'hash(frozenset([1])) == hash(frozenset([1]))',
    'hash({1})',
    'frozenset([1]) | {2}',
    '{2} | frozenset([1])',
    'type(frozenset([1]) | {2}).__name__',
    'len({1, 2})',
    'sorted({3, 1, 2})',
    'max({1, 5})',
    'sum({1, 2})',
    'bool(set())',
    'repr({1})',
    'repr(frozenset({1}))',
    "repr(type('S', (set,), {})([1]))",
    'set(range(3)) == {0, 1, 2}',
    '{i % 2 for i in range(5)}',
    'set.__contains__({1}, {1})',
    '{frozenset({1})} & {frozenset({1})}',
    '{1}.__and__([1])',
    '{1}.__iand__([1])',
    'set.fromkeys',
    'frozenset({1}).add',
    '{1} < 5',
    '{1} - 5',
    '{1}.__sub__({1})',
    'set().__class_getitem__(int)',
    'set[int]',
    'list({0: 1}.keys() | {0})',
    "frozenset('a') in {frozenset('a'): 1}",
):
    p(src)
