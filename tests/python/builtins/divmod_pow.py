# SPDX-License-Identifier: MIT
# divmod pow: ordinary and odd arguments.
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
    'divmod(7, 3)',
    'divmod(-7, 3)',
    'divmod(7, -3)',
    'divmod(7.5, 2)',
    'divmod(-7.5, 2)',
    'divmod(1, 0)',
    'divmod(1.0, 0)',
    'divmod(1, 0.0)',
    "divmod('a', 1)",
    'divmod(1)',
    'divmod(2**100, 3**20)',
    'divmod(True, True)',
    "divmod(float('inf'), 1)",
    "divmod(1, float('inf'))",
    "divmod(-1, float('inf'))",
    'divmod(0.0, -1)',
    'pow(2, 3)',
    'pow(2, -1)',
    'pow(2, 3, 5)',
    'pow(2, -1, 5)',
    'pow(2, -1, 4)',
    'pow(2, 3, 0)',
    'pow(2, 3, -5)',
    'pow(-2, 3, 5)',
    'pow(2.0, 3, 5)',
    'pow(2, 3.0, 5)',
    'pow(0, 0)',
    'pow(0, -1)',
    'pow(0.0, -1)',
    'pow(-8, 1/3)',
    'pow(2, 10000) > 0',
    "pow('a', 2)",
    "pow(2, 'a')",
    'pow(1)',
    'pow(base=2, exp=3)',
    'pow(2, 3, mod=7)',
    'pow(2, 3, None)',
    'pow(3, 200, 13)',
    'pow(3, 10**20, 7)',
    'pow(1j, 2)',
    'pow(1j, 2, 3)',
    'pow(2, 3, True)',
    'pow(10, 5, 10**30)',
    'pow(-1, 0.5)',
    'pow(1e200, 2)',
    'pow(2.0, 1024)',
    "pow(float('nan'), 0)",
    "pow(1, float('nan'))",
    "pow(float('inf'), -1)",
    'pow(-0.0, -1)',
    'pow(IntSub(2), 3).__class__',
    '2 ** 0.5',
    '(-2) ** 2.0',
    '0 ** 0.0',
    '10 ** -2',
    'pow(7, -3, 10**9 + 7)',
    'pow(5, 0, 1)',
):
    p(src)
