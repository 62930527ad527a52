# SPDX-License-Identifier: MIT
# vars dir: ordinary and odd arguments.
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
    'vars(5)',
    "vars()['__name__']",
    'vars(Gen(1))',
    "vars(Gen)['__module__']",
    'vars(1, 2)',
    "'append' in dir([])",
    'dir(5) == sorted(dir(5))',
    "dir(type('C', (), {'__dir__': lambda s: ['b', 'a']})())",
    "dir(type('C', (), {'__dir__': lambda s: 5})())",
    "dir(type('C', (), {'__dir__': None})())",
    'dir(1, 2)',
    "'__name__' in dir()",
    "'items' in dir(Gen(1))",
    "'__init__' in dir(Gen)",
    "[k for k in dir(object()) if not k.startswith('__')]",
    "[k for k in dir(int) if k[0] != '_']",
    "[k for k in dir(float) if k[0] != '_']",
    "[k for k in dir(complex) if k[0] != '_']",
    "[k for k in dir(str) if k[0] != '_']",
    "[k for k in dir(bytes) if k[0] != '_']",
    "[k for k in dir(bytearray) if k[0] != '_']",
    "[k for k in dir(memoryview) if k[0] != '_']",
    "[k for k in dir(list) if k[0] != '_']",
    "[k for k in dir(tuple) if k[0] != '_']",
    "[k for k in dir(dict) if k[0] != '_']",
    "[k for k in dir(set) if k[0] != '_']",
    "[k for k in dir(frozenset) if k[0] != '_']",
    "[k for k in dir(range) if k[0] != '_']",
    "[k for k in dir(slice) if k[0] != '_']",
    "[k for k in dir(property) if k[0] != '_']",
    "[k for k in dir(type) if k[0] != '_']",
    "[k for k in dir((x for x in ())) if k[0] != '_']",
    "[k for k in dir(BaseException) if k[0] != '_']",
    "[k for k in dir(OSError) if k[0] != '_']",
    "[k for k in dir(SyntaxError) if k[0] != '_']",
    "[k for k in dir(UnicodeDecodeError) if k[0] != '_']",
    "[k for k in dir(ImportError) if k[0] != '_']",
    "[k for k in dir(StopIteration) if k[0] != '_']",
    "[k for k in dir(ExceptionGroup) if k[0] != '_']",
    '[k for k in dir(lambda: 0)]',
    '[k for k in dir(int)]',
    '[k for k in dir(str)]',
    '[k for k in dir(list)]',
    '[k for k in dir(dict)]',
    '[k for k in dir(object)]',
    '[k for k in dir(type)]',
    '[k for k in dir(set)]',
    '[k for k in dir(float)]',
    '[k for k in dir(tuple)]',
    '[k for k in dir(bytes)]',
    '[k for k in dir(len)]',
    '[k for k in dir([].append)]',
    '[k for k in dir(str.join)]',
    '[k for k in dir(int.__add__)]',
    '[k for k in dir((1).__add__)]',
    '[k for k in dir(property())]',
    '[k for k in dir(staticmethod(len))]',
    '[k for k in dir(classmethod(len))]',
    '[k for k in dir(super(Gen, Gen(1)))][:3]',
    '[k for k in dir(range(1))]',
    '[k for k in dir(slice(1))]',
    '[k for k in dir(...)]',
    '[k for k in dir(NotImplemented)]',
    '[k for k in dir(iter([]))]',
    '[k for k in dir(zip())]',
    '[k for k in dir(map(len, []))]',
    '[k for k in dir(enumerate([]))]',
    '[k for k in dir({}.keys())]',
    "[k for k in dir(memoryview(b''))]",
    "[k for k in dir(list[int]) if '_' == k[0]][:20]",
):
    p(src)
