# Streams in the states that programs seldom see: not initialised, detached, closed by another.
import io
import os
import sys
import tempfile

folder = tempfile.mkdtemp()
path = os.path.join(folder, "f")


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


names = ("errors", "encoding", "newlines", "line_buffering", "name", "mode", "closed", "buffer",
         "_CHUNK_SIZE")
t = io.TextIOWrapper.__new__(io.TextIOWrapper)
print(attempt(repr, t), [attempt(getattr, t, n) for n in names])
t = io.TextIOWrapper(io.BytesIO(), "ascii", "replace")
t.detach()
print(attempt(repr, t), [attempt(getattr, t, n) for n in names])

# FileIO: flush after close; flush of the object's own before it; a name that cannot be set
f = open(path, "wb", buffering=0)
f.close()
f.close()
print(attempt(f.flush))
f = open(path, "wb", buffering=0)


def bad_flush():
    print("flush, closed:", f.closed)
    raise OSError("no flush")


f.flush = bad_flush
print(attempt(f.close), f.closed)
f.close()


class Nameless(io.FileIO):
    def __setattr__(self, name, value):
        raise KeyError(name)


fd = os.open(path, os.O_RDONLY)
print(attempt(Nameless, fd))
os.close(fd)  # still open

s = io.StringIO("a")
s.close()
print(attempt(s.__setstate__, ("b", "", 0, None)))

# a block that no machine has
for cls in io.BufferedReader, io.BufferedWriter:
    with open(path, "r+b", buffering=0) as raw:
        b = cls(raw)
        print(attempt(b.__init__, raw, sys.maxsize) == "MemoryError: ", attempt(b.flush))


# readinto1 asks the raw stream once, also for more than what was there
class Raw(io.RawIOBase):
    def __init__(self, *chunks):
        self.chunks = list(chunks)

    def readable(self):
        return True

    def readinto(self, b):
        chunk = self.chunks.pop(0) if self.chunks else b""
        b[:len(chunk)] = chunk
        return len(chunk)


r = io.BufferedReader(Raw(b"abc", b"def", b"ghi"), 10)
print(r.peek(), r.readinto1(bytearray(2)), r.readinto1(bytearray(10)), r.readinto1(bytearray(20)),
      r.readinto1(bytearray(5)))
r = io.BufferedReader(Raw(b"abc", b"def", b"ghi"), 10)
print(r.peek(), r.readinto1(bytearray(14)), r.readinto1(bytearray(14)))


# pending text goes down before it would outgrow a chunk
class Sink(io.RawIOBase):
    def __init__(self):
        self.sizes = []

    def writable(self):
        return True

    def write(self, b):
        self.sizes.append(len(b))
        if len(b) > 8192:
            raise RuntimeError("too much")
        return len(b)


for encoding in "ascii", "utf-8":
    sink = Sink()
    t = io.TextIOWrapper(sink, encoding)
    t.write("abc")
    t.write("def")
    print(encoding, attempt(t.write, "x" * 8193), sink.sizes)
    sink.sizes.clear()
    t.write("ghi")
    print(attempt(t.write, "\xe9" * 4096 if encoding == "utf-8" else "x" * 4000), sink.sizes)
    attempt(t.close)

# a text file that cannot be made leaves no open file behind
import warnings  # noqa: E402

with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    print(attempt(lambda: open(path, "w", newline="x")))
    print(attempt(lambda: open(path, encoding="none such")))
    print(w)

os.unlink(path)
os.rmdir(folder)
