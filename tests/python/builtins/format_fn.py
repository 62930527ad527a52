# SPDX-License-Identifier: MIT
# format fn: ordinary and odd arguments.
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
    'format(5)',
    "format(5, 'x')",
    "format('a', '>5')",
    "format(1.5, '.3f')",
    'format(None)',
    "format(None, 'x')",
    "format([], '5')",
    'format(5, 5)',
    'format(5, None)',
    'format()',
    "format(5, '', '')",
    "format(True, '5')",
    "format(Index(1), '')",
    "format(Index(1), 'x')",
    "format(1, 's')",
    "format('a', 'd')",
    "format(1, ',')",
    "format(1234567, ',')",
    "format(1234567, '_')",
    "format(0xffff, '_x')",
    "format(1234.5, ',.2f')",
    "format(5, '+')",
    "format(5, ' ')",
    "format(-5, ' ')",
    "format(5, '05')",
    "format(-5, '05')",
    "format(5, '<05')",
    "format('a', '05')",
    "format('a', '=5')",
    "format(5, '=5')",
    "format(5, '*^9')",
    "format(5, '#x')",
    "format(5, '#b')",
    "format(5, '#o')",
    "format(5, '#010x')",
    "format(5, 'c')",
    "format(0x110000, 'c')",
    "format(-1, 'c')",
    "format(5, 'n')",
    "format(1.5, 'n')",
    "format(1e10, 'g')",
    "format(1e10, '#g')",
    "format(1.0, '#.0f')",
    "format(0.000012345, 'g')",
    "format(123456789.0, 'g')",
    "format(1.5, '%')",
    "format(0.12345, '.1%')",
    "format(float('inf'), '010')",
    "format(float('nan'), '+')",
    "format(-0.0, '')",
    "format(-0.0, 'z')",
    "format(-0.001, 'z.1f')",
    "format(1, 'z')",
    "format('a', 'z')",
    "format(1.5, 'd')",
    "format(1.5, 'x')",
    "format(5, '.2')",
    "format(5, '.2d')",
    "format('abc', '.2')",
    "format('abc', '.0')",
    "format('abc', '10.2')",
    "format('a', ',')",
    "format(5, ',d')",
    "format(5, ',x')",
    "format(5, ',_')",
    "format(5, '_,')",
    "format(5, '1000000000000000000000')",
    "format(5, '.99999999999999999999')",
    "format('a', '{}')",
    "format(5, '>>5')",
    "format(5, 'é>5')",
    "format(5, '>é')",
    "format(1+2j, '')",
    "format(1+2j, '.1f')",
    "format(1+2j, '=10')",
    "format(1+2j, '010')",
    "format(1+2j, '%')",
    "format(10**30, 'e')",
    "format(10**400, 'f')",
    "format(10**400, '.3g')",
    "format(2**70, 'x')",
    "format(2**70, ',')",
    "format(123, 'f')",
    "format(123, '%')",
    "format(5, 'q')",
    "format(1.5, 'q')",
    "format('a', 'q')",
    "format('a', 'x')",
    "format(1.5, '5.')",
    "format(1.5, '.')",
    "format(5, '5 ')",
    "format(1.5, '0=+10.2f')",
    "format(3, '08b')",
    "format(-255, '#06x')",
    "format(1e-10, 'e')",
    "format(1e100, '.0e')",
    "format(12345.678, '_.1f')",
    "format(0, ',.3%')",
):
    p(src)
