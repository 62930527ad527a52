# Classes called without arguments, default parameters, attributes of types that may be absent.
class Plain:
    pass


class Slots:
    __slots__ = ("a", "b")


class Sub(Plain):
    y = 1


class Own:
    def __new__(cls):
        return super().__new__(cls)


for cls in [Plain, Slots, Sub, Own] * 3:
    print(type(cls()).__name__, end=" ")
print()
for args, kw in [((1,), {}), ((), {"a": 1})]:
    for cls in [Plain, Slots, Sub]:
        try:
            cls(*args, **kw)
        except TypeError as e:
            print(e)


def late(cls):
    return cls()


print(late(Plain).__dict__)
Plain.__init__ = lambda self: setattr(self, "made", True)
print(late(Plain).made, late(Sub).made)
del Plain.__init__
print(hasattr(late(Plain), "made"))
Plain.__new__ = lambda cls: "no instance"
print(late(Plain), late(Sub))


def defaults(a, b=[1], c="c", *, d=None):
    return a, b, c, d


def simple(a, b=[1], c="c"):
    x = locals()
    return x, a, b, c


for f in [defaults, simple]:
    print(f(0), f(0, 1), f(0, 1, 2), f(0, c=5))
    for args in [(), (1, 2, 3, 4)]:
        try:
            f(*args)
        except TypeError as e:
            print(e)
simple.__defaults__ = (9,)
try:
    simple(0)
except TypeError as e:
    print(e)
print(simple(0, 1))
simple.__defaults__ = (6, 7, 8)
print(simple())
simple.__defaults__ = None
try:
    simple(0)
except TypeError as e:
    print(e)


class Raises:
    def __init__(self, exc):
        self.exc = exc

    def __get__(self, obj, owner=None):
        raise self.exc


class T:
    absent = Raises(AttributeError("told"))
    broken = Raises(ValueError("broken"))


class Meta(type):
    @property
    def m(cls):
        raise AttributeError("m")

    def __getattr__(cls, name):
        if name == "g":
            return "from meta"
        raise AttributeError(name)


class M(metaclass=Meta):
    pass


class Name(str):
    pass


print(getattr(T, "absent", "default"), hasattr(T, "absent"), hasattr(T, "x"), getattr(int, "x", None))
print(hasattr(T, Name("absent")), hasattr(int, Name("real")), getattr(T, "__" + "name__", 0))
print(getattr(M, "m", 1), getattr(M, "g", 1), getattr(M, "h", 1), hasattr(M, "mro"))
try:
    getattr(T, "broken", 1)
except ValueError as e:
    print(e)
try:
    T.x
except AttributeError as e:
    print(e, e.name, e.obj is T)


# Attributes die in order, and an instance's end may not disturb what is left of it.
class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("dies", self.name)


class Holder:
    pass


h = Holder()
for n in "abc":
    setattr(h, n, Noisy(n))
del h
x = [Noisy(1), (Noisy(2), Noisy(3)), [Noisy(4)]]
del x
deep = None
for _ in range(200000):
    deep = [(deep,)]
del deep
print(list(zip([1, 2], (3, 4, 5))), list(enumerate((7, 8), 2)), list(zip([1], "ab", range(3))))
grow = [1]
for n, (a, b) in enumerate(zip(grow, grow)):
    if n < 4:
        grow.append(n)
print(grow)
