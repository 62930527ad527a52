# SPDX-License-Identifier: MIT
# int: other methods.

import sys
def show(r):
    s = repr(r).split(' at 0x')[0]
    return s if len(s) < 200 else s[:90] + '...' + s[-90:]
def p(src, **ns):
    try: r = eval(src, G, ns)
    except BaseException as e: print(src, '|', type(e).__name__ + ':', show(str(e))[1:-1])
    else: print(src, '=', show(r))
class Index:
    def __init__(self, v): self.v = v
    def __index__(self): return self.v
class Bad:
    def __index__(self): raise RuntimeError('index')
    def __iter__(self): raise RuntimeError('iter')
    def __eq__(self, o): raise RuntimeError('eq')
    def __hash__(self): raise RuntimeError('hash')
    def __str__(self): raise RuntimeError('str')
    def __len__(self): raise RuntimeError('len')
    def __float__(self): raise RuntimeError('float')
    def __bool__(self): raise RuntimeError('bool')
class Odd: __hash__ = None
G = globals()
bad, odd = Bad(), Odd()
recvs = ['(5)', '(-7)', '0', '10**20', 'True', '(2**63)']
methods = 'bit_length bit_count conjugate as_integer_ratio to_bytes __round__ __trunc__ __floor__ __ceil__ __neg__ __abs__ __invert__ __index__ __float__ __bool__ __hash__ __format__ __getnewargs__'.split()
args = [''] + ['1', "1, 'big'", "20, 'little'", "20, 'big', signed=True", "length=9, byteorder='little', signed=True", "-1, 'big'", "1, 'middle'", '1, 1', '-1', '-25', '2', 'None', "'x'", "'q'", "',d'", 'Index(1)', '1.0'] + []
for m in methods:
    print('---', m)
    for r in recvs:
        for a in args:
            p(f'{r}.{m}({a})')
p("int.from_bytes(b'\\x01\\x02')")
p("int.from_bytes(b'\\xff', 'little', signed=True)")
p("int.from_bytes(b'')")
p("int.from_bytes([1, 2], 'big')")
p("int.from_bytes([256], 'big')")
p("int.from_bytes('a', 'big')")
p("int.from_bytes(1, 'big')")
p("int.from_bytes(b'a', 'x')")
p("int.from_bytes(b'\\xff'*9, 'big')")
p("int.from_bytes(b'\\x80' + bytes(8), 'big', signed=True)")
p("int.from_bytes(bytearray(b'a'), byteorder='little')")
