# BytesIO: every method, its errors, iteration, views.
import io


def err(f, *args, **kw):
    try:
        print(f(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)


b = io.BytesIO(b"one\ntwo\nthree")
print(b.read(2), b.tell(), b.read1(3), b.readline(), b.readlines(), b.read(), b.read1())
b.seek(0)
print(list(b))
print(b.seek(-3, 2), b.read(), b.seek(2), b.seek(1, 1), b.tell(), b.seek(100), b.read(), b.readline())
print(b.write(b"x"), len(b.getvalue()), b.getvalue()[10:20], b.getvalue()[-2:])
print(b.truncate(3), b.getvalue(), b.tell(), b.truncate(10), b.getvalue())
b.seek(1)
print(b.truncate(), b.getvalue())
err(b.seek, -1)
err(b.seek, 0, 5)
err(b.truncate, -1)
err(b.write, "text")
err(b.read, "a")
err(b.readline, 1.5)
err(io.BytesIO, "text")
err(io.BytesIO, b"", 1)
b = io.BytesIO(b"abcdef")
a = bytearray(4)
print(b.readinto(a), a, b.readinto(a), a, b.readinto(a))
err(b.readinto, b"const")
v = b.getbuffer()
print(bytes(v), len(v), v.readonly)
v[0:2] = b"XY"
err(b.write, b"1")
err(b.truncate, 1)
err(b.close)
v.release()
print(b.getvalue(), b.writable(), b.readable(), b.seekable(), b.isatty(), b.closed)
err(b.fileno)
b.writelines([b"1", b"22", bytearray(b"333"), memoryview(b"4")])
print(b.getvalue())
err(b.writelines, [b"1", "x"])
b2 = io.BytesIO()
b2.__setstate__(b.__getstate__())
print(b2.getvalue(), b2.tell(), b.__getstate__())
with io.BytesIO(b"q") as w:
    print(w.read())
print(w.closed)
for m in ("read", "readline", "getvalue", "tell", "flush", "readable", "isatty", "getbuffer", "__enter__"):
    err(getattr(w, m))
err(next, w)
err(w.write, b"")
w.close()


class Sub(io.BytesIO):
    def __init__(self, *args):
        super().__init__(*args)
        self.extra = 5


s = Sub(b"hi")
print(s.read(), s.extra, s.__dict__, type(s).__mro__)
print(isinstance(s, io.BufferedIOBase), isinstance(s, io.RawIOBase), isinstance(s, io.IOBase))
big = io.BytesIO()
for i in range(1000):
    big.write(b"%d\n" % i)
big.seek(0)
print(sum(len(l) for l in big), big.tell())
