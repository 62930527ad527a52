# SPDX-License-Identifier: MIT
# bytes searching methods with odd arguments.

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
recvs = ["b'hello World'", "b''", "b'aXbXc'", "bytearray(b'lolo')"]
methods = 'find rindex index count startswith endswith __contains__'.split()
args = [''] + ["b'o'", "b''", "(b'h', b'a')", "(b'h', 1)", '111', 'None', '1', '300', '-1', '1.5', "'a'", '[]', 'bad', "bytearray(b'o')", "memoryview(b'l')"] + ["b'l', 2", "b'l', 2, 4", "b'', 50", "b'o', None, None", "b'o', Index(1)", "b'o', 1.5", '111, 3']
for m in methods:
    print('---', m)
    for r in recvs:
        for a in args:
            p(f'{r}.{m}({a})')
