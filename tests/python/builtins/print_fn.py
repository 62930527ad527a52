# SPDX-License-Identifier: MIT
# print fn: ordinary and odd arguments.
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
    'print()',
    'print(1, 2)',
    "print(1, 2, sep='-')",
    "print(1, end='')",
    'print(1, sep=None, end=None)',
    'print(1, sep=5)',
    'print(1, end=5)',
    'print(1, foo=2)',
    'print(1, file=5)',
    'print(1, file=None)',
    "print(*[1, 2, 3], sep='\\n')",
    "print('a', flush=True)",
    "print('é', sep='')",
    "print([1, 'a'], (1,), {1: 2})",
    "print(StrSub('x'))",
    'print(None, True, ...)',
    "print(b'a', 1.0, 1j)",
    "print(1, sep=StrSub('|'))",
    "print(end='end\\n')",
    "print('a', 'b', sep='')",
    'print(1, flush=bad)',
    'print(bad)',
    "print(1, file=type('F', (), {'write': lambda s, x: sys.stdout.write('<' + x + '>')})())",
    "print(1, 2, file=type('F', (), {'write': lambda s, x: 1 / 0})())",
    "print(1, flush=True, file=type('F', (), {'write': lambda s, x: 0})())",
):
    p(src)
