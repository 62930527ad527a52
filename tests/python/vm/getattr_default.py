# SPDX-License-Identifier: MIT
# getattr(o, name, default) at one place, for objects that have the attribute, get it, or fail.
import copy
import copyreg
import sys


class Plain:
    pass


class Slots:
    __slots__ = ("x",)


class Falls:
    def __getattr__(self, name):
        if name == "x":
            return "fell"
        if name == "boom":
            raise ZeroDivisionError("boom")
        raise AttributeError(name)


class Prop:
    @property
    def x(self):
        raise AttributeError("inner")


class Raises:
    @property
    def x(self):
        raise KeyError("x")


class Meta(type):
    def __getattr__(cls, name):
        return "meta " + name


class Made(metaclass=Meta):
    pass


class Name(str):
    pass


def ask(o, name, default):
    try:
        return getattr(o, name, default)
    except Exception as e:
        return type(e).__name__, str(e)


plain, late = Plain(), Plain()
for round in range(3):
    for o in (plain, Plain, late, Slots(), Falls(), Falls, Prop(), Raises(), Made, Made(), sys, 5, "s", None,
              ask, [], object()):
        got = ask(o, "x", "none")
        print(got if isinstance(got, (str, tuple)) else type(got).__name__, end=" ")
    print()
    if round == 0:
        late.x = "late"
        Slots.y = 1
    if round == 1:
        Plain.x = "class"
        late.__dict__
for name in ("x", Name("x"), "".join(["x"]), 5, None, "boom", "\ud800"):
    print([ascii(ask(o, name, None)) for o in (plain, Falls())])
for bad in (lambda: getattr(plain), lambda: getattr(plain, "nothing"), lambda: getattr(plain, "a", 1, 2)):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)
del Plain.x
print(ask(plain, "x", "gone"), ask(late, "x", "gone"))

# What pickling and copying ask of copyreg, also when that is another module, or has changed.
o = Plain()
o.a = 1
print(o.__reduce_ex__(2)[0] is copyreg.__newobj__, o.__reduce_ex__(4)[1:])
kept = copyreg.__newobj__
copyreg.__newobj__ = lambda cls, *args: cls.__new__(cls, *args)
print(o.__reduce_ex__(2)[0] is copyreg.__newobj__, copy.copy(o).a)
del copyreg.__newobj__
try:
    o.__reduce_ex__(2)
except AttributeError as e:
    print(e)
copyreg.__newobj__ = kept


class Fake:
    __newobj__ = "fake"


sys.modules["copyreg"] = Fake
print(o.__reduce_ex__(2)[0])
sys.modules["copyreg"] = copyreg
print(o.__reduce_ex__(2)[0] is kept)
