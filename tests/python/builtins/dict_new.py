# SPDX-License-Identifier: MIT
# dict new: ordinary and odd arguments.
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
    'dict()',
    'dict({})',
    'dict(a=1)',
    "dict({'a': 1}, b=2)",
    "dict([('a', 1)])",
    "dict([['a', 1], 'bc'])",
    'dict([1])',
    'dict([(1,)])',
    'dict([(1, 2, 3)])',
    'dict(5)',
    'dict(None)',
    'dict([[[], 1]])',
    "dict(a=1, **{'b': 2})",
    'dict(1, 2)',
    "dict(Gen(('k', 'v')))",
    "dict(zip('ab', [1, 2]))",
    'dict(self=1, other=2)',
    "dict({'a': 1}, a=2)",
    "dict.fromkeys('ab')",
    'dict.fromkeys([1, 2], 0)',
    'dict.fromkeys({1: 2}, 5)',
    'dict.fromkeys({3}, 5)',
    'dict.fromkeys(5)',
    'dict.fromkeys()',
    'dict.fromkeys([[]])',
    "type('D', (dict,), {}).fromkeys('a').__class__.__name__",
    'dict(bad)',
    "dict(enumerate('ab'))",
    "{'a': 1} | {'b': 2}",
    "{'a': 1} | [('b', 2)]",
    '{} | None',
    "{'a': 1} == {'a': 1.0}",
    "{'a': 1} < {}",
    "{1: 'a', True: 'b', 1.0: 'c'}",
    "{**{'a': 1}, 'a': 2}",
    '{**None}',
    'len({1: 2})',
    'list({3: 1, 1: 2, 2: 3})',
    'list(reversed({1: 1, 2: 2}))',
    '{1: 2}.keys() & {1}',
    '{1: 2}.keys() | [5]',
    '{1: 2}.items() - {(1, 2)}',
    '{1: 2}.keys() ^ {1, 2}',
    '{1: 2}.keys() == {1}',
    '{1: 2}.keys() <= {1, 3}',
    '{1: 2}.values() == {1: 2}.values()',
    '{1: []}.items() & {1}',
    '{1: 2}.keys().isdisjoint([2])',
    '{1: 2}.keys().mapping',
    '{1: 2}.items().__contains__((1, 2))',
    '(1, 3) in {1: 2}.items()',
    '5 in {1: 2}.items()',
    'hash({}.keys())',
    '{}.keys() + []',
    '{1: 2}.keys() & 5',
    'str({1: {}}.values())',
    "sorted({'b': 1, 'a': 2})",
    'max({1: 9, 5: 0})',
    'dict.__or__({}, 5)',
    'dict.__init__({}, 5)',
    '{}.__class__',
    'dict[str, int]',
    '{i: i for i in range(3)}',
):
    p(src)
