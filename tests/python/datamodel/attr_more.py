# SPDX-License-Identifier: MIT
# Attributes that are computed, read again and again at one place: by C functions, by descriptors in
# Python, of classes with a metaclass; displays of dicts, tuples and functions made in loops.
import enum
import sys


def tell(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__, e)


def name_of(o):
    return o.__name__


def f():
    "doc"


class C:
    pass


for o in [f, f, C, f, len, C, int, f]:
    tell(name_of, o)
f.__name__ = "renamed"
print(name_of(f))


def code_of(o):
    return o.f_code.co_name, o.f_lineno > 0, o.f_back is not None


for _ in range(3):
    print(code_of(sys._getframe()))
tell(code_of, 5)


def dict_of(o):
    return sorted(o.__dict__)


class D:
    def __init__(self):
        self.a = 1


class E(D):
    pass


for o in [D(), D(), E(), D(), 5]:
    tell(dict_of, o)


# ---- descriptors in Python ----
class Data:
    def __get__(self, o, kind=None):
        return ("data", o.tag if o else None, kind.__name__)

    def __set__(self, o, value):
        raise AttributeError("no")


class NonData:
    def __get__(self, o, kind):
        if getattr(o, "fail", 0):
            raise AttributeError("failed")
        return ("nondata", o.tag, kind.__name__)


class Three:
    def __get__(self, o, kind, *more):
        return ("three", more)


class O:
    d = Data()
    n = NonData()
    t = Three()
    tag = "O"


class P(O):
    tag = "P"


def d(o):
    return o.d


def n(o):
    return o.n


def t(o):
    return o.t


for read in (d, n, t):
    for o in [O(), O(), P(), O()]:
        tell(read, o)
o = O()
o.__dict__["d"] = o.__dict__["n"] = "own"
print(d(o), n(o), n(O()), d(O), n(P()))
o = O()
o.fail = 1
tell(n, o)
tell(n, O())
O.n = 5
print(n(O()), n(P()))
O.d = Three()
print(d(O()), d(P()))
Data.__get__ = lambda self, o, kind: "changed"
O.d = Data()
print(d(O()), d(P()))
Data.__get__ = lambda self, o, kind: "changed again"
print(d(O()), d(P()))
del Data.__get__
print(type(d(O())).__name__)


class G(O):
    def __getattr__(self, name):
        return "hook " + name


G.n = NonData()
g = G()
print(n(g), t(g))
g.fail = 1
print(n(g))


# ---- metaclasses and enums ----
class Meta(type):
    @property
    def p(cls):
        return "meta p", cls.__name__

    def __getattr__(cls, name):
        return "hook", cls.__name__, name

    def m(cls):
        return "m", cls.__name__


class A(metaclass=Meta):
    x = 1
    p = "hidden"

    def f(self):
        return "f"

    @classmethod
    def c(cls):
        return cls.__name__


class B(A):
    pass


def attrs(c):
    return c.x, c.p, c.zz, c.m(), c.c(), c.f(5), c.yy(1) if callable(c.yy) else c.yy


for c in [A, A, B, A]:
    tell(attrs, c)
A.x = 2
print(attrs(A), attrs(B))
B.x = 3
print(attrs(A), attrs(B))
Meta.x = property(lambda cls: "meta x")
print(attrs(A), attrs(B))


class All(type):
    def __getattribute__(cls, name):
        return "all " + name


class Q(metaclass=All):
    x = 1

    def f():
        return 1


def x(c):
    return c.x


def call_f(c):
    return c.f()


for c in [Q, A, Q, B, Q]:
    tell(x, c)
    tell(call_f, c)


class Colour(enum.Enum):
    RED = 1
    GREEN = 2

    @property
    def lower(self):
        return self.name.lower()


def colours(v):
    c = Colour(v)
    return c is Colour.RED, c.name, c.value, c.lower, Colour["GREEN"], c in Colour, len(Colour)


for v in (1, 2, 1):
    print(colours(v))
tell(colours, 3)


# ---- displays ----
def displays(i, k):
    return {"a": i, "b": k}, {"a": 1, "a": 2}, {k: 1, "k": 2}, (i, k), [i, k], {}, (), [], {**{"z": i}}


for i in range(3):
    print(displays(i, "k"), displays(i, "x" * i))
tell(displays, 1, [])
big = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7, "h": 8}
big["i"] = 9
del big["a"]
print(big, len(big), "h" in big)


def maker(i):
    def inner(a, b=i, *, c=i):
        "doc"
        return a, b, c, i

    return inner, lambda: i


for i in range(2):
    inner, small = maker(i)
    print(inner(5), small(), inner.__module__, inner.__qualname__, inner.__doc__, inner.__defaults__, small.__builtins__ is inner.__builtins__)
