# SPDX-License-Identifier: MIT
# complex new: ordinary and odd arguments.
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
    'complex()',
    'complex(1)',
    'complex(1, 2)',
    "complex('1+2j')",
    "complex(' ( 1+2j ) ')",
    "complex('(1+2j)')",
    "complex('1')",
    "complex('j')",
    "complex('-j')",
    "complex('1+')",
    "complex('1+2')",
    "complex('')",
    "complex('1 + 2j')",
    "complex('nan+nanj')",
    "complex('inf-infj')",
    'complex(1j, 2j)',
    "complex('1', 2)",
    "complex(1, '2')",
    'complex(real=1, imag=2)',
    'complex(imag=3)',
    'complex(foo=1)',
    'complex(None)',
    'complex(1.5, None)',
    'complex(True, False)',
    'complex(-0.0, -0.0)',
    'complex(10**400)',
    'complex(1, 2, 3)',
    "complex(b'1')",
    "complex('1_0+1j')",
    "complex('1__0')",
    "complex('1e5j')",
    "complex('+1-.5J')",
    'complex(Index(3))',
    'complex([1])',
    "complex('1j1')",
    "complex('١')",
    "complex('\\x001')",
    '(1+2j).real',
    '(1+2j).imag',
    '(1+2j).conjugate()',
    'abs(3+4j)',
    '(1+2j) == (1+2j)',
    '(1+2j) ** 2',
    '(1+2j) ** 0.5',
    '0j ** 0',
    '0j ** -1',
    '0j ** 1j',
    '1j / 0',
    '1j // 1',
    '1j % 1',
    'divmod(1j, 1)',
    '1j < 2',
    'hash(1+0j) == hash(1)',
    '(2+0j) == 2',
    '1j * 1j',
    'complex(1e308, 1e308) * 10',
    '-(1+2j)',
    '+(1-0j)',
    '(1+2j).__getnewargs__()',
    'int(1j)',
    'float(1j)',
    'round(1j)',
    "format(1+2j, '.2f')",
    "format(1+2j, '>20')",
    "format(1+2j, 'd')",
    "f'{1.5+2.25j:e}'",
    'str(1e16+1e-7j)',
):
    p(src)
