# __dict__ of classes below modules and exceptions; wrappers of other classes; slots by odd names.
import types


class Base:
    pass


class M1(types.ModuleType, Base):
    pass


class M2(Base, types.ModuleType):
    pass


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


descr = Base.__dict__["__dict__"]
for cls in M1, M2:
    m = cls("spam")
    attempt(lambda: descr.__set__(m, {}))
    attempt(lambda: setattr(m, "__dict__", {}))
    attempt(lambda: delattr(m, "__dict__"))
    m.x = 5
    attempt(lambda: descr.__get__(m)["x"])


class E1(Exception, Base):
    pass


class E2(Base, Exception):
    pass


for e in Exception(), E1(), E2():
    e.__dict__ = {"a": 1}
    print(e.a)
    attempt(lambda: delattr(e, "__dict__"))


class Odd(types.ModuleType):
    __dict__ = property(lambda self: "text")


attempt(lambda: dir(Odd("m")))


class Wrong(int):
    __eq__ = str.__eq__
    __add__ = str.__add__
    __neg__ = float.__neg__
    __hash__ = str.__hash__


w = Wrong(3)
attempt(lambda: w == w)
attempt(lambda: w + w)
attempt(lambda: -w)
attempt(lambda: hash(w))


class C1:
    def __init__(self):
        self.b = 42


class C2(C1):
    __slots__ = ["__classcell__", "__qualname__"]

    def __init__(self):
        super().__init__()


c = C2()
c.__classcell__ = 1
print(c.b, c.__classcell__, C2.__qualname__, type(C2.__dict__["__classcell__"]).__name__)

for d in (
    types.FunctionType.__globals__,
    types.FunctionType.__code__,
    complex.real,
    float.real,
    slice.start,
    property.fget,
    types.MethodType.__func__,
    type.__dict__["__base__"],
):
    print(type(d).__name__, d)
print(type(C2.__classcell__) is types.MemberDescriptorType)


class H:
    __slots__ = ["b", "a"]


class I:
    __slots__ = ["a", "b"]


class L(H):
    __slots__ = ["e"]


class M(I):
    __slots__ = ["e"]


h = H()
h.__class__ = I
print(type(h))
x = L()
attempt(lambda: setattr(x, "__class__", M))
