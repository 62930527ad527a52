# SPDX-License-Identifier: MIT
# Random values of all types, nested, shared and cyclic, arrive equal and with equal sharing. An argument says how many (100000 for
# the full proof), a second one the seed.
# timeout: 120
# expect: equal 1200
import array
import channels
import collections
import copyreg
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import ipaddress
import itertools
import operator
import pathlib
import random
import re
import sys
import types
import uuid

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 1200
rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 11)


class Color(enum.Enum):
    RED = 1
    BLUE = "b"


class Perm(enum.Flag):
    R = 1
    W = 2
    X = 4


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Word(str, enum.Enum):
    YES = "yes"


@dataclasses.dataclass
class Record:
    a: object
    b: object = None


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    a: object


class Plain:
    pass


class Slots:
    __slots__ = ("x", "y")


class State:
    def __getstate__(self):
        return [self.inside]

    def __setstate__(self, state):
        self.inside = state[0]


class NoState:
    def __init__(self):
        self.kept, self.left = 1, 2

    def __getstate__(self):
        return None


class Reduced:
    """Its list and dict items, a state and who sets it, as __reduce_ex__ can say them."""

    def __init__(self, made):
        self.made, self.items, self.pairs = made, [], {}

    def __reduce_ex__(self, protocol):
        return Reduced, (self.made,), {"state": protocol}, iter(self.items), iter(self.pairs.items()), Reduced.take

    def take(self, state):
        self.state = state["state"]

    def extend(self, items):
        self.items.extend(items)

    append = extend

    def __setitem__(self, key, value):
        self.pairs[key] = value


class Registered:
    def __init__(self, a):
        self.a = a


copyreg.pickle(Registered, lambda o: (Registered, (o.a,)))


class NewArgs(tuple):
    def __new__(cls, *, a, b):
        self = super().__new__(cls, (a,))
        self.b = b
        return self

    def __getnewargs_ex__(self):
        return (), {"a": self[0], "b": self.b}


class SlotsAndDict(Slots):
    pass


class Holder:
    def __init__(self, part):
        self.part = part

    def method(self):
        return self.part


class MyBytes(bytes):
    pass


class MyFloat(float):
    pass


class MySet(set):
    pass


class MyDeque(collections.deque):
    pass


class MyInt(int):
    pass


class MyStr(str):
    pass


class MyList(list):
    pass


class MyDict(dict):
    pass


class MyTuple(tuple):
    pass


class MyError(Exception):
    pass


class Picky(Exception):
    def __init__(self, a, b):
        super().__init__(f"{a} and {b}")
        self.a, self.b = a, b

    def method(self, x):
        return x


def top(x, y=(1, 2), *, z=None):
    return [helper(x), y, z, FACTOR]


def helper(x):
    return x, top.__name__ if x else None


FACTOR = 3


def make_function(part):
    """Functions by value: closures that share cells, defaults, recursion, code of all kinds."""
    shared = part
    count = 0

    def get(x: int = part, /, *a: "any", k={"default": part}, **kw):
        return shared, count, get

    def put(value):
        nonlocal count
        count += 1
        return shared, FACTOR

    def later(n):
        for i in range(n):
            yield i, shared

    async def soon():
        return [x async for x in shared]

    get.note = "attribute"
    return rng.choice([get, put, later, soon, (get, put), [get, get], top, helper, lambda: part, lambda x: (x, lambda: x + FACTOR)])


Point = collections.namedtuple("Point", "x y")
WORDS = ["", "a", "key", "name", "naïve", "Ωmega", "\U0001f40d", "long" * 40, "\udc80"]
FLOATS = [0.0, -0.0, 1.5, -1e300, 5e-324, float("inf"), float("nan")]
EPOCH = datetime.datetime(2020, 2, 29, 12, 30, tzinfo=datetime.timezone.utc)


