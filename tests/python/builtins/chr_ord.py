# SPDX-License-Identifier: MIT
# chr ord: ordinary and odd arguments.
import sys
def show(r):
    s = repr(r).split(' at 0x')[0]
    return s if len(s) < 300 else s[:140] + '...' + s[-140:]
def p(src):
    try: r = eval(src, G)
    except BaseException as e: print(src, '|', type(e).__name__ + ':', show(str(e))[1:-1])
    else: print(src, '=', show(r))
class Index:
    def __init__(self, v): self.v = v
    def __index__(self): return self.v
class Bad:
    def __getattr__(self, k): raise RuntimeError('getattr ' + k)
    def __iter__(self): raise RuntimeError('iter')
    def __eq__(self, o): raise RuntimeError('eq')
    def __lt__(self, o): raise RuntimeError('lt')
    def __hash__(self): raise RuntimeError('hash')
    def __bool__(self): raise RuntimeError('bool')
    def __repr__(self): return 'Bad()'
class Gen:
    def __init__(self, *items): self.items = items
    def __iter__(self): return iter(self.items)
class GetItem:
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i * 10
class IntSub(int): pass
class StrSub(str):
    def __repr__(self): return 'StrSub(%s)' % str.__repr__(self)
class ListSub(list): pass
bad = Bad()
G = globals()
for src in (
    'chr(97)',
    'chr(0)',
    'chr(0x10ffff)',
    'chr(0x110000)',
    'chr(-1)',
    'chr(0xd800)',
    "chr('a')",
    'chr(1.0)',
    'chr(Index(98))',
    'chr(True)',
    'chr(2**100)',
    'chr()',
    "ord('a')",
    "ord('\\U0010ffff')",
    "ord('')",
    "ord('ab')",
    "ord(b'a')",
    "ord(b'')",
    "ord(bytearray(b'z'))",
    'ord(5)',
    'ord(None)',
    "ord(['a'])",
    "ord(StrSub('q'))",
    "ord('\\ud800')",
    "chr(ord('é'))",
    'ord()',
    "ord('a', 'b')",
    "ord(memoryview(b'a'))",
):
    p(src)
