# SPDX-License-Identifier: MIT
# complex methods and operators with odd arguments.

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
recvs = ['(1+2j)', '0j', '(-0.0-0j)', "complex('nan+infj')", '1e200j']
methods = '__add__ __sub__ __rsub__ __mul__ __truediv__ __rtruediv__ __pow__ __rpow__ __eq__ __ne__ __lt__ __abs__ __neg__ __bool__ __repr__ conjugate __format__ __complex__ __getnewargs__ __floordiv__ __mod__ __int__ __float__ __divmod__'.split()
args = [''] + ['0', '1', '-3', '2.5', '1j', '0j', '(1-1j)', "float('inf')", 'None', "'a'", "''", "'.2f'", "'>20'", "'=5'", "'05'", "'g'", 'True', '10**400'] + []
for m in methods:
    print('---', m)
    for r in recvs:
        for a in args:
            p(f'{r}.{m}({a})')
