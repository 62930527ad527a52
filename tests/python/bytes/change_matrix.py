# SPDX-License-Identifier: MIT
# bytearray changing methods.

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
recvs = ["bytearray(b'abc')", 'bytearray()']
methods = 'append extend insert pop remove reverse clear copy __setitem__ __delitem__ __iadd__ __imul__'.split()
args = [''] + ["b'a'", '97', '[1, 2]', "[1, 'a']", '[300]', '0, 1', "0, b'x'", '5, 1', '-1, 300', "slice(0, 1), b'zz'", 'slice(0, 2), 5', "slice(0, 2), 'a'", "slice(None, None, 2), b'q'", 'slice(0, 1)', 'Index(0)', 'None', '1', '300', '-1', '1.5', "'a'", '[]', 'bad', "bytearray(b'o')", "memoryview(b'l')"] + []
for m in methods:
    print('---', m)
    for r in recvs:
        for a in args:
            p(f'{r}.{m}({a})')
