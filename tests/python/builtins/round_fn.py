# SPDX-License-Identifier: MIT
# round fn: ordinary and odd arguments.
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
    'round(1.5)',
    'round(2.5)',
    'round(-1.5)',
    'round(1.55, 1)',
    'round(2.675, 2)',
    'round(1234, -2)',
    'round(1250, -2)',
    'round(1350, -2)',
    'round(-1250, -2)',
    'round(5)',
    'round(5, 3)',
    'round(5, -1)',
    'round(15, -1)',
    'round(25, -1)',
    'round(5, -5)',
    'round(10**30, -29)',
    'round(True)',
    'round(True, -1)',
    "round('a')",
    'round(None)',
    'round(1.5, None)',
    'round(5, None)',
    "round(1.5, 'a')",
    'round(1.5, 1.0)',
    'round(1.5, Index(1))',
    'round(1j)',
    'round()',
    'round(1, 2, 3)',
    'round(number=1.5)',
    'round(1.5, ndigits=0)',
    "round(float('inf'))",
    "round(float('nan'))",
    "round(float('inf'), 2)",
    'round(1e308, -308)',
    'round(1.7e308, -308)',
    'round(0.1, 20)',
    'round(123.456, -1)',
    'round(123.456, -3)',
    'round(0.5, 0)',
    'round(-0.4)',
    'round(-0.4, 0)',
    'round(1e16)',
    'round(1e-320, 322)',
    'round(5.015, 2)',
    'round(2**70 + 0.5)',
    'round(0)',
    'round(12345678901234567890, -5)',
    'round(IntSub(15), -1)',
    'type(round(1.0))',
    'type(round(1.0, 0))',
    'round(1.5, 2**70)',
    'round(15, 2**70)',
    'round(99, -2)',
    'round(50, -2)',
    'round(150, -2)',
    'round(-50, -2)',
):
    p(src)
