# SPDX-License-Identifier: MIT
# iter next: ordinary and odd arguments.
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
    "list(iter('ab'))",
    'iter(5)',
    'iter()',
    'iter(5, 6)',
    'list(iter([1, 2, 3].pop, 1))',
    'iter(len, 1, 2)',
    'next(iter([]))',
    "next(iter([]), 'd')",
    'next([])',
    'next()',
    "next(iter('a'), 1, 2)",
    'list(iter(GetItem()))',
    'iter(bad)',
    'iter(Gen)',
    'iter(Gen(1)).__class__.__name__',
    'iter(int)',
    'list(iter({1: 2}))',
    'iter(iter([])) is not None',
    'list(iter(lambda: 0, 0))',
    'next(iter(lambda: 1 / 0, 0))',
    "iter(type('C', (), {'__iter__': lambda s: 5})())",
    "iter(type('C', (), {'__iter__': None})())",
    "iter(type('C', (), {'__iter__': 5})())",
    'iter([1, 2]).__length_hint__()',
    "iter('ab').__reduce__()[1]",
    'iter([]).__reduce__()[0].__name__',
    'iter(range(3)).__setstate__(1)',
    'next(reversed([1, 2]))',
    'iter(object)',
    "list(zip(iter('abc'), iter('de')))",
    "type(iter(b'a')).__name__",
    'type(iter(())).__name__',
    'type(iter(set())).__name__',
    'type(iter({}.items())).__name__',
    'type(iter(range(1))).__name__',
    'type(iter(range(10**30))).__name__',
    "type(iter('é')).__name__",
    'type(iter(bytearray())).__name__',
    "type(iter(memoryview(b''))).__name__",
    'type(iter(len, 1)).__name__',
    'type(iter(GetItem())).__name__',
):
    p(src)