def leaf():
    k = rng.randrange(27)
    n = rng.randrange(100)
    if k < 2:
        return rng.choice([None, True, False, ..., NotImplemented, int, len, Color, collections])
    if k < 5:
        return rng.randrange(-(2 ** rng.choice([3, 8, 31, 63, 64, 200])), 2 ** rng.choice([3, 8, 31, 63, 64, 200]))
    if k < 7:
        return rng.choice([rng.choice(FLOATS), rng.random(), complex(n, 1.5)])
    if k < 10:
        return rng.choice(WORDS) + rng.choice(["", str(n)])
    if k == 10:
        return rng.choice([bytes, bytearray])(rng.randbytes(n))
    if k == 11:
        return rng.choice([list, tuple])(rng.randrange(-(2 ** rng.choice([6, 14, 30, 60])), 99) for _ in range(n // 4))
    if k == 12:
        return rng.choice([list, tuple])(rng.choice(FLOATS) for _ in range(n // 4))
    if k == 13:
        return rng.choice([range(n), slice(n, None), range(2**70, 2**71, n + 1)])
    if k == 14:
        return rng.choice([Color.RED, Color.BLUE, Perm.R | Perm.X, Perm(0)])
    if k == 15:
        return rng.choice([EPOCH, EPOCH.date(), EPOCH.time(), datetime.timedelta(n, n)])
    if k == 16:
        return rng.choice([decimal.Decimal(n) / 7, fractions.Fraction(n, 7), uuid.UUID(int=n), pathlib.PurePosixPath("/a", str(n))])
    if k == 17:
        return array.array(rng.choice("bBhHiIlLqQfd"), [n % 100, 1, 2])
    if k == 18:
        return MyInt(n)
    if k == 19:
        return MyStr(n)
    if k == 21:
        return rng.choice([Level.HIGH, Word.YES, Perm.R, Level(1), signal_like()])
    if k == 22:
        return rng.choice([MyBytes(b"x" * n), MyFloat(n), memoryview(bytes(n)), memoryview(array.array("i", [n, 1])), memoryview(bytearray(b"abc"))[::2]])
    if k == 23:
        return rng.choice([re.compile("a+|(?P<b>%d)" % n, re.I), ipaddress.ip_address(n), ipaddress.ip_network("10.0.0.0/8"),
                           collections.Counter("abca"), pathlib.PureWindowsPath("c:/x"), types.SimpleNamespace(a=n), list[int], int | None])
    if k == 24:
        return rng.choice([operator.attrgetter("a.b", "c"), operator.itemgetter(n), operator.methodcaller("f", n, k=1), operator.add, str.upper,
                           dict.fromkeys, [].append, "x".join, functools.reduce, itertools.chain])
    if k == 25:
        return rng.choice([iter([n, 2]), iter((n,)), iter(range(n)), enumerate([n]), zip([1], [n]), reversed([1, n]), itertools.count(n),
                           itertools.chain([n], [2]), map(str, [n])])
    if k == 26:
        return rng.choice([datetime.timezone(datetime.timedelta(hours=2), "X"), datetime.datetime(1, 1, 1, fold=1), decimal.Decimal("sNaN"),
                           decimal.Decimal("-0E-10"), fractions.Fraction(-1, 3), uuid.NAMESPACE_DNS, complex("nan-infj")])
    if k == 20:
        return {rng.choice([n, str(n), (n, None), Color.RED]) for _ in range(n % 4)}
    return frozenset(rng.choice([n, str(n), frozenset([n])]) for _ in range(n % 4))


def signal_like():
    return re.RegexFlag.I | re.RegexFlag.M


def make(depth, made):
    """A value whose parts may be earlier ones, or, for what can be filled later, itself."""
    if depth == 0 or rng.random() < 0.3:
        return leaf()
    if made and rng.random() < 0.2:
        return rng.choice(made)

    def part():
        return make(depth - 1, made)

    def parts():
        return [part() for _ in range(rng.randrange(4))]

    def key():
        return rng.choice([rng.choice(WORDS), rng.randrange(9), (1, "k"), Color.BLUE])

    k = rng.randrange(24)
    if k < 3:
        value = rng.choice([list, MyList, collections.UserList])()
        made.append(value)
        value.extend(parts())
        return value
    if k < 6:
        value = rng.choice([dict, MyDict, collections.OrderedDict, collections.UserDict, functools.partial(collections.defaultdict, list)])()
        made.append(value)
        for _ in range(rng.randrange(4)):
            value[key()] = part()
        return value
    if k < 8:
        value = rng.choice([tuple, MyTuple])(parts())
    elif k == 8:
        value = collections.deque(parts(), rng.choice([None, 9]))
    elif k == 9:
        value = Point(part(), part())
    elif k == 10:
        value = Record(1)
        made.append(value)
        value.b = part()
        return value
    elif k == 11:
        value = Plain()
        made.append(value)
        for name in rng.sample(["p", "q", "some_name"], rng.randrange(4)):
            setattr(value, name, part())
        return value
    elif k == 12:
        value = Slots()
        made.append(value)
        value.x = part()
        return value
    elif k == 13:
        value = State()
        value.inside = part()
    elif k == 14:
        value = rng.choice([ValueError, MyError, KeyError])("text", part())
        value.__cause__ = rng.choice([None, OSError(2, "no", "file")])
        value.note = part()
    elif k == 15:
        value = make_function(part())
    elif k == 16:
        function = make_function(part())
        value = functools.partial(rng.choice([int, function if callable(function) else top]), part(), key=part())
        value.extra = part()
    elif k == 17:
        value = raised(part())
    elif k == 18:
        value = ExceptionGroup("group", [raised(part()), KeyError(part())])
    elif k == 19:
        value = Reduced(rng.randrange(9))
        value.items.extend(parts())
        value.pairs["k"] = part()
        value.state = 4
    elif k == 20:
        value = rng.choice([Registered(part()), NewArgs(a=part(), b=part()), NoState(), Holder(part()).method])
    elif k == 21:
        value = SlotsAndDict()
        made.append(value)
        value.x, value.more = part(), part()
        return value
    elif k == 22:
        value = rng.choice([MyDeque, functools.partial(MyDeque, maxlen=3)])()
        made.append(value)
        value.extend(parts())
        value.extra = part()
        return value
    elif k == 23:
        value = collections.ChainMap({"a": part()}, {key(): part()})
    else:
        value = Frozen(part())
    made.append(value)
    return value


def raised(part):
    """An exception that was raised: context, cause, notes, traceback."""
    try:
        try:
            raise rng.choice([KeyError("first"), OSError(2, "no", "file"), StopIteration(part)])
        except Exception as first:
            error = rng.choice([MyError("text", part), ValueError(part), Picky(1, part), AttributeError("a", name="n", obj=None), ImportError("i", name="m", path="p")])
            error.add_note("a note")
            if rng.random() < 0.5:
                raise error from rng.choice([first, None])
            raise error
    except Exception as error:
        return error


def describe(root):
    """What can be seen of a value, as a flat list: each mutable part once, later its number."""
    out, seen, stack = [], {}, [root]
    keep = []
    while stack:
        o = stack.pop()
        t = type(o)
        if t in (int, str, float, complex, bool, bytes, type(None), type(...), type(NotImplemented)):
            out.append((t, repr(o)))
            continue
        if t is type(len) and not isinstance(o.__self__, types.ModuleType):
            out.append((o.__name__, repr(o.__self__)))
            continue
        if isinstance(o, (type, enum.Enum)) or t in (type(len), type(sys), type(str.upper)):
            out.append(id(o))  # the interpreter is the same: these are themselves
            continue
        if id(o) in seen:
            out.append(("again", seen[id(o)]))
            continue
        if t is not tuple or o:
            seen[id(o)] = len(seen)
            keep.append(o)
        out.append(t)
        if isinstance(o, (list, tuple, collections.deque)):
            out.append(len(o))
            stack.extend(o)
            if isinstance(o, collections.deque):
                out.append(o.maxlen)
        elif isinstance(o, dict):
            out.append(len(o))
            for key, value in o.items():
                stack += [key, value]
        elif isinstance(o, (set, frozenset)):
            out.append(sorted(map(repr, o)))
        elif isinstance(o, BaseException):
            stack += [o.args, o.__cause__, o.__context__, o.__suppress_context__]
            if isinstance(o, ImportError):
                stack += [o.name, o.path]
            elif isinstance(o, OSError):
                stack += [o.errno, o.strerror, o.filename]
        elif t is types.FunctionType:
            code = o.__code__
            out += [o.__name__, o.__qualname__, o.__module__, code.co_code, code.co_names, code.co_varnames, code.co_flags, code.co_firstlineno]
            stack += [o.__defaults__, o.__kwdefaults__, o.__closure__]
        elif t is types.CellType:
            stack.append(o.cell_contents)
        elif t is types.MethodType:
            stack += [o.__func__, o.__self__]
        elif t is functools.partial:
            stack += [o.func, o.args, o.keywords]
        elif t is memoryview:
            out.append(o.tobytes())
        elif t is type(len):
            out.append(repr(o).split(" at 0x")[0])
        elif isinstance(o, ITERATORS):
            stack.append(o.__reduce__()[1:])
        elif isinstance(o, Slots):
            stack += [o.x, hasattr(o, "y")]
        elif t is Frozen:
            stack.append(o.a)
        elif not hasattr(o, "__dict__"):
            out.append(repr(o))
        elif isinstance(o, (int, str, decimal.Decimal, fractions.Fraction, uuid.UUID, pathlib.PurePath)):
            out.append(repr(o))
            continue
        if hasattr(o, "__dict__") and not isinstance(o, (enum.Enum, NoState)):
            for name, value in sorted(vars(o).items()):
                if name == "__quiver_traceback__":
                    continue
                out.append(name)
                stack.append(value)
    return out


ITERATORS = tuple(map(type, [iter([]), iter(()), iter(range(1)), enumerate([]), zip(), reversed([]), itertools.count(), itertools.chain(), map(str, [])]))
tx, rx = channels.open()
REASONS = {  # what may be refused, by what the error says
    "a tuple or the like that is inside its own parts": "made from",
}
equal = 0
refused = collections.Counter()
for number in range(COUNT):
    value = make(rng.choice([1, 2, 4, 6]), [])
    try:
        tx.send(value)
    except channels.NotShareableError as error:
        reason = next((name for name, text in REASONS.items() if text in str(error)), None)
        if reason is None:
            print("refused", number, error)
        refused[reason] += 1
        continue
    got = rx.recv()
    sent, received = describe(value), describe(got)
    if sent == received:
        equal += 1
    else:
        at = next((k for k, (a, b) in enumerate(zip(sent, received)) if a != b), "length")
        print("differs", number, at, sent[at] if at != "length" else sent, received[at] if at != "length" else received)
print("equal", equal)
for reason, n in refused.items():
    print("refused", n, reason)
