# SPDX-License-Identifier: MIT
# bool new: ordinary and odd arguments.
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
    'bool()',
    'bool(0)',
    'bool(0.0)',
    "bool('')",
    "bool('0')",
    'bool([0])',
    'bool(None)',
    'bool(bad)',
    'bool(1, 2)',
    'bool(x=1)',
    'True + True',
    'True & 1',
    'True & False',
    'True | 2',
    'True ^ True',
    '~True',
    '-True',
    "True * 'ab'",
    "'abc'[True]",
    'True == 1',
    'hash(True)',
    'int(True)',
    'str(True)',
    'repr(False)',
    'True.real',
    'True.numerator',
    'bool.__base__',
    'bool.__mro__',
    'type(True & True)',
    'type(True + 0)',
    "type('B', (bool,), {})",
    "bool.from_bytes(b'\\0', 'big')",
    'True.bit_length()',
    "True.to_bytes(1, 'big')",
    "f'{True}'",
    "f'{True:d}'",
    "f'{True:5}'",
    "f'{True!s:>6}'",
    "'%d' % True",
    "'%s' % True",
    "format(True, '')",
    "format(True, 'x')",
    'sum([True, True])',
    '[False, True][True]',
    'True < 2',
    'True is not False',
    'divmod(True, 2)',
    'True ** 2',
    'True // True',
    'True / 2',
    'True << 3',
    'round(True)',
    'complex(True)',
    'float(False)',
    "bool(float('nan'))",
    'bool(range(0))',
    "bool(b'')",
    'bool(type)',
):
    p(src)
