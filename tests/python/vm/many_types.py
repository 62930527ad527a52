# SPDX-License-Identifier: MIT
# Attribute and call sites that meet many types, shapes and kinds of attribute, also while classes change.


class Base:
    shared = "base"

    def __init__(self, n):
        self.n = n

    def name(self):
        return "base %d" % self.n


kinds = [type("K%d" % i, (Base,), {"shared": "k%d" % i} if i % 3 else {}) for i in range(20)]


class Slots:
    __slots__ = ("n", "shared")

    def name(self):
        return "slots %d" % self.n


class Prop:
    shared = 1

    def __init__(self, n):
        self._n = n

    @property
    def n(self):
        return -self._n

    @n.setter
    def n(self, value):
        self._n = -value

    name = staticmethod(lambda: "static")


class Hook:
    def __getattr__(self, name):
        if name == "name":
            return lambda: "hooked"
        return "hook " + name


class Dicted(Base):
    def name(self):
        return "dicted"


def make():
    found = [k(i) for i, k in enumerate(kinds)]
    s = Slots()
    s.n, s.shared = 5, "s"
    d = Dicted(7)
    d.__dict__["shared"] = "in the dict"
    early = Base(1)
    early.shared = "own"
    shadow = Base(2)
    shadow.name = lambda: "instance's"
    return found + [s, Prop(3), Hook(), d, early, shadow, Base(9)]


def load(o):
    return o.n


def shared(o):
    return o.shared


def call(o):
    return o.name()


def store(o, v):
    o.n = v


def add(o):
    o.fresh = 1
    o.other = 2
    return sorted(vars(o)) if hasattr(o, "__dict__") else None


for _ in range(3):
    for o in make():
        line = [load(o), shared(o), call(o)]
        store(o, 40)
        line.append(load(o))
        try:
            line.append(add(o))
        except AttributeError as e:
            line.append(str(e))
        print(type(o).__name__, line)

# Classes change under the site.
objects = make()
Base.name = lambda self: "changed"
print([call(o) for o in objects])
Base.shared = property(lambda self: "a property now")
print([shared(o) for o in objects])
del Base.shared
for o in objects:
    try:
        print(shared(o), end=" ")
    except AttributeError as e:
        print(e, end=" ")
print()
objects[0].__class__ = Dicted
print(call(objects[0]), load(objects[0]))
Slots.name = 5
try:
    call(objects[20])
except TypeError as e:
    print(e)
del objects[20].n
try:
    load(objects[20])
except AttributeError as e:
    print(e)


# Calls of many functions at one site, of exact and of other arity.
def f1(a):
    return "f1", a


def f2(a, b=2):
    return "f2", a, b


def f3(*args):
    return "f3", args


def f4(a, *, k=1):
    return "f4", a, k


def f5(a):
    yield a


class C:
    def __init__(self, a):
        self.a = a

    def __call__(self, a):
        return "C", a

    def m(self, a):
        return "m", a


def apply(f, x):
    return f(x)


def gen(fs, x):
    for f in fs:
        yield f(x), C(x).m(x)


fs = [f1, f2, f3, f4, lambda a: a, C(1), C(1).m, len, str, abs, list, lambda a, b: a]
for _ in range(2):
    for f in fs[:-1]:
        try:
            print(apply(f, (1,)), end=" ")
        except TypeError as e:
            print(e, end=" ")
    try:
        apply(fs[-1], 1)
    except TypeError as e:
        print(e)
print(list(apply(f5, 3)), type(apply(C, 3)).__name__)
print(list(gen([f1, f2, f3, f4, C(1), C(1).m, str], 4)))
f1.__code__ = (lambda a: ("new code", a)).__code__
print(apply(f1, 0))
f1.__code__ = (lambda a, b: (a, b)).__code__
try:
    apply(f1, 0)
except TypeError as e:
    print(e)
