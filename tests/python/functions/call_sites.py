# SPDX-License-Identifier: MIT
# Call sites that are run again and again: keywords, * and **, classmethods and staticmethods,
# callables of all kinds met by one site, `with`, getattr(), and what changes meanwhile.
import functools
import types
from collections import namedtuple


def tell(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(type(e).__name__, e)


# ---- keywords ----
def f(a, b=2, *, c=3, d=4):
    return a, b, c, d


def g(a, /, b, c=5):
    return a, b, c


def h(x, **kw):
    return x, kw


def required(a, *, k):
    return a, k


def kw_site(fn):
    return fn(1, b=7)


def kw_site2(fn):
    return fn(c=8, b=7, a=1)


def kw_site3(fn, v):
    return fn(v, k=v)


for fn in [f, f, f, g, g, h, h, f, lambda a, b: (b, a), lambda b, a: (b, a), print, dict]:
    tell(kw_site, fn)
for fn in [f, f, g, h, lambda c, b, a: (a, b, c), lambda **k: sorted(k.items())]:
    tell(kw_site2, fn)
for fn in [required, required, f, lambda *a, k: (a, k), lambda v, k=1, *, z: z]:
    tell(kw_site3, fn, 5)
    tell(kw_site3, fn, 6)


def changing(a, b=1, *, c=2):
    return a, b, c


def call_changing():
    return changing(0, c=9)


print(call_changing(), call_changing())
changing.__defaults__ = (11,)
print(call_changing())
changing.__defaults__ = None
tell(call_changing)
changing.__defaults__ = (12,)
changing.__kwdefaults__ = None
print(call_changing())
changing.__code__ = (lambda a, b, c=0: ("new", a, b, c)).__code__
tell(call_changing)
changing.__defaults__ = (1, 2)
tell(call_changing)


def kwdefault(a, *, b, c=3):
    return a, b, c


def call_kwdefault():
    return kwdefault(1, b=2)


print(call_kwdefault(), call_kwdefault())
kwdefault.__kwdefaults__ = {}
tell(call_kwdefault)
kwdefault.__kwdefaults__ = {"c": 30}
print(call_kwdefault())


class K:
    def __init__(self, a, b=2, **kw):
        self.args = a, b, kw

    def m(self, a, b=2, *, c=3):
        return type(self).__name__, a, b, c

    def __call__(self, *a, **k):
        return "called", a, k

    @classmethod
    def cm(cls, a=0, *, k=1):
        return cls.__name__, a, k

    @staticmethod
    def sm(a=0, *, k=1):
        return "static", a, k


class L(K):
    pass


def methods(o):
    return o.m(1, c=5), o.m(a=1), o.m(1, 2, c=3), o.cm(), o.cm(k=2), o.sm(), o.sm(4), o.sm(4, k=5)


for o in [K(1), L(1), K(1), L(2)]:
    print(methods(o))


def on_class(c):
    return c.cm(), c.cm(3), c.cm(3, k=4), c.sm(), c.sm(1), c.m(c(0), 1)


for c in [K, K, L, L, K]:
    print(on_class(c))
K.cm = classmethod(lambda cls: "changed " + cls.__name__)
K.sm = staticmethod(lambda a=7: ("changed", a))


def on_class2(c):
    return c.cm(), c.sm(), c.sm(1)


for c in [K, K, L]:
    print(on_class2(c))
K.cm = 5
tell(on_class2, K)
K.cm = len
tell(on_class2, K)


class Meta(type):
    def cm(cls):
        return "meta"

    def __call__(cls, *args, **kw):
        return "made", cls.__name__, args, kw


class OfMeta(metaclass=Meta):
    pass


def make(c, *a, **k):
    return c(*a, **k), c(1), c(x=2)


print(on_class2.__name__, OfMeta.cm(), OfMeta.cm())
print(make(OfMeta), make(OfMeta, 1, y=2))


# ---- callables in attributes ----
class Holder:
    def __init__(self, fn):
        self.fn = fn

    def go(self, *args):
        return self.fn(*args), self.fn(1), self.fn(1, 2)


def two(a, b=None):
    return a, b


for fn in [two, two, K(0), max and divmod and (lambda *a: a), functools.partial(two), Holder(two).fn]:
    tell(Holder(fn).go, 3)
holder = Holder(two)


def attribute_call(o):
    return o.fn(1, 2)


print(attribute_call(holder), attribute_call(holder))
holder.fn = K(0)
print(attribute_call(holder))
holder.fn = pow
print(attribute_call(holder), attribute_call(holder), attribute_call(holder))
holder.fn = "x".join
tell(attribute_call, holder)
holder.fn = holder.go
tell(attribute_call, Holder(K(0).m))
del holder.fn
tell(attribute_call, holder)
Holder.fn = lambda self, a, b: ("class", a, b)
print(attribute_call(holder), attribute_call(holder))

module = types.ModuleType("module")
module.fn = two


def module_call(v):
    return module.fn(v, v)


print(module_call(1), module_call(2))
module.fn = divmod
print(module_call(1), module_call(2))
module.fn = K
print(module_call(1).args, module_call(2).args)
del module.fn
tell(module_call, 1)
module.__getattr__ = lambda name: lambda *a: (name, a)
print(module_call(1), module_call(2))


# ---- * and ** ----
def star(fn, args, kw):
    return fn(*args, **kw)


def star_only(fn, args):
    return fn(*args)


def everything(a, b=2, *rest, k=3, **kw):
    return a, b, rest, k, kw


for args, kw in [((1,), {}), ((1, 2, 3), {"k": 4}), ((), {"a": 1, "z": 2}), ((), {}), ((1,), {"a": 2}),
                 ([1, 2], {"b": 3}), (iter("ab"), {"k": 0}), ((1,), {"x": 1, "y": 2})]:
    tell(star, everything, args, kw)
    tell(star, f, args, kw)
    tell(star, g, args, kw)
    tell(star, K(0).m, args, kw)
    tell(star, K(0), args, kw)
    tell(lambda: star(K, args, kw).args)
    tell(star, dict, (), kw)
tell(star_only, two, 5)
tell(star, two, (1,), 5)
tell(star, two, (1,), {1: 2})
tell(star, everything, (1,), {"a" + chr(97): 1, "k": 2})
tell(star_only, lambda *a: a, range(20))
tell(star_only, Holder, ())
print(star_only(object, ()) is not None)


def passed(**kw):
    kw["new"] = 1
    return kw


original = {"x": 1}
print(star(passed, (), original), original)


def wrap(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        return fn(*args, **kwargs)

    return wrapper


wrapped = wrap(wrap(everything))
for i in range(3):
    print(wrapped(i), wrapped(i, k=i, q=i), wrapped(a=i, b=i))
tell(wrapped)


class Str(str):
    pass


tell(star, everything, (1,), {Str("b"): 5, Str("other"): 6})


class InitFails:
    def __init__(self, *a):
        raise ValueError(a)


class InitReturns:
    def __init__(self, *a):
        return a


tell(star_only, InitFails, (1, 2))
tell(star_only, InitReturns, (1, 2))
tell(InitReturns)


# ---- instances without __init__ ----
class Plain:
    pass


def make_plain(c):
    return type(c()).__name__


for c in [Plain, Plain, Plain, K, int, Plain]:
    tell(make_plain, c)
Plain.__init__ = lambda self: print("init")
print(make_plain(Plain), make_plain(Plain))
del Plain.__init__
print(make_plain(Plain))
tell(lambda: Plain(1))
Plain.__new__ = lambda cls: 5
print(make_plain(Plain))


# ---- with ----
class CM:
    def __init__(self, swallow):
        self.swallow = swallow

    def __enter__(self):
        log.append("enter")
        if self.swallow == "enter":
            raise KeyError("enter")
        return self, 1

    def __exit__(self, kind, value, tb):
        log.append((kind and kind.__name__, str(value), tb is not None))
        if self.swallow == "exit":
            raise IndexError("exit")
        return self.swallow


class Star(CM):
    def __exit__(self, *args):
        return super().__exit__(*args)


def use(cm, fail):
    with cm as (c, one):
        log.append(one)
        if fail:
            raise ValueError("body")
        return "returned"
    return "after"


for kind in (CM, Star):
    for swallow in (True, False, 0, [1], "enter", "exit"):
        for fail in (False, True):
            log = []
            tell(use, kind(swallow), fail)
            print(log)


class NoExit:
    def __enter__(self):
        pass


class Odd:
    __enter__ = staticmethod(lambda: ("s", 1))

    @classmethod
    def __exit__(cls, *a):
        log.append(cls.__name__)


log = []
tell(use, NoExit(), False)
tell(use, 5, False)
tell(use, Odd(), False)
print(log)


class Short:
    def __enter__(self):
        return 1, 1

    def __exit__(self):
        return True


tell(use, Short(), False)


def generator_with():
    log.append("start")
    with CM(False) as x:
        yield x[1]
        yield f(1, c=2)
        yield star(everything, (1, 2), {"k": 5})
    yield holder.fn(1, 2)


log = []
print(list(generator_with()), log)


# ---- getattr, __class__, named tuples, bound methods ----
class Attr:
    cls = "of class"

    def __init__(self, v):
        self.v = v

    def m(self):
        return self.v

    @property
    def p(self):
        return "p", self.v


def get(o, name):
    return getattr(o, name)


def get3(o, name):
    return getattr(o, name, "default")


o = Attr(1)
for name in ("v", "v", "cls", "cls", "p", "zz", "v", "__class__", "".join(["", "v"])):
    tell(get, o, name)
    tell(get3, o, name)
o.v = 2
Attr.cls = "changed"
print(get(o, "v"), get(o, "cls"), get3(o, "v"), get(o, "m")(), get3(Attr, "cls"))
o.cls = "own"
print(get(o, "cls"), get3(o, "cls"))
tell(get, o, 5)
tell(get3, o, 5)
tell(getattr, o)


def class_of(x):
    return x.__class__.__name__


class Liar:
    @property
    def __class__(self):
        return int


print([class_of(x) for x in (o, o, 1, "s", Liar(), o, Attr)], isinstance(Liar(), int), isinstance(o, int))
o.__class__ = L
print(class_of(o), class_of(o))

Point = namedtuple("Point", "x y")


class Sub(Point):
    y = property(lambda self: ("sub", self[1]))


def fields(p):
    return p.x, p.y


for p in [Point(1, 2), Point(3, 4), Sub(5, 6), Point(7, 8)]:
    print(fields(p))
Point.x = 9
print(fields(Point(1, 2)))
tell(fields, tuple.__new__(Point, ()))


def bound(o):
    return o.m


for x in [K(1), K(2), L(3)]:
    print(bound(x)(1), bound(x).__self__ is x, bound(x) == bound(x))
x.m = "own"
print(bound(x), bound(K(1)).__name__)


# ---- natives with defaults ----
def natives(d, s):
    return d.get("a"), d.get("b", 5), d.get("c"), s.split(), s.split(","), s.strip(), d.pop("zz", None), sorted(d)


for i in range(3):
    print(natives({"a": i}, " x,y "))
tell(lambda: {}.get())
tell(lambda: {}.get(1, 2, 3))
