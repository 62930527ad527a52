# open(): modes, attributes, reprs, errors, context managers.
import io
import os

P = "/tmp/qv_io_files.txt"


def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
        print(r)
        if hasattr(r, "close"):
            r.close()
    except Exception as e:
        print(type(e).__name__, e)


with open(P, "w") as f:
    print(f, f.buffer, f.buffer.raw, f.mode, f.buffer.mode, f.name, f.encoding, f.errors, f.newlines)
    print(f.write("hello\n"), f.writable(), f.readable(), f.seekable(), f.isatty(), f.line_buffering, f.write_through)
    err(f.read)
    err(f.readline)
    f.writelines(["a\n", "b\n"])
    print(f.tell())
print(f.closed, f, f.buffer, f.buffer.raw)
err(f.write, "x")
err(f.read)
err(f.tell)
err(f.flush)
err(f.fileno)
err(f.__enter__)
f.close()
for mode in ("r", "rb", "r+", "rb+", "w+b", "a", "ab", "a+", "x", "wt", "rt+"):
    try:
        with open(P, mode) as f:
            raw = f.raw if "b" in mode else f.buffer.raw
            print(mode, type(f).__name__, f.mode, raw.mode, f.readable(), f.writable())
    except OSError as e:
        print(mode, type(e).__name__, e)
for args, kw in [((P, "q"), {}), ((P, "rw"), {}), ((P, ""), {}), ((P, "b"), {}), ((P, "rbt"), {}), ((P, "r++"), {}), ((P, "U"), {}),
                 ((P, "rb"), {"encoding": "utf-8"}), ((P, "rb"), {"errors": "x"}), ((P, "rb"), {"newline": "\n"}),
                 ((P, "r"), {"newline": "bad"}), ((P, "r"), {"buffering": 0}), ((P, "r", -2), {}), (("/nope/nope",), {}), (("/tmp",), {}),
                 ((3.5,), {}), ((None,), {}), ((-1,), {}), (("a\0b",), {}), ((P, 3), {}), ((P,), {"encoding": "no-such"}),
                 ((P,), {"encoding": "rot13"}), ((P, "r"), {"closefd": False}), ((9999,), {}), ((P,), {"opener": lambda p, fl: "x"}),
                 ((P,), {"opener": lambda p, fl: -1}), ((P,), {"encoding": 5}), ((), {})]:
    err(open, *args, **kw)
with open(P, "rb", 0) as f:
    print(type(f), f, f.closefd)
with open(P, "rb") as f:
    fd = f.fileno()
    g = open(fd, "rb", closefd=False)
    print(g.closefd if hasattr(g, "closefd") else g.raw.closefd, g.name == fd)
    g.close()
    print(f.closed, os.fstat(fd).st_size >= 0)
with open(P, "w", opener=lambda p, fl: os.open(p, fl, 0o600)) as f:
    f.write("opened")
print(open(P).read())


class Path:
    def __fspath__(self):
        return P


with open(Path()) as f:
    print(f.name, f.read())
with open(P.encode()) as f:
    print(f.name, f.read())
f = io.FileIO(P)
print(f, f.read(3), f.tell(), f.readall(), f.read(), f.seek(1), f.read(2), f.readable(), f.writable(), f.seekable(), f.closefd, f.mode)
b = bytearray(3)
f.seek(0)
print(f.readinto(b), b)
err(f.write, b"x")
f.close()
f.close()
print(f)
err(f.read)
err(io.FileIO, P, "z")
err(io.FileIO, P, "rw")
err(io.FileIO, P, "r", False)
err(io.FileIO, -5)
print(io.DEFAULT_BUFFER_SIZE, io.SEEK_SET, io.SEEK_CUR, io.SEEK_END, io.UnsupportedOperation.__mro__)
print(io.open is open, io.text_encoding(None), io.text_encoding("x"), io.open_code(P).read())
print(issubclass(io.FileIO, io.RawIOBase), isinstance(open(P), io.TextIOBase))
os.unlink(P)
