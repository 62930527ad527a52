# SPDX-License-Identifier: MIT
# dict methods with odd arguments.

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
recvs = ["{'a': 1, 2: 'b'}", '{}']
methods = 'get setdefault pop popitem update copy clear fromkeys keys values items __contains__ __getitem__ __setitem__ __delitem__ __or__ __ior__ __ror__ __eq__ __lt__ __reversed__ __len__ __init__'.split()
args = [''] + ["'a'", "'zz'", '2.0', "'zz', 5", "'a', 1, 2", "{'c': 3}", "[('d', 4)]", "[('d',)]", "['xy']", "['xyz']", '[1]', '[[]]', 'a=2', "{'q': 1}, r=2", '"ab"', '"ab", 0', '1', 'None', '1.5', '[]', '[], 1', 'bad', 'odd', '{}', 'zip("ab", [1, 2])', 'key="a"', '**{"a": 1}'] + []
for m in methods:
    print('---', m)
    for r in recvs:
        for a in args:
            p(f'{r}.{m}({a})')
