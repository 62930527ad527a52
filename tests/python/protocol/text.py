# repr, str, ascii, format, bytes, dir: what comes out and what is refused.
def show(source, **names):
    try:
        print(source, "->", repr(eval(source, names)))
    except Exception as e:
        print(source, "->", type(e).__name__ + ":", e)


class Bad:
    def __repr__(self):
        return 1

    __str__ = __format__ = __bytes__ = __dir__ = lambda self, *a: 1


for f in ["repr(b)", "str(b)", "ascii(b)", "format(b)", "f'{b}'", "f'{b!r}'", "bytes(b)", "dir(b)", "'%s' % b"]:
    show(f, b=Bad())


class S(str):
    def __str__(self):
        return S("sub")

    def __repr__(self):
        return S("r")


print(type(str(S())), str(S()), type(repr(S())), "%s" % S(), f"{S('x')}")
print(ascii("aé\u1234\U00012345'\""), ascii([chr(255), "\n"]), ascii(1))
show("format(1, 2)")
show("format([], 'x')")
show("format(object(), '>10')")
show("format(1.5, '')")
show("format(None, '5')")
for expression in ["bytes('a')", "bytes(1.5)", "bytes([300])", "bytes(['a'])", "bytes([1, 2.5])", "bytes([-1])",
                   "bytes(3)", "bytes(-1)", "bytes(range(5))", "bytes(None)", "bytes(memoryview(b'ab'))",
                   "bytes(x for x in [1, 2])", "bytes('é', 'latin-1')"]:
    show(expression)


class B:
    def __bytes__(self):
        return b"xyz"


print(bytes(B()))


class Dir:
    def __dir__(self):
        return ["b", "a"]


class Mixed:
    def __dir__(self):
        return ["b", 1]


print(dir(Dir()))
show("dir(Mixed())", Mixed=Mixed)
print([n for n in dir(object()) if n in ("__class__", "__eq__", "__new__")])


def local_names():
    z = y = 1
    return dir()


print(local_names())
l = [1]
l.append(l)
d = {1: l}
d[2] = d
print(l, d)


class Recursive:
    def __repr__(self):
        return repr([self])


try:
    repr(Recursive())
except RecursionError as e:
    print("RecursionError")
