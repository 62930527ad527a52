# Call sites that meet several kinds of callables, values that defaults make up for, classes with a
# __new__ or __init__ in Python, and attributes of objects of one class in different states.
import collections
import os


def none():
    return "none"


def one(a, b=2, c=3):
    return a, b, c


def two(a, b):
    return a, b


def keyword(a, *, b=5):
    return a, b


def rest(*a, **k):
    return a, k


class Plain:
    def method(self, a, b="B"):
        return type(self).__name__, a, b

    @classmethod
    def klass(cls, a=1):
        return cls.__name__, a

    @staticmethod
    def static(a, b=7):
        return a, b


class Init:
    def __init__(self, a, b="dflt"):
        self.a, self.b = a, b

    def __repr__(self):
        return f"Init({self.a}, {self.b})"

    def __call__(self, a):
        return "called", a


class New:
    def __new__(cls, a, b="dflt"):
        self = object.__new__(cls)
        self.pair = a, b
        return self

    def __repr__(self):
        return f"{type(self).__name__}{self.pair}"


class Other:
    def __new__(cls, a):
        return "not an instance", a


class Mixed:
    def __new__(cls, a):
        return object.__new__(Late if a > 1 else cls)

    def __repr__(self):
        return type(self).__name__


class Late(Mixed):
    def __init__(self, a):
        print("late init", a)


class Error(Exception):
    pass


Pair = collections.namedtuple("Pair", "a b", defaults=["b!"])
plain = Plain()


def call(f, *args):
    def site(f):
        if len(args) == 0:
            return f()
        if len(args) == 1:
            return f(args[0])
        return f(args[0], args[1])

    return site(f)


def site1(f):
    return f(1)


def site2(f):
    return f(1, 2)


class Holder:
    pass


def attribute_site(h):
    return h.f(1)


def generator_site(fs, h):
    for f in fs:
        h.f = f
        try:
            yield f(1), h.f(1)
        except TypeError as e:
            yield str(e)


ones = [one, two, keyword, rest, plain.method, Plain.klass, plain.static, Init, New, Other, Mixed, Late,
        Error, Pair, Init(0, 0), str, len, [].append, {}.get, int.bit_length, dict.fromkeys, none, 5]
shown = []
for rounds in range(3):
    for f in ones:
        for site in site1, attribute_site:
            try:
                if site is site1:
                    got = site1(f)
                else:
                    Holder.f = None
                    h = Holder()
                    h.f = f
                    got = attribute_site(h)
            except TypeError as e:
                got = type(e).__name__, str(e)
            shown.append(repr(got))
print("\n".join(shown[: len(ones) * 2]))
third = len(shown) // 3
print(shown[:third] == shown[third : 2 * third] == shown[2 * third :])
for f in ones[:16]:
    results = []
    for _ in range(3):
        try:
            results.append(repr(site2(f)))
        except TypeError as e:
            results.append(str(e))
    print(results[0] if len(set(results)) == 1 else results)
for _ in range(2):
    for x in generator_site(ones, Holder()):
        print(x)

# The same site, each callable often.
for f in ones[:14]:
    for _ in range(4):
        try:
            last = site1(f)
        except TypeError as e:
            last = str(e)
    print(last)


# Keywords to classes with __new__.
def named():
    return New(1, b=2), New(a=3), Pair(1, b=2), Pair(b=1, a=0), Pair(5), collections.Counter(a=2)


for _ in range(3):
    print(named())
try:
    New(1, c=2)
except TypeError as e:
    print(e)


def raising():
    class Bad:
        def __new__(cls, a):
            raise ValueError(a)

    out = []
    for i in range(3):
        try:
            Bad(i)
        except ValueError as e:
            out.append((e.args, e.__traceback__.tb_next.tb_frame.f_code.co_name))
    return out


print(raising())


# Defaults, __init__ and __new__ that change between calls of one site.
def changing():
    def f(a, b=1):
        return a, b

    class C:
        def __init__(self, a=0):
            self.a = a

    class D:
        def __new__(cls, a=0):
            return object.__new__(cls)

        def __repr__(self):
            return "D" + str(getattr(self, "a", None))

    for step in range(6):
        try:
            print(f(0), C().a, D())
        except TypeError as e:
            print(e)
        if step == 1:
            f.__defaults__ = 10, 20
            C.__init__.__defaults__ = (5,)
        if step == 2:
            f.__defaults__ = None
        if step == 3:
            f.__defaults__ = (3,)
            C.__init__ = lambda self, a=8: setattr(self, "a", a)
            D.__init__ = lambda self: setattr(self, "a", "init")
        if step == 4:
            del D.__new__
            del C.__init__
            C.a = "class's"


changing()


# A method of a built-in type as a value; values of classes of several metaclasses at one site.
def bound_values(o):
    return [o.__len__(), o.copy is o.copy, (c := o.copy)() == o, c.__self__ is o]


for _ in range(3):
    print(bound_values([1, 2]), bound_values({1: 2}))


class Meta(type):
    tag = "meta"


class WithMeta(metaclass=Meta):
    name = "with"


class NoMeta:
    name = "no"
    tag = "own"


def class_values(c):
    return c.name, c.tag, c.__name__


for _ in range(4):
    for c in WithMeta, NoMeta:
        print(*class_values(c), end="; ")
    NoMeta.name += "!"
    WithMeta.name = WithMeta.name + "."
print()


# Objects of one class with and without an attribute that the class has, too.
class State:
    state = "class"


def read(s):
    return s.state


def write(s, v):
    s.state = v


states = [State() for _ in range(4)]
states[1].state = 1
states[2].x = 2
out = []
for i in range(12):
    out.append(read(states[i % 4]))
    if i == 8:
        write(states[0], "own")
        del states[1].state
for i in range(12):
    write(states[i % 4], i)
print(out, [s.__dict__ for s in states])


# Comparison with a small number, equality of strings: values of other kinds in between.
def tests(x):
    return x < 3, x == "a", x != "a", "lt" if x < 3 else "ge", "eq" if x == 3 else "ne"


class Odd:
    def __lt__(self, o):
        return "odd"

    def __eq__(self, o):
        return NotImplemented


for _ in range(3):
    print(tests(1), tests(2.5), tests(3.0), tests(float("nan")), tests(True), tests(Odd()))
    try:
        tests("a")
    except TypeError as e:
        print(e)


# Loops that end: who else holds the iterator, dicts that change.
def loops(seq, keep):
    it = iter(seq)
    kept = it if keep else None
    del it
    n = 0
    for x in kept if keep else iter(seq):
        n += 1
    for x in seq:
        n += 1
    return n, next(kept, "end") if keep else None


for _ in range(3):
    for seq in [1, 2], (), (1,), {1: 2}, {}, {1: 2}.items(), {3, 4}, "ab":
        print(loops(seq, False), loops(seq, True), end=" ")
    print()


def changed(d, how):
    try:
        for k in d:
            how(d)
    except RuntimeError as e:
        return str(e)
    return sorted(d)


print(changed({1: 1}, lambda d: d.update({2: 2})), changed({1: 1, 2: 2}, lambda d: d.pop(1, 0)),
      changed({1: 1}, lambda d: d.pop(1)), changed({}, None))
print(os.fspath("x"), [os.path.basename("a/b") for _ in range(3)], object.__repr__(5)[:7])
