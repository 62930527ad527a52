# SPDX-License-Identifier: MIT
# Trains the profile-guided build: attributes, calls and special methods of all kinds, matching.
import abc
import copy
import dataclasses
import enum
import functools
import gc
import operator
import types
import typing
import weakref
from collections import namedtuple


class Shape(abc.ABC):
    sides = 0
    made = 0

    def __init__(self, name):
        self.name = name
        Shape.made += 1

    @abc.abstractmethod
    def area(self): ...

    @property
    def label(self):
        return self.name

    @label.setter
    def label(self, value):
        self.name = value

    @classmethod
    def unit(cls):
        return cls(1)

    @staticmethod
    def half(x):
        return x / 2

    def scaled(self, by=2, *, more=0):
        return self.area() * by + more


class Square(Shape):
    sides = 4

    def __init__(self, side):
        super().__init__("square")
        self.side = side

    def area(self):
        return self.side * self.side


class Circle(Shape):
    def __init__(self, radius):
        super().__init__("circle")
        self.radius = radius

    def area(self):
        return 3 * self.radius ** 2


class Triangle(Square):
    sides = 3

    def area(self):
        return super().area() / 2


class Money:
    __slots__ = ("cents", "unit")

    def __init__(self, cents, unit="x"):
        self.cents = cents
        self.unit = unit

    def __add__(self, other):
        return Money(self.cents + (other.cents if isinstance(other, Money) else other))

    __radd__ = __add__

    def __sub__(self, other):
        return Money(self.cents - other.cents)

    def __mul__(self, k):
        return Money(self.cents * k)

    def __neg__(self):
        return Money(-self.cents)

    def __iadd__(self, other):
        self.cents += other
        return self

    def __eq__(self, other):
        return isinstance(other, Money) and self.cents == other.cents

    def __lt__(self, other):
        return self.cents < other.cents

    def __hash__(self):
        return hash(self.cents)

    def __bool__(self):
        return self.cents != 0

    def __int__(self):
        return self.cents

    def __str__(self):
        return f"{self.cents // 100}.{self.cents % 100:02}"

    def __repr__(self):
        return f"Money({self.cents})"


class Box:
    def __init__(self, *items):
        self.items = list(items)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]

    def __setitem__(self, i, x):
        self.items[i] = x

    def __delitem__(self, i):
        del self.items[i]

    def __contains__(self, x):
        return x in self.items

    def __iter__(self):
        return iter(self.items)

    def __call__(self, x, y=1):
        return x + y + len(self.items)

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.items.append(1)

    def __getattr__(self, name):
        if name.startswith("x"):
            return len(name)
        raise AttributeError(name)


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n


class Typed:
    def __set_name__(self, owner, name):
        self.key = "_" + name

    def __get__(self, obj, owner=None):
        return self if obj is None else getattr(obj, self.key, 0)

    def __set__(self, obj, value):
        setattr(obj, self.key, value)


class Form:
    age = Typed()

    @functools.cached_property
    def cached(self):
        return 5

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)


class Plain:
    pass


class Color(enum.Enum):
    RED = 1
    GREEN = 2
    BLUE = 3


class Flags(enum.IntFlag):
    R = 4
    W = 2
    X = 1


Level = enum.IntEnum("Level", "LOW MIDDLE HIGH")
Place = namedtuple("Place", "x y z", defaults=(0,))


class Tuple3(typing.NamedTuple):
    a: int
    b: str = ""


@dataclasses.dataclass
class Item:
    name: str
    price: float
    amount: int = 1
    tags: list = dataclasses.field(default_factory=list)

    def total(self):
        return self.price * self.amount


@dataclasses.dataclass(frozen=True, order=True, slots=True)
class Key:
    a: int
    b: str


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self.parent = parent
        self.children = []
        if parent is not None:
            parent.children.append(self)

    def total(self):
        result = self.value
        for child in self.children:
            result += child.total()
        return result


def shapes(n):
    total = 0
    made = [Square(2), Circle(3), Triangle(4), Square.unit()]
    for i in range(n):
        s = made[i & 3]
        total += s.area() + s.sides + len(s.label) + s.scaled() + s.scaled(3) + s.scaled(more=1)
        total += Shape.half(i) + s.half(i)
        s.label = s.name
        s.extra = i
        total += getattr(s, "extra", 0) + hasattr(s, "none") + isinstance(s, Square)
        total += (type(s) is Circle)
        if i % 8 == 0:
            total += Square(i).area() + Circle(i).radius + issubclass(Triangle, Shape)
            del s.extra
    return total


def money(n):
    total, zero, seen = Money(0), Money(0), {}
    for i in range(n):
        m = Money(i % 50, unit="y")
        total = total + m - Money(1) * 2
        total += 3
        if m == zero or not m or m < total:
            total.cents += 1
        seen[m] = seen.get(m, 0) + 1
        total.unit = m.unit
    return str(total), repr(-total), int(total), len(seen), str(sum([Money(1), Money(2)]))


def boxes(n):
    box, total = Box(1, 2, 3), 0
    for i in range(n):
        box[0] = i
        total += box[1] + len(box) + box(i) + box(i, 2) + (2 in box) + box.xyz
        with box as inner:
            total += len(inner.items)
        del box[-1]
        for x in box:
            total += x
        if box:
            a, b, c = box
            total += a - b + c
        total += getattr(box, "nothing", 3)
        for k in Countdown(3):
            total += k
        form = Form()
        form.age = i
        form.other = 1
        total += form.age + form.cached + form.cached
    return total


