# SPDX-License-Identifier: MIT
# __str__, __repr__, __format__, __bytes__, __fspath__, __hash__, __dir__, __sizeof__, __round__ and friends.
import math, os, sys
def t(f, *a):
    try: r = f(*a); print(repr(r).split(' at 0x')[0])
    except Exception as e: print(type(e).__name__, str(e).split(' at 0x')[0])
def C(**ns):
    d = {}
    for k, v in ns.items():
        d[f'__{k}__'] = (lambda v: lambda self, *a: v(*a) if callable(v) else v)(v)
    return type('C', (), d)()
class S(str): pass
t(str, C(str='s')); t(str, C(repr='r')); t(repr, C(str='s') and C(repr='r')); t(str, C(str=1)); t(repr, C(repr=None)); t(str, C(str=S('sub'))); t(repr, C(repr=b'x')); t(ascii, C(repr='é')); t(str, C(str='é' * 3)); t(format, C(format=lambda s: 'F' + s), 'spec'); t(format, C(format=1)); t(format, C(), ''); t(format, C(), 'x'); t(format, C(str='q')); t(format, C(str='q'), '5'); t('{:>5}'.format, C()); t(f'{{!s:>5}}'.format, C(str='z'))
t(bytes, C(bytes=b'x')); t(bytes, C(bytes='x')); t(bytes, C(bytes=None)); t(bytes, C(iter=lambda: iter([1, 2]))); t(bytes, C(index=3)); t(bytes, C()); t(bytes, C(bytes=b'b', index=3)); t(bytearray, C(bytes=b'x')); t(lambda: b'%b' % C(bytes=b'y')); t(lambda: b'%b' % C()); t(bytes, C(bytes=b'x'), 'utf-8')
t(os.fspath, C(fspath='p')); t(os.fspath, C(fspath=b'p')); t(os.fspath, C(fspath=1)); t(os.fspath, C()); t(os.fspath, 'x'); t(os.fspath, 1); t(open, C(fspath='/nonexistent/x')); t(open, C(fspath=3.5))
t(hash, C(hash=5)); t(hash, C(hash='x')); t(hash, C(hash=2**64)); t(hash, C(hash=-1)); t(hash, C(hash=True)); t(hash, C(hash=2**61 - 1)); t(hash, C(hash=None)); t(hash, C(eq=True)); t(hash, C(hash=-2**70)); t(lambda: {C(hash=1.5): 1})
t(dir, C(dir=['b', 'a'])); t(dir, C(dir=('c',))); t(dir, C(dir=1)); t(dir, C(dir=[1, 'a'])); t(dir, C(dir=lambda: iter('ba')))
t(sys.getsizeof, C(sizeof=-1)); t(sys.getsizeof, C(sizeof='x'), 5); t(sys.getsizeof, C(sizeof=2**100)); t(lambda: C().__sizeof__() > 0)
t(round, C(round='r')); t(round, C(round=lambda *a: a)); t(round, C(round=lambda *a: a), 2); t(round, C(round=lambda *a: a), None); t(round, C()); t(math.floor, C(floor='f')); t(math.ceil, C(ceil='c')); t(math.trunc, C(trunc='t')); t(math.floor, C(float=1.5)); t(math.ceil, C()); t(math.trunc, C()); t(math.trunc, C(int=1)); t(abs, C(abs='a')); t(abs, C()); t(divmod, C(divmod='d'), 1); t(divmod, 1, C(rdivmod='rd')); t(divmod, C(), 1)
t(reversed, C(reversed='r')); t(reversed, C()); t(len, C(len=5)); t(iter, C(iter=1)); t(next, C(next=1)); t(callable, C(call=1)); t(callable, C()); t(lambda: C(call=lambda *a: a)(1, 2))
t(lambda: int(C(int=3)) + 1); t(lambda: '%d' % C(index=3)); t(lambda: '%d' % C(int=3)); t(lambda: '%x' % C(index=255)); t(lambda: '%x' % C(int=255)); t(lambda: '%f' % C(float=2.5)); t(lambda: '%c' % C(index=65)); t(lambda: '%s %r %a' % (C(str='s'), C(repr='r'), C(repr='é'))); t(lambda: '%s' % C(str=1))
t(lambda: isinstance(C(), type(C()))); t(lambda: type(C()).__name__); t(lambda: C(class_getitem=1)[1])
t(lambda: C(enter=1).__enter__())
for src in ('with C(): pass', 'with C(enter=1): pass', 'with C(exit=1): pass', 'with 5: pass', 'with C(enter=7, exit=None) as v: print(v)', 'with C(enter=7, exit=True) as v: raise ValueError', 'with C(enter=7, exit=0) as v: raise ValueError(3)', 'with open: pass'):
    try: exec(src)
    except Exception as e: print(src, '|', type(e).__name__, str(e).split(' at 0x')[0])
print(object.__repr__(5)[:16], object.__str__('a'), object.__format__(5, ''), str.__repr__('a'), object.__hash__(5) is not None, object.__eq__(1, 1), object.__ne__(1, 1), object.__eq__(1, 2), object.__lt__(1, 2), object.__dir__(C()) != [])
t(object.__format__, 5, 'x'); t(object.__reduce_ex__, 5, 2); t(str, b'abc', 'ascii', 'strict', 1); t(str, b'\xff', 'utf-8'); t(str, b'\xff', 'utf-8', 'replace'); t(str, 'a', 'utf-8'); t(str, 5, 'utf-8'); t(str, bytearray(b'x'), 'ascii'); t(str, b'x'); t(lambda: str(encoding='x')); t(lambda: str(b'q', errors='ignore')); t(str, memoryview(b'mv'), 'ascii')
