# SPDX-License-Identifier: MIT
# float new: ordinary and odd arguments.
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
    'float()',
    'float(1)',
    "float('1.5')",
    "float(' 1.5\\n')",
    "float('1_000.5')",
    "float('_1')",
    "float('1_')",
    "float('1._5')",
    "float('1e5')",
    "float('1e')",
    "float('e5')",
    "float('.5')",
    "float('5.')",
    "float('.')",
    "float('')",
    "float('inf')",
    "float('-Infinity')",
    "float('+nan')",
    "float('nan()')",
    "float('0x10')",
    "float('1e400')",
    "float('-1e400')",
    "float('1e-400')",
    "float('١.٥')",
    "float('1.5a')",
    "float('1 5')",
    "float(b'1.5')",
    "float(b'x')",
    "float(bytearray(b'2'))",
    "float(memoryview(b'3'))",
    'float(None)',
    'float([])',
    'float(10**400)',
    'float(2**53 + 1)',
    'float(True)',
    'float(1j)',
    'float(x=1)',
    'float(1, 2)',
    'float(Index(3))',
    "float('\\x00')",
    "float('1\\x00')",
    "float('é')",
    "float('0' * 400 + '1')",
    "float('1' + '0' * 308)",
    "float('9' * 400)",
    "float('1e-324')",
    "float('4.9e-324')",
    "float('2.2250738585072011e-308')",
    "float('1.7976931348623159e308')",
    "float('0.1') == 0.1",
    "float(StrSub('2.5'))",
    "float.fromhex('0x1p-1074')",
    "float.fromhex('0x1p1024')",
    '(0.1).hex()',
    '(1.5).is_integer()',
    '(2.0).is_integer()',
    '(0.1).as_integer_ratio()',
    "float('inf').as_integer_ratio()",
    "float('nan').as_integer_ratio()",
    '(1.5).real',
    '(1.5).imag',
    '(1.5).conjugate()',
    'int(1.9)',
    'int(-1.9)',
    "int(float('inf'))",
    "int(float('nan'))",
    'int(1e30)',
    "hash(float('inf'))",
    'hash(1.5) == hash(3/2)',
    'hash(2.0**70) == hash(2**70)',
    '1.5 // 0.5',
    '1.5 % -1',
    '-1.5 % 1',
    '1.0 / 0',
    '1.0 // 0',
    '1.0 % 0',
    '0.1 + 0.2',
    '1e16 + 1',
    '1.5 == 1.5 + 0j',
    "float('nan') == float('nan')",
    "1.5 < 'a'",
    "1.5 + 'a'",
    '-0.0 == 0.0',
    'str(-0.0)',
    'repr(1e15)',
    'repr(1e16)',
    'repr(123456789.123456789)',
    'repr(5e-5)',
    'repr(0.00012)',
    'str(1e22)',
    'str(1/3)',
    "float.__getformat__('double')",
    '1.0.__round__()',
    '1.5.__trunc__()',
    '1.5.__floor__()',
    '1.5.__ceil__()',
    '1e300 * 1e10',
    '2.0 ** 0.5',
    '(-8.0) ** (1/3)',
    '4.0 ** -0.5',
    "max(1.0, float('nan'))",
    'sorted([2.5, -1, 0.5])',
    '1_000.5',
    'round(2.5)',
    'round(-2.5)',
    'round(1.005, 2)',
    'round(1e300, -299)',
    "round(float('inf'))",
    "round(float('nan'), 2)",
    'round(1.5, 400)',
    'round(15.5, -1)',
    'round(0.5)',
    'round(5e-324, 320)',
):
    p(src)
