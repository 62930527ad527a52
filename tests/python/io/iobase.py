# The base classes and what subclasses get from them.
import io


def err(f, *args, **kw):
    try:
        print(f(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)


b = io.IOBase()
for m in ("seek", "tell", "truncate", "fileno", "readable", "writable", "seekable", "isatty", "flush", "_checkReadable", "_checkClosed"):
    try:
        print(m, getattr(b, m)())
    except Exception as e:
        print(m, type(e).__name__, e)
print(b.closed, b.close(), b.closed)
err(b.flush)
err(b.isatty)
err(b.__enter__)
err(iter, b)
for cls in (io.RawIOBase, io.BufferedIOBase, io.TextIOBase):
    o = cls()
    for m in ("read", "write", "readline", "detach", "read1"):
        try:
            print(cls.__name__, m, getattr(o, m)())
        except Exception as e:
            print(cls.__name__, m, type(e).__name__, e)


class Mine(io.RawIOBase):
    log = []

    def __init__(self, data):
        self.data = data

    def read(self, n=-1):
        r, self.data = self.data[:n], self.data[n:]
        return r

    def close(self):
        if not self.closed:
            self.log.append("close")
        super().close()

    def flush(self):
        self.log.append("flush")
        super().flush()


m = Mine(b"one\ntwo\nthree")
print(m.readline(), list(m), m.readlines())
m = Mine(b"a\nb\nc\n")
print(m.readlines(3), m.readline(1), m.readline())
with Mine(b"") as m:
    pass
print(m.closed, Mine.log)
Mine.log.clear()
m = Mine(b"")
del m
print(Mine.log)


class Base(io.BufferedIOBase):
    def read(self, n):
        return b"x" * n

    def read1(self, n):
        return b"yy"


a = bytearray(3)
print(Base().readinto(a), a, Base().readinto1(a), a)
o = io.StringIO()
o.attr = 1
print(o.__dict__)
import _weakref
r = _weakref.ref(o)
print(r() is o)
del o
print(r())
print(io.BytesIO.__name__, io.BytesIO.__module__, io.IOBase.__module__, io.open.__name__)
