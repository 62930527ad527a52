# SPDX-License-Identifier: MIT
# __index__, __int__, __float__, __complex__, __bool__, __len__, __trunc__ and their errors.
import operator, math
def t(f, *a):
    try: r = f(*a); print(repr(r).split(' at 0x')[0], type(r).__name__)
    except Exception as e: print(type(e).__name__, e)
def C(**ns):
    d = {}
    for k, v in ns.items():
        d[f'__{k}__'] = (lambda v: lambda self, *a: v() if callable(v) else v)(v)
    return type('C', (), d)()
class MyInt(int): pass
class MyFloat(float): pass
class MyStr(str): pass
class MyC(complex): pass
def boom(): raise ValueError('boom')
for c in (C(), C(index=3), C(int=4), C(trunc=5), C(index=3, int=4, trunc=5), C(index='x'), C(int='x'), C(int=1.5), C(trunc='x'), C(trunc=1.5), C(index=boom), C(int=boom), C(index=True), C(int=True), C(float=1.5), C(float='x'), C(float=1), C(index=2**1100), C(complex=1j), C(complex=1), C(float=2.5, complex=3j), C(float=boom), C(complex=boom)):
    print('---', sorted(k for k in type(c).__dict__ if k in ('__index__', '__int__', '__trunc__', '__float__', '__complex__')))
    for f in (int, float, complex, operator.index, bool, hex, lambda x: [1, 2, 3, 4, 5, 6][x], lambda x: 'ab' * x, range, bytes, math.sqrt, round, math.floor, math.trunc, chr):
        if c.__class__.__dict__.get('__index__') and f in (bytes,) : continue
        t(f, c) if f not in (bool, range) else t(lambda: str(f(c)) if f is bool or '__index__' in type(c).__dict__ else f(c) and 0)
class TI:
    def __trunc__(self): return C(index=7)
class TN:
    def __trunc__(self): return C(int=8)
t(int, TI()); t(int, TN())
import warnings
warnings.simplefilter('always')
import io, sys
def w(f, *a):
    with warnings.catch_warnings(record=True) as got:
        t(f, *a)
    for g in got: print(' ', g.category.__name__, g.message)
w(int, C(int=MyInt(3))); w(operator.index, C(index=MyInt(3))); w(float, C(float=MyFloat(1.5))); w(complex, C(complex=MyC(2j))); w(int, C(trunc=3)); w(int, C(int=True)); w(operator.index, C(index=True))
for c in (C(bool=True), C(bool=False), C(bool=1), C(bool='x'), C(bool=None), C(len=0), C(len=3), C(len=-1), C(len='x'), C(len=2**100), C(len=1.5), C(bool=True, len=0), C(bool=boom), C(len=boom), C(len=True), C(len=C(index=5))):
    t(bool, c); t(len, c); t(lambda: 1 if c else 2); t(lambda: not c); t(lambda: c and 3); t(lambda: c or 4)
for v in ('12', ' 12 ', '1_2', '', 'x', '0x1', '１２', '-', '+5', '--5', '1.5', '1e5', 'nan', '-inf', 'infinity', ' 1_0.5 ', '1__0', '_1', '1_', '1j', '1+2j', '1 + 2j', 'j', '-j', '1+', '(1+2j)', 'nanj', b'12', b'x', bytearray(b'3'), None, [], MyInt(5), MyFloat(1.5), MyStr('7'), True, '\x00', '1\x00', 10**400, 1e400, float('nan')):
    for f in (int, float, complex): t(f, v)
t(int, '12', 3); t(int, 'z', 36); t(int, '12', 37); t(int, '12', 1); t(int, '12', -1); t(int, '0b11', 0); t(int, '011', 0); t(int, '0', 0); t(int, '00', 0); t(int, 12, 10); t(int, b'ff', 16); t(int, 'ff', C(index=16)); t(int, '9', 8); t(int, '0x', 16); t(int, '0xg', 16); t(int, '-0x1f', 16); t(int, '0b12', 2); t(int, '1', '2'); t(complex, '1', 2); t(complex, 1, '2'); t(complex, 1j, 2j); t(complex, None); t(float, 1, 2)
