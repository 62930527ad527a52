# SPDX-License-Identifier: MIT
# int new: ordinary and odd arguments.
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
    'int()',
    'int(5)',
    "int('5')",
    "int(' 5 ')",
    "int('-5')",
    "int('+5')",
    "int('- 5')",
    "int('5_0')",
    "int('_5')",
    "int('5_')",
    "int('5__0')",
    "int('')",
    "int(' ')",
    "int('abc')",
    "int('1.5')",
    "int('1e5')",
    "int('0x10')",
    "int('0x10', 16)",
    "int('0x10', 0)",
    "int('0b101', 0)",
    "int('0o17', 0)",
    "int('017', 0)",
    "int('0', 0)",
    "int('-0x1f', 0)",
    "int('z', 36)",
    "int('Z', 36)",
    "int('z', 35)",
    "int('5', 1)",
    "int('5', 37)",
    "int('5', -1)",
    "int('5', 2)",
    "int('0b1', 2)",
    "int('0b1', 16)",
    "int('b1', 16)",
    'int(5, 10)',
    'int(5.0, 10)',
    "int('5', 1.5)",
    "int('5', '5')",
    "int(b'12')",
    "int(b'1_2')",
    "int(b'x')",
    "int(bytearray(b'7'), 8)",
    "int(memoryview(b'9'))",
    'int(None)',
    'int([])',
    'int(1j)',
    'int(1.9)',
    'int(-1.9)',
    "int('٣')",
    "int('１２')",
    "int('²')",
    "int('1\\x00')",
    "int('\\x00')",
    "int('1 2')",
    "int('\\u20035\\u2003')",
    "int('5', base=8)",
    'int(x=5)',
    'int(base=5)',
    "int('5', 10, 3)",
    "int(StrSub('6'))",
    'int(Index(6))',
    "int('9' * 30)",
    "int('f' * 20, 16)",
    "int('1' * 70, 2)",
    "int('-' + '9' * 25)",
    "int('é')",
    "int('\\ud800')",
    'int(True)',
    "int('0_1')",
    "int('0x_f', 16)",
    "int('0x__f', 16)",
    "int('_0xf', 16)",
    "int('00')",
    "int('-00')",
    "int('+-5')",
    "int.from_bytes(b'\\x01\\x00', 'big')",
    "int.from_bytes(b'\\xff', 'little', signed=True)",
    "(5).to_bytes(2, 'big')",
    "(300).to_bytes(1, 'big')",
    "(-1).to_bytes(1, 'big')",
    "(-1).to_bytes(2, 'big', signed=True)",
    '(5).to_bytes()',
    "int.from_bytes(b'\\x05')",
    '(5).bit_length()',
    '(-5).bit_count()',
    '(0).bit_length()',
    '(5).as_integer_ratio()',
    '(5).numerator',
    '(5).denominator',
    '(5).real',
    '(5).imag',
    '(5).conjugate()',
    '5 .__class__',
    '7 // 2',
    '-7 // 2',
    '7 % -2',
    '-7 % 2',
    '7 / 2',
    '10**400 / 10**399',
    '10**400 / 3',
    '1 / 10**400',
    '10**400 * 1.0',
    '2**-1',
    '0**0',
    '1 << 70',
    '1 << -1',
    '-1 >> 70',
    '1 >> 10**20',
    '1 << 10**20',
    '0 << 10**20',
    '5 & -3',
    '5 | -3',
    '5 ^ -3',
    '~2**70',
    '-(2**63)',
    '2**63 - 1 + 1',
    '-2**63 - 1',
    '(2**63) // -1',
    '(-2**63) // -1',
    '(-2**63) % -1',
    'abs(-2**63)',
    '(2**31) * (2**32)',
    '3037000500 ** 2',
    '123456789012345678901234567890 % 97',
    "5 < 'a'",
    "5 + 'a'",
    "5 == '5'",
    '5 // 0',
    '5 % 0',
    '5 / 0',
    "5 << 'a'",
):
    p(src)
