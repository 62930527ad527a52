# SPDX-License-Identifier: MIT
# memoryview methods with odd arguments.

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
recvs = ["memoryview(b'abcdef')", "memoryview(bytearray(b'xyz'))", "memoryview(b'')"]
methods = 'tobytes tolist hex cast toreadonly release __getitem__ __setitem__ __delitem__ __eq__ __lt__ __len__ __contains__ __iter__'.split()
args = [''] + ['0', '-1', '9', 'slice(1, 3)', 'slice(None, None, -2)', '0, 65', '0, 300', "'B'", "'b'", "'c'", "'H'", "'i'", "'z'", "'B', [2, 3]", "'B', (2, 2)", "b'xyz'", "b'abcdef'", '"a"', "order='F'", "order='Z'", "'-'", 'None', '1.5', 'bad', '()', '(0,)', '...'] + []
for m in methods:
    print('---', m)
    for r in recvs:
        for a in args:
            p(f'{r}.{m}({a})')
p("memoryview(b'ab').format")
p("memoryview(b'abcd').cast('H').shape")
p("memoryview(b'abcd').cast('I').tolist()")
p("memoryview(b'abcd').cast('B', [2, 2]).tolist()")
p("memoryview(b'abcd').cast('B', [2, 2])[1, 0]")
p("memoryview(b'abcd')[::2].tobytes()")
p("memoryview(b'abcd')[::2].contiguous")
p("memoryview(b'ab').readonly")
p("memoryview(b'ab').itemsize")
p("memoryview(b'ab').nbytes")
p("memoryview(b'ab').strides")
p("memoryview(b'ab').suboffsets")
p("memoryview(b'ab').obj")
p("memoryview('a')")
p('memoryview(1)')
p('memoryview()')
p("memoryview(object=b'a')")
p("memoryview(memoryview(b'ab')[1:]).tobytes()")
p("hash(memoryview(b'ab')) == hash(b'ab')")
p("hash(memoryview(bytearray(b'ab')))")
p("memoryview(b'\\x00\\x00\\x80?').cast('f')[0]")
p("memoryview(b'a') == memoryview(b'a')")
p("memoryview(b'ab') == [97, 98]")
p("bytes(memoryview(b'ab')[::-1])")
p("97 in memoryview(b'ab')")
p("memoryview(b'ab').index")
p("memoryview(bytearray(b'ab')).cast('b')[0]")
p("memoryview(b'a').cast('?')[0]")
