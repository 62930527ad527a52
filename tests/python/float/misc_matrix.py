# SPDX-License-Identifier: MIT
# float: other methods.

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
recvs = ['1.5', '(-0.0)', "float('inf')", "float('nan')", '1e300', '(-2.5)', '5e-324', '123456.789', '0.1', '2.675', '1e16', '1e22']
methods = 'is_integer as_integer_ratio hex conjugate __round__ __trunc__ __floor__ __ceil__ __int__ __neg__ __abs__ __bool__ __format__ __repr__ __getnewargs__ __getformat__ __setformat__'.split()
args = [''] + ['0', '1', '2', '-2', '-400', '400', '2**70', 'None', "'x'", "'.2f'", "'e'", "'g'", "'%'", "'_.3'", '1.0', 'Index(1)', "'double'", "'float'", "'zz'"] + []
for m in methods:
    print('---', m)
    for r in recvs:
        for a in args:
            p(f'{r}.{m}({a})')
p("float.fromhex('0x1.8p3')")
p("float.fromhex('1.8')")
p("float.fromhex('inf')")
p("float.fromhex('nan')")
p("float.fromhex('-0x0p0')")
p("float.fromhex('0x')")
p("float.fromhex('0x1p5000')")
p("float.fromhex('0x1p-5000')")
p("float.fromhex('xyz')")
p("float.fromhex(' 0x1 ')")
p("float.fromhex('0x1.fffffffffffff8p0')")
p("float.fromhex('1p1')")
p("float.fromhex('+infinity')")
p("float.fromhex('0x.8')")
p("float.fromhex('0x1.')")
p('float.fromhex(1)')
