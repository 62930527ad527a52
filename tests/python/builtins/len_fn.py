# SPDX-License-Identifier: MIT
# len fn: ordinary and odd arguments.
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
    "len('')",
    "len('é€')",
    'len([1])',
    'len({})',
    'len({1})',
    'len(range(5))',
    'len(range(10**20))',
    'len(5)',
    'len(None)',
    'len(iter([]))',
    'len(bad)',
    'len()',
    'len([], [])',
    "len(b'ab')",
    "len(memoryview(b'abc'))",
    "len(type('C', (), {'__len__': lambda s: -1})())",
    "len(type('C', (), {'__len__': lambda s: 'a'})())",
    "len(type('C', (), {'__len__': lambda s: 2**70})())",
    "len(type('C', (), {'__len__': lambda s: 1.0})())",
    "len(type('C', (), {'__len__': None})())",
    "len(type('C', (), {'__len__': lambda s: Index(3)})())",
    "len(type('C', (), {'__len__': lambda s: True})())",
    'len(Gen)',
    'len(object())',
    'len((x for x in ()))',
    "len(frozenset('aab'))",
):
    p(src)
