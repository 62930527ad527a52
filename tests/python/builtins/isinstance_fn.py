# SPDX-License-Identifier: MIT
# isinstance fn: ordinary and odd arguments.
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
    'isinstance(1, int)',
    'isinstance(True, int)',
    'isinstance(1, (str, int))',
    'isinstance(1, (str, (int,)))',
    'isinstance(1, int | str)',
    'isinstance(1, 5)',
    'isinstance(1, (5, int))',
    'isinstance(1, (int, 5))',
    'isinstance(1, [int])',
    'isinstance(1, list[int])',
    'isinstance(None, None)',
    'isinstance(None, int | None)',
    'isinstance(1)',
    'isinstance(bad, int)',
    'isinstance(1, bad)',
    'isinstance(1, ())',
    'issubclass(bool, int)',
    'issubclass(int, (str, int))',
    'issubclass(1, int)',
    'issubclass(int, 1)',
    'issubclass(int, int | str)',
    'issubclass(list[int], list)',
    'issubclass(int, list[int])',
    'issubclass(type, object)',
    'issubclass(object, type)',
    'issubclass(bad, int)',
    'issubclass(int, ())',
    'issubclass(bool, (int | str, float))',
    'isinstance(int, type)',
    'isinstance(type, type)',
    'isinstance(object(), object)',
    'isinstance(1, object)',
    'isinstance(len, type(print))',
    "issubclass(type('M', (type,), {}), type)",
    'isinstance([], list)',
    'isinstance(ListSub(), list)',
    "isinstance(1, type('M', (type,), {'__instancecheck__': lambda c, o: 'yes'})('C', (), {}))",
    "issubclass(int, type('M', (type,), {'__subclasscheck__': lambda c, o: []})('C', (), {}))",
    "isinstance(1, type('M', (type,), {'__instancecheck__': lambda c, o: 1 / 0})('C', (), {}))",
    "isinstance(type('C', (), {'__class__': int})(), int)",
    "issubclass(type('C', (), {'__bases__': (int,)})(), int)",
):
    p(src)
