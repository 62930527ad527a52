# OSError: subclass by errno, fields, text, subclasses with their own constructors.
import errno


def show(source):
    try:
        e = eval(source, globals())
        print(source, "->", repr(e), "|", str(e), "|", e.errno, e.strerror, e.filename, e.filename2, "|", e.args)
    except Exception as x:
        print(source, "->", type(x).__name__ + ":", x)


for source in ["OSError()", "OSError(1)", "OSError(2, 'x')", "OSError(2, 'x', 'f')", "OSError(2, 'x', 'f', None)",
               "OSError(2, 'x', 'f', None, 'g')", "OSError(2, 'x', None, None, 'g')", "OSError(1, 2, 3, 4, 5, 6)",
               "BlockingIOError(11, 'a', 3)", "OSError(11, 'a', 3)", "BlockingIOError(11, 'a', 3.5)",
               "FileNotFoundError(1, 'x')", "OSError('a', 'b')", "OSError(2, 'x', b'f')", "OSError(True, 'x')",
               "OSError(10 ** 30, 'x')", "OSError(1, x=2)", "IOError(2, 'x')", "OSError(2, None)", "EnvironmentError('m')"]:
    show(source)
for name in ("EAGAIN EALREADY EINPROGRESS EWOULDBLOCK EPIPE ESHUTDOWN ECHILD ECONNABORTED ECONNREFUSED ECONNRESET "
             "EEXIST ENOENT EISDIR ENOTDIR EINTR EACCES EPERM ESRCH ETIMEDOUT EINVAL ENOSPC").split():
    print(name, type(OSError(getattr(errno, name), "x")).__name__)
print(OSError(2, "x", "f").__reduce__(), OSError(2, "x", "f", None, "g").__reduce__(), OSError(1).__reduce__())
e = BlockingIOError(11, "a", 3)
print(e.characters_written)
e.characters_written = 7
print(e.characters_written)
del e.characters_written
for action in ("e.characters_written", "del_it()"):
    def del_it():
        del e.characters_written
    try:
        eval(action)
    except AttributeError as x:
        print(action, x)


class Init(OSError):
    def __init__(self, *args, **kw):
        super().__init__(*args)
        self.kw = kw


e = Init(2, "x", "f", a=1)
print(repr(e), e, e.filename, e.kw, type(e).__name__)


class NoSuper(OSError):
    def __init__(self, *args):
        pass


print(repr(NoSuper(2, "x", "f")), NoSuper(2, "x").errno)


class New(OSError):
    def __new__(cls, *args):
        return super().__new__(cls, 5, "q")


print(repr(New(2, "x", "f")), New(2, "x"))


class Plain(OSError):
    pass


print(type(Plain(2, "x")), repr(Plain(2, "x", "f")))
try:
    open("/nonexistent/file")
except OSError as e:
    print(repr(e), e, e.filename)
try:
    open("/")
except OSError as e:
    print(repr(e), e.filename)