def records(n):
    total, by_key = 0, {}
    for i in range(n):
        item = Item("n", i * 0.5, amount=2)
        item.amount += 1
        total += item.total() + (item == Item("n", i, 3)) + len(item.tags)
        key = Key(i % 30, "k")
        by_key[key] = by_key.get(key, 0) + 1
        total += key < Key(5, "z")
        p = Place(i, y=2)
        q = Tuple3(i)
        total += p.x + p.y + p[2] + q.a + len(q.b) + (p == (1, 2, 0))
        x, y, z = p
        total += x + y + z
        if i % 40 == 0:
            total += len(repr(item)) + len(repr(p)) + len(dataclasses.asdict(item))
            total += p._replace(x=1).x
            total += len(repr(key)) + dataclasses.replace(item, amount=5).amount
    return total, len(by_key)


def enums(n):
    total = 0
    for i in range(n):
        c = Color(i % 3 + 1)
        total += (c is Color.RED) + c.value + len(c.name) + (c == Color.BLUE)
        total += (Level.LOW < Level.HIGH)
        total += Color["RED"].value + Level.HIGH + int(Level(2)) + len([x for x in Color])
        total += (Flags.R | Flags.W).value + (Flags.X in Flags(3)) + len(str(c)) + {c: 1}[c]
    return total


def bare(n):
    total = 0
    for i in range(n):
        p = Plain()
        p.a = i
        p.b = p.a + 1
        p.a, p.b = p.b, p.a
        total += p.a - p.b + len(p.__dict__)
        total += len(vars(p)) + (p.__class__ is Plain)
        s = types.SimpleNamespace(x=i)
        s.x += 1
        total += s.x
    return total


def described(value):
    match value:
        case 0 | 1:
            return "few"
        case int(n) if n > 100:
            return "many"
        case int():
            return "int"
        case str() as s:
            return s
        case []:
            return "empty"
        case [x]:
            return "one"
        case [x, y]:
            return "two"
        case [first, *rest]:
            return f"{len(rest)} more"
        case {"kind": "a", "value": v}:
            return f"a{v}"
        case {"kind": k, **others}:
            return f"{k}{len(others)}"
        case Place(x=0, y=y):
            return "axis"
        case Money(cents=c):
            return "money"
        case Color.RED:
            return "red"
        case None:
            return "none"
        case _:
            return "else"


def flags(a, b=2, /, c=3, *rest, d, e=5, **named):
    return a + b + c + len(rest) + d + e + len(named)


def spread(n):
    total, args, named = 0, (1, 2), {"d": 4, "x": 1}
    partial = functools.partial(flags, 1, d=2)
    for i in range(n):
        total += flags(i, d=1) + flags(*args, d=i) + flags(1, 2, 3, 4, d=1, e=2, z=3)
        total += flags(0, **named)
        total += flags(*args, *args, **named) + partial(3) + partial(4, e=1)
        total += (lambda x, y=2: x + y)(i) + operator.add(i, 1)
        total += functools.reduce(operator.add, args)
        f = operator.methodcaller("upper")
        total += len(f("abc")) + operator.itemgetter(0, 1)(args)[0] + operator.attrgetter("real")(i)
    return total


def logged(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return f(*args, **kwargs)
    wrapper.calls = 0
    return wrapper


@logged
def power(x, n=2):
    return x ** n


@functools.singledispatch
def show(x):
    return "?"


@show.register
def _(x: int):
    return "i"


@show.register(str)
def _(x):
    return "s"


def makes(n):
    total = 0
    for i in range(n):
        class Local(Plain):
            k = i

            def get(self):
                return self.k + i

        total += Local().get() + type("T", (Local,), {"z": 1})().z
        if i % 20 == 0:
            total += len(dataclasses.fields(dataclasses.make_dataclass("D", ["a", "b"])))
    return total


def cycles(n):
    kept = None
    refs = weakref.WeakValueDictionary()
    for i in range(n):
        a, b = Plain(), {}
        a.other = b
        b["back"] = [a, (b, i)]
        a.f = lambda: a
        if i % 100 == 0:
            kept = a
            refs[i] = a
            r = weakref.ref(a)
            assert r() is a
    gc.collect()
    root = Node(0)
    for i in range(n):
        Node(i, root.children[i % len(root.children)] if i > 9 else root)
    total = root.total()
    again = copy.deepcopy(root.children[0])
    shallow = copy.copy(kept)
    return total, len(refs), again.total(), shallow.other is kept.other


print(shapes(8000))
print(money(8000))
print(boxes(3000))
print(records(3000))
print(enums(1500))
print(bare(8000))
values = [0, 5, 500, "s", [], [1], [1, 2], [1, 2, 3], {"kind": "a", "value": 1},
          {"kind": "b", "c": 1}, Place(0, 1), Money(1), Color.RED, None, 1.5]
print(sum(len(described(v)) for _ in range(600) for v in values))
print(spread(3000))
print(sum(power(i) + power(i, n=3) for i in range(4000)), power.calls)
print("".join(show(x) for x in [1, "a", 2.0] * 800).count("i"))
print(makes(120))
print(cycles(6000))
