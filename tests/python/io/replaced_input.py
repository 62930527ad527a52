# A handler that leaves less input than was read: CPython decodes what is left of the old one.
# expect: ValueError the error handler has left 98 bytes of the input undecoded
import codecs
import io


def shorter(exc):
    exc.object = b"ab\xe2"
    return "?", 0


codecs.register_error("test.shorter", shorter)
t = io.TextIOWrapper(io.BytesIO(b"\xff" + b"z" * 300), "utf-8", "test.shorter")
t._CHUNK_SIZE = 100
try:
    print(ascii(t.read(2)))
except ValueError as e:
    print("ValueError", e)
