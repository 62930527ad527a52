# Handlers that put other bytes in place of the input; failures that tell which codec; surrogates in
# pieces.
import codecs


def longer(exc):
    exc.object = b"\x00" * 8
    return "\ufffd", exc.start


calls = 0


def shorter(exc):
    global calls
    calls += 1
    if calls % 5 == 0:
        raise KeyError("enough")
    exc.object = b"ab"
    return "?", -1


def wrong(exc):
    exc.object = "str"
    return "?", 0


for name, handler in ("longer", longer), ("shorter", shorter), ("wrong", wrong):
    codecs.register_error("test." + name, handler)
    for encoding, data in (("utf-16", b"\x00"), ("utf-32", b"\x00"), ("utf-8", b"abc\xff" + b"d" * 40),
                           ("ascii", b"abc\xff" + b"d" * 40), ("unicode_escape", b"abc\\x"),
                           ("raw_unicode_escape", b"abc\\u12zz"), ("utf-7", b"abc\xff" + b"d" * 40)):
        if name == "wrong" and "escape" in encoding:
            continue
        try:
            print(name, encoding, ascii(data.decode(encoding, "test." + name)))
        except Exception as e:
            print(name, encoding, type(e).__name__, e)
    try:
        print(name, "charmap", ascii(codecs.charmap_decode(b"\x05bcdefgh", "test." + name, "abc")[0][:12]))
    except Exception as e:
        print(name, "charmap", type(e).__name__, e)


class Slots(RuntimeError):
    __slots__ = ("x",)


class Plain(RuntimeError):
    pass


class Own(RuntimeError):
    def __init__(self, *args):
        pass


class S(str):
    pass


def with_attribute():
    e = Plain("attribute")
    e.x = 1
    return e


problem = None


def fail(*args):
    raise problem


codecs.register(lambda name: codecs.CodecInfo(fail, fail, name=name) if name == "failing" else None)
for problem in (RuntimeError, RuntimeError("text"), Plain("plain"), Slots("slots"), Own("own"),
                RuntimeError(1), RuntimeError("a", "b"), with_attribute(), RuntimeError(S("s")),
                OSError("os"), KeyError("key"), UnicodeError("u"), StopIteration("stop")):
    for f in (lambda: "a".encode("failing"), lambda: b"a".decode("failing"),
              lambda: codecs.encode(1, "failing"), lambda: codecs.decode(b"a", "failing")):
        try:
            f()
        except Exception as e:
            print(type(e).__name__, e, "|", repr(e.__cause__))

for text in "\ud901", "\udc02":
    data = text.encode("utf-8", "surrogatepass")
    for i in 1, 2:
        for errors in "surrogatepass", "replace":
            d = codecs.getincrementaldecoder("utf-8")(errors)
            print(ascii(d.decode(data[:i])), ascii(d.decode(data[i:], True)))
