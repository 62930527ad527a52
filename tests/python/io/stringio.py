# StringIO: newline modes, widths, positions, errors.
import io


def err(f, *args, **kw):
    try:
        print(repr(f(*args, **kw)))
    except Exception as e:
        print(type(e).__name__, e)


text = "a\nb\r\nc\rd"
for nl in (None, "", "\n", "\r", "\r\n"):
    s = io.StringIO(text, newline=nl)
    print(repr(nl), s.readlines(), repr(s.getvalue()), s.newlines)
    w = io.StringIO(newline=nl)
    print(w.write("x\ny\r\nz\r"), repr(w.getvalue()), w.newlines)
s = io.StringIO("ab")
print(s.read(1), s.tell(), s.write("xyz"), s.getvalue(), s.read(), s.seek(0), s.read(3), s.readline())
s.seek(10)
s.write("\u20ac\U0001f600")
print(ascii(s.getvalue()), s.tell(), s.truncate(2), s.getvalue(), s.tell())
s.seek(0, 2)
print(s.tell(), s.seek(0, 1))
err(s.seek, 1, 1)
err(s.seek, -1)
err(s.seek, 0, 7)
err(s.truncate, -2)
err(s.write, b"x")
err(s.write, 3)
err(io.StringIO, b"x")
err(io.StringIO, "x", newline="q")
err(io.StringIO, newline=b"q")
err(s.read, "a")
print(s.readable(), s.writable(), s.seekable(), s.closed, s.line_buffering, s.encoding, s.errors, s.isatty())
err(s.fileno)
err(s.detach)
s = io.StringIO("one\ntwo\n\u0100three")
print([l for l in s], next(iter(s), "end"))
s.seek(0)
print(repr(s.readline(2)), repr(s.readline(2)), repr(s.readline(-1)), s.readlines(1))
st = s.__getstate__()
print(ascii(st))
t = io.StringIO()
t.__setstate__(st)
print(ascii(t.getvalue()), t.tell())
with s:
    pass
for m in ("read", "getvalue", "tell", "readable", "flush"):
    err(getattr(s, m))
err(s.write, "")
err(next, s)
out = io.StringIO()
print("to", "file", file=out, end="!\n")
print(repr(out.getvalue()))
