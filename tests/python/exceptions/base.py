# BaseException: construction, args, text, attributes and their checks, pickling hooks.
def show(source, **names):
    try:
        print(source, "->", repr(eval(source, names)))
    except BaseException as e:
        print(source, "->", type(e).__name__ + ":", e)


def run(source):
    try:
        exec(source, {})
        print(source.replace("\n", "; "), "-> ok")
    except BaseException as e:
        print(source.replace("\n", "; "), "->", type(e).__name__ + ":", e)


for args in ((), (1,), ("a",), (1, 2), ((1, 2),), (None,), ("it's",)):
    for cls in (BaseException, ValueError, KeyError, StopIteration, SystemExit, StopAsyncIteration, NameError):
        e = cls(*args)
        print(repr(e), "|", str(e), "|", e.args, "|", getattr(e, "value", "-"), getattr(e, "code", "-"))
for expression in ["ValueError(x=1)", "StopIteration(x=1)", "SystemExit(a=1)", "KeyError(a=1)", "NameError(x=1)",
                   "AttributeError(foo=1)", "ImportError(x=1)", "NameError('m', name='n').name", "NameError().name",
                   "AttributeError('m', name='n', obj=3).obj", "UnboundLocalError('x', name='y').name",
                   "ImportError('m', name='n', path='p').path", "ImportError('m').msg", "ImportError('m', 2).msg",
                   "str(ImportError('m', name='n'))", "str(ImportError())", "ModuleNotFoundError('m', name='n').name",
                   "ImportError('a', name='b', path='c').__reduce__()", "ImportError('a').__reduce__()",
                   "ValueError(1, 2).__reduce__()", "MemoryError()", "ValueError.__mro__", "IndexError.__base__",
                   "ValueError.__name__, ValueError.__module__", "TabError.__mro__"]:
    show(expression)
for source in ["e = ValueError()\ne.__cause__ = 1", "e = ValueError()\ne.__context__ = 1",
               "e = ValueError()\ne.__traceback__ = 1", "e = ValueError()\ne.__suppress_context__ = 1",
               "e = ValueError()\ndel e.__suppress_context__", "e = ValueError()\ndel e.args",
               "e = ValueError()\ne.args = 1", "e = ValueError()\ndel e.__traceback__",
               "e = ValueError()\ndel e.__cause__", "e = ValueError()\ndel e.__context__",
               "e = ValueError()\ne.add_note(1)", "e = ValueError()\ne.__notes__ = 1\ne.add_note('a')",
               "e = ValueError()\ne.__setstate__(1)", "e = ValueError()\ne.with_traceback(1)", "raise 1", "raise int",
               "raise ValueError from 1", "e = ValueError()\ne.__dict__ = 1", "e = ValueError()\ne.__dict__ = {'a': 1}\nassert e.a == 1",
               "e = ValueError()\ne.args = [1, 2]\nassert e.args == (1, 2)", "raise ValueError from None",
               "e = SystemExit(3)\ndel e.code\nassert e.code is None"]:
    run(source)
e = ValueError("x")
e.add_note("one")
e.add_note("two")
print(e.__notes__, e.__dict__, e.__reduce__())
e.__setstate__({"a": 1, "b": 2})
print(e.a, e.b, e.__setstate__(None))
e.args = "ab"
print(repr(e))


class Own(ValueError):
    def __init__(self, a, *, b=0):
        self.b = b


e = Own(1, b=2)
print(repr(e), e.args, e.b, e.__dict__)


class Silent(Exception):
    def __new__(cls, *args, **kw):
        return super().__new__(cls, "new")

    def __init__(self, *args, **kw):
        pass


print(repr(Silent(1, x=2)))


class Str(Exception):
    def __str__(self):
        return "own text"


print(str(Str(1)), repr(Str(1)))


class NotOne(Exception):
    def __new__(cls):
        return 5


try:
    raise NotOne
except TypeError as e:
    print(str(e).replace("__main__.", ""))


class Two(KeyError, AttributeError):
    pass


print(Two("a"), Two("a", name="n").name if False else "", Two.__mro__[1:3])
try:
    class Clash(OSError, StopIteration):
        pass
except TypeError as e:
    print(e)
