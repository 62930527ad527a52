# SPDX-License-Identifier: MIT
# set methods with odd arguments.

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
recvs = ['{1, 2}', 'set()', 'frozenset({2, 3})']
methods = 'add remove discard pop clear copy update union intersection difference symmetric_difference intersection_update difference_update symmetric_difference_update issubset issuperset isdisjoint'.split()
args = [''] + ['1', '9', '[1]', '[1, 5]', '{2}', 'frozenset({2})', '"ab"[:0]', '[1], [2]', '[[]]', '{1: 2}', 'range(3)', 'None', '1.5', '[]', 'bad', 'odd', '{1, 2, 3}', '[bad]', 'key=1'] + []
for m in methods:
    print('---', m)
    for r in recvs:
        for a in args:
            p(f'{r}.{m}({a})')
