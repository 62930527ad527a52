# Buffered objects: reading, writing, mixing both, raw streams in Python.
import io
import os

P = "/tmp/qv_io_buffered.bin"


def err(f, *args, **kw):
    try:
        print(f(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)


data = bytes(range(256)) * 100
with open(P, "wb") as f:
    print(f.write(data), f.tell(), f.raw.tell() <= f.tell())
    f.flush()
    print(f.raw.tell())
with open(P, "rb") as f:
    print(f.read(5), f.tell(), len(f.peek()) > 0, f.read1(3), f.read(0), len(f.read1()) > 0)
    f.seek(0)
    print(f.read() == data, f.read(), f.read(4), f.tell())
    f.seek(-4, 2)
    print(f.read(10), f.seek(10), f.seek(5, 1), f.read(1))
    b = bytearray(20)
    print(f.readinto(b), b[:4], f.readinto1(b), b[:4])
    err(f.write, b"x")
    err(f.read, -2)
    err(f.read, "a")
    err(f.seek, 0, 9)
    err(f.truncate)
    err(f.readinto, b"x")
with open(P, "w+b") as f:
    f.write(b"hello world")
    f.seek(0)
    print(f.read(5), f.write(b"XX"), f.tell(), f.read(2), f.seek(0), f.read())
    f.seek(2)
    f.write(b"__")
    f.flush()
    f.seek(0)
    print(f.readline(), f.truncate(4), f.tell(), f.seek(0), f.read())
with open(P, "ab") as f:
    print(f.tell(), f.write(b"tail"), f.tell())
print(open(P, "rb").read())
with open(P, "wb") as f:
    f.write(b"l1\nl2\r\nl3\n" + b"x" * 20000 + b"\nend")
with open(P, "rb") as f:
    print([len(l) for l in f], f.readline(), f.readlines())
    f.seek(0)
    print(f.readline(1), f.readline(10), f.readlines(3))
    err(f.readline, 1.5)


class Raw(io.RawIOBase):
    def __init__(self, chunks):
        self.chunks = list(chunks)
        self.written = []

    def readable(self):
        return True

    def writable(self):
        return True

    def readinto(self, b):
        if not self.chunks:
            return 0
        c = self.chunks.pop(0)
        if c is None:
            return None
        b[:len(c)] = c
        return len(c)

    def write(self, b):
        self.written.append(bytes(b))
        return len(b)


r = io.BufferedReader(Raw([b"abc", b"de", b"f\ngh"]))
print(r.read(4), r.peek(), r.readline(), r.read(), r.read(), r)
r = io.BufferedReader(Raw([None, b"ab", None, b"cd"]))
print(r.read(3), r.read(3), r.read(3), r.read())
raw = Raw([b"xyz", b"123"])
print(raw.read(2), raw.read(3), raw.readall(), raw.read(1), raw.closed)
w = io.BufferedWriter(raw, 4)
print(w.write(b"a"), w.write(b"bc"), raw.written, w.write(b"defgh"), raw.written, w.flush(), raw.written)
w.write(b"zz")
print(w.detach() is raw, raw.written)
err(w.write, b"x")
err(w.flush)
print(repr(w))
p = io.BufferedRWPair(Raw([b"in"]), Raw([]))
print(p.read(), p.write(b"out"), p.flush(), p.readable(), p.writable(), p.closed, p.isatty(), p.close(), p.closed)
err(io.BufferedReader, io.BytesIO(b""), 0)
err(io.BufferedReader, 5)
err(io.BufferedWriter, open(P, "rb").raw)
err(io.BufferedRandom, Raw([]))
err(io.BufferedReader.__new__(io.BufferedReader).read)


class Bad(Raw):
    def readinto(self, b):
        return 10 ** 6

    def write(self, b):
        return -1


err(io.BufferedReader(Bad([])).read, 10)
bw = io.BufferedWriter(Bad([]))
bw.write(b"x")
err(bw.flush)
bw.raw.write = lambda b: len(b)
bw = None


class Failing(io.RawIOBase):
    def writable(self):
        return True

    def write(self, b):
        raise OSError("disk full")


w = io.BufferedWriter(Failing())
w.write(b"1")
err(w.close)
print(w.closed, w.raw.closed)
rfd, wfd = os.pipe()
with open(wfd, "wb") as w, open(rfd, "rb") as r:
    w.write(b"through a pipe\nmore")
    w.flush()
    print(r.readline(), r.seekable())
    err(r.seek, 0)
    w.close()
    print(r.read())
os.unlink(P)
