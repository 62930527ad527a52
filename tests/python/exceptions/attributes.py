# SPDX-License-Identifier: MIT
# Attributes and construction of every built-in exception.
import builtins
def show(e):
    try: s = str(e)
    except Exception as x: s = repr(x)
    print(type(e).__name__, e.args, repr(s), repr(e))
for name in sorted(n for n in dir(builtins) if isinstance(getattr(builtins, n), type) and issubclass(getattr(builtins, n), BaseException)):
    t = getattr(builtins, name)
    print(name, t.__base__.__name__, t.__module__, t.__qualname__)
    for a in ((), (1,), ('msg',), ('a', 'b')):
        try: show(t(*a))
        except Exception as e: print('  ', a, type(e).__name__, e)
    try: t(foo=1)
    except TypeError as e: print('  ', e)
for a in ((2, 'msg'), (2, 'msg', 'file'), (2, 'msg', 'file', None, 'file2'), (13, 'x'), (17, 'x'), (32, 'x'), (11, 'x'), (4, 'x'), (110, 'x'), (111, 'x'), (1, 'x'), (20, 'x'), (21, 'x'), (3, 'x'), (10, 'x'), (103, 'x'), (104, 'x'), (9999, 'x'), ('2', 'x'), (2, 'm', 'f', 5), (2, 'm', 'f', None, 'g', 'extra')):
    e = OSError(*a); show(e); print('  ', e.errno, e.strerror, e.filename, e.filename2)
e = FileNotFoundError(2, 'm'); show(e); e = BlockingIOError(11, 'm', 5); print(e.characters_written, e.filename); 
try: BlockingIOError(11, 'm').characters_written
except AttributeError as x: print(x)
e = BlockingIOError(); e.characters_written = 3; print(e.characters_written); del e.characters_written
print(OSError.__new__(FileNotFoundError, 2, 'a'), type(OSError(2, 'a')), type(IOError(13, 'a')), EnvironmentError is OSError)
class MyOS(OSError): pass
print(type(MyOS(2, 'a')).__name__)
class MyOS2(OSError):
    def __init__(self, *a): super().__init__(*a); self.n = 1
print(MyOS2(2, 'a', 'f'), MyOS2(2, 'a', 'f').filename)
e = StopIteration(1, 2); print(e.value, e.args); e.value = 5; print(e.value, e.args)
e = SystemExit(); print(e.code); e = SystemExit(1, 2); print(e.code)
e = ImportError('m', name='n', path='p'); print(e.name, e.path, e.msg, e.args, str(e), repr(e))
try: ImportError('m', foo=1)
except TypeError as x: print(x)
e = ImportError('a', 'b'); print(e.msg, str(e)); e = ModuleNotFoundError(name='q'); print(e.name, e.msg, str(e))
e = NameError('m', name='n'); print(e.name, e); e = AttributeError('m', name='n', obj=5); print(e.name, e.obj, e)
try: NameError(obj=1)
except TypeError as x: print(x)
try: AttributeError('a', foo=1)
except TypeError as x: print(x)
for k in (KeyError('a'), KeyError(), KeyError('a', 'b'), KeyError(1), KeyError(('t',)), KeyError('a\nb')): print(str(k), repr(k))
for a in (('utf-8', b'abc', 0, 1, 'reason'), ('utf-8', b'abc', 0, 2, 'reason'), ('x', bytearray(b'\xff'), 0, 1, 'r'), ('utf-8', 'str', 0, 1, 'r'), ('utf-8', b'abc', 5, 9, 'r'), ('utf-8', b'', 0, 0, 'r'), (1, b'a', 0, 1, 'r'), ('utf-8', b'a', 'x', 1, 'r'), ('utf-8',), ('u', b'a', 0, 1, 5)):
    try: e = UnicodeDecodeError(*a); print(e, e.encoding, e.object, e.start, e.end, e.reason, e.args)
    except TypeError as x: print(x)
for a in (('utf-8', 'aé€', 1, 2, 'reason'), ('utf-8', 'a\U0001f600', 1, 2, 'r'), ('utf-8', 'abc', 0, 3, 'r'), ('utf-8', b'x', 0, 1, 'r')):
    try: print(UnicodeEncodeError(*a))
    except TypeError as x: print(x)
for a in (('é', 0, 1, 'r'), ('abc', 0, 2, 'r'), ('a', 0, 1)):
    try: print(UnicodeTranslateError(*a))
    except TypeError as x: print(x)
e = UnicodeDecodeError('utf-8', b'abc', 0, 1, 'r'); e.start = 2; e.end = 3; e.reason = 'new'; e.encoding = 'enc'; print(e); e.object = b'xyz'; print(e)
for k, v in (('start', 'a'), ('object', 5), ('reason', 5)):
    try: setattr(e, k, v); print('set', k)
    except TypeError as x: print(x)
e = ValueError(1, 2); e.args = [3]; print(e.args, e); 
try: e.args = 5
except TypeError as x: print(x)
e.add_note('n'); print(e.__notes__)
try: e.add_note(5)
except TypeError as x: print(x)
e.__notes__ = 5
try: e.add_note('x')
except TypeError as x: print(x)
e.x = 1; print(e.__dict__, e.__reduce__()); e.__setstate__({'y': 2}); print(e.y)
try: e.__setstate__(5)
except TypeError as x: print(x)
class X(Exception):
    def __init__(self, a, b=2): self.a = a
print(X(1).args, X(1, b=3).args, repr(X(1)), str(X('s')))
class Y(Exception):
    def __new__(cls, *a): return super().__new__(cls, 'from new')
print(Y('from init').args)
class Z(Exception): __slots__ = ('q',)
z = Z(); z.q = 1; z.r = 2; print(z.q, z.r)
print(BaseException.__new__(ValueError, 1).args, Exception.__init__(ValueError(), 5), BaseException.__subclasses__()[0].__name__ in ('Exception', 'GeneratorExit', 'BaseExceptionGroup'))
