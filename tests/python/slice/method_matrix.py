# SPDX-License-Identifier: MIT
# slice: construction, indices, comparison.

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
recvs = ['slice(None)', 'slice(1, 10, 2)', 'slice(-3, None, -1)', 'slice("a", 2.5)']
methods = 'indices __eq__ __lt__ __hash__ __repr__ __reduce__'.split()
args = [''] + ['5', '0', '-1', '2**70', 'None', "'a'", 'Index(4)', 'slice(None)', 'slice(1, 10, 2)', 'bad'] + []
for m in methods:
    print('---', m)
    for r in recvs:
        for a in args:
            p(f'{r}.{m}({a})')
p('slice(1).start')
p('slice(1).stop')
p('slice(1, 2, 3).step')
p('slice(1).__setattr__("start", 2)')
p('slice(1, 2, 0).indices(5)')
p('slice(None, None, -1).indices(3)')
p('slice(10**30, -10**30, -10**20).indices(10**25)')
p('slice(Index(1), Index(3)).indices(5)')
p('slice(bad).indices(5)')
p('[1, 2, 3][slice(Index(1), None)]')
p('slice(1) == slice(1, None)')
p('slice(0, 1) < slice(0, 2)')
p('{slice(1): 2}')
p('slice(start=1)')
p('repr(slice(None))')
p('slice.__class_getitem__')
