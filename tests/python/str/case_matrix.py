# SPDX-License-Identifier: MIT
# str case, classification and padding methods.

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
recvs = ["'hello World'", "''", "'aXbXc'", "'ǆ ß İ'", "'١²'", "'Ａ1_'", "'\\x1f\\u2028'"]
methods = 'upper lower title capitalize swapcase casefold isalpha isdigit isdecimal isnumeric isalnum isspace isupper islower istitle isidentifier isprintable isascii'.split()
args = [''] + ['1'] + []
for m in methods:
    print('---', m)
    for r in recvs:
        for a in args:
            p(f'{r}.{m}({a})')
