# SPDX-License-Identifier: MIT
# range methods with odd arguments.

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
recvs = ['range(5)', 'range(2, 20, 3)', 'range(5, -5, -2)', 'range(0)', 'range(10**20, 10**20 + 5)']
methods = 'index count __getitem__ __contains__ __eq__ __len__ __iter__ __reversed__ __bool__'.split()
args = [''] + ['0', '1', '-1', '5', '2.0', '10**20', '-10**30', 'slice(1, 3)', 'slice(None, None, -1)', 'slice(5, 1)', 'slice(0, 0, 0)', 'True', "'a'", 'None', 'Index(1)', 'bad', '1j', 'range(0, 5, 1)', '1, 2'] + []
for m in methods:
    print('---', m)
    for r in recvs:
        for a in args:
            p(f'{r}.{m}({a})')
p('range(5).start')
p('range(5).step')
p('range(True, Index(4))')
p('range(3).start.__class__')
p('len(range(10**20))')
p('range(10**20)[10**19]')
p('range(-10**20, 10**20)[-1]')
p('list(range(0, 10, 3))')
p('list(reversed(range(1, 10, 4)))')
p('range(5) == [0]')
p('hash(range(0)) == hash(range(1, 1))')
p('iter(range(3)).__length_hint__()')
p('iter(range(3)).__reduce__()[1]')
p('range(3)[1:][0]')
p('range(10)[2:8][::2]')
p('range(10)[::-1][3]')
p('sum(range(10**3))')
p('min(range(5, 1, -1))')
p('5 in range(10**30)')
p('3.5 in range(10)')
p('range(3) + range(3)')
p('range(3) * 2')
p('range(3).x')
p('del_')
p('repr(range(1, 2))')
p('repr(range(1, 2, 3))')
p('range(0, 10**20).__len__()')
p('range(3).__setattr__("start", 1)')
