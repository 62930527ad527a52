# TextIOWrapper: encodings, newlines, positions, errors.
import io
import os

P = "/tmp/qv_io_text.txt"


def err(f, *args, **kw):
    try:
        print(repr(f(*args, **kw)))
    except Exception as e:
        print(type(e).__name__, e)


raw = b"a\nb\r\nc\rd\r\n\r\ne"
for nl in (None, "", "\n", "\r", "\r\n"):
    t = io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8", newline=nl)
    print(repr(nl), t.readlines(), t.newlines)
    t.seek(0)
    print(ascii(t.read()))
    t.seek(0)
    print([ascii(t.read(2)) for _ in range(7)])
    t.seek(0)
    pos = []
    while True:
        line = t.readline()
        if not line:
            break
        pos.append((t.tell(), line))
    for at, line in pos:
        t.seek(at)
        print(repr(t.readline()), end=" ")
    print()
    b = io.BytesIO()
    t = io.TextIOWrapper(b, encoding="utf-8", newline=nl)
    print(t.write("x\ny\r\nz\n"), t.flush(), b.getvalue())
uni = "h\u00e9llo \u20ac\n\U0001f600 end\n" * 3
for enc in ("utf-8", "utf-16", "utf-16-le", "utf-32", "latin-1", "ascii", "cp1252", "utf-8-sig"):
    try:
        with open(P, "w", encoding=enc, errors="replace") as f:
            f.write(uni)
        with open(P, encoding=enc) as f:
            s = f.read()
            print(enc, len(s), ascii(s[:10]))
            f.seek(0)
            a = f.read(4)
            at = f.tell()
            rest = f.read(5)
            f.seek(at)
            print(at, f.read(5) == rest)
        with open(P, "a", encoding=enc, errors="replace") as f:
            f.write("tail")
        print(open(P, "rb").read()[-12:])
    except Exception as e:
        print(enc, type(e).__name__, e)
bad = b"ok\xff\xfebad\xc3"
for e in ("strict", "ignore", "replace", "surrogateescape", "backslashreplace"):
    t = io.TextIOWrapper(io.BytesIO(bad), encoding="utf-8", errors=e)
    err(t.read)
    t = io.TextIOWrapper(io.BytesIO(bad), encoding="utf-8", errors=e)
    try:
        x = t.read(3)
        at = t.tell()
        y = t.read()
        t.seek(at)
        print(ascii(x), t.read() == y)
    except UnicodeDecodeError as ex:
        print(ex)
for e in ("strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace"):
    b = io.BytesIO()
    t = io.TextIOWrapper(b, encoding="ascii", errors=e)
    err(t.write, "a\u20acb")
    try:
        t.flush()
    except Exception as ex:
        print(ex)
    print(b.getvalue())
b = io.BytesIO()
t = io.TextIOWrapper(b, encoding="utf-8", line_buffering=True)
t.write("no newline")
print(b.getvalue())
t.write(" yes\nmore")
print(b.getvalue())
t.reconfigure(line_buffering=False, encoding="latin-1")
t.write("\xe9")
t.flush()
print(b.getvalue(), t, t.line_buffering)
print(t.detach() is b)
err(t.write, "x")
err(t.detach)
print(repr(t))
t = io.TextIOWrapper(io.BytesIO(b"abc\ndef\nghi\n"), encoding="utf-8")
print(next(t))
err(t.tell)
print(list(t), t.tell())
err(t.seek, 1, 1)
err(t.seek, -1, 2)
err(t.seek, -1)
err(t.seek, 0, 3)
print(t.seek(0, 2), t.seek(4), t.read(3), t.seek(0, 1), t.readline(2), repr(t.readline(0)))
err(t.write, b"x")
err(t.write, 5)
err(t.read, "x")
err(t.readline, "x")
err(io.TextIOWrapper, io.BytesIO(), newline="x")
err(io.TextIOWrapper, io.BytesIO(), encoding=3)
err(io.TextIOWrapper, io.BytesIO(), errors=3)
err(io.TextIOWrapper, 5)
err(io.TextIOWrapper, io.BytesIO(), encoding="nope")
with open(P, "w+") as f:
    f.write("0123456789")
    f.seek(3)
    print(f.read(2), f.truncate(), f.tell())
    f.seek(0)
    print(f.read())
    f.write("xyz")
    f.seek(0)
    print(f.read(), f.newlines, f._CHUNK_SIZE)
lines = ["line %d\n" % i for i in range(5000)]
with open(P, "w") as f:
    f.writelines(lines)
with open(P) as f:
    print(list(f) == lines, f.readline() == "")
    f.seek(0)
    print(f.read(12345)[-5:], f.tell(), len(f.read()))
    f._CHUNK_SIZE = 7
    f.seek(0)
    print(f.readlines() == lines)
class Sub(io.TextIOWrapper):
    def readline(self):
        return super().readline().upper()
print(list(Sub(io.BytesIO(b"a\nb\n"), encoding="ascii")))
d = io.IncrementalNewlineDecoder(None, True)
print(repr(d.decode("a\r")), repr(d.decode("\nb\r")), d.getstate(), repr(d.decode("", final=True)), d.newlines)
d.setstate((b"", 1))
print(repr(d.decode("x")), d.reset(), d.newlines)
os.unlink(P)
