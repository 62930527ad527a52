# SPDX-License-Identifier: MIT
# Random values of all types, nested, shared and cyclic, arrive equal and with equal sharing. An argument says how many (100000 for
# the full proof), a second one the seed.
# timeout: 120
# expect: equal 1200
import array
import channels
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import pathlib
import random
import sys
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


Point = collections.namedtuple("Point", "x y")
WORDS = ["", "a", "key", "name", "naïve", "Ωmega", "\U0001f40d", "long" * 40, "\udc80"]
FLOATS = [0.0, -0.0, 1.5, -1e300, 5e-324, float("inf"), float("nan")]
EPOCH = datetime.datetime(2020, 2, 29, 12, 30, tzinfo=datetime.timezone.utc)


def leaf():
    k = rng.randrange(22)
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
    if k == 20:
        return {rng.choice([n, str(n), (n, None), Color.RED]) for _ in range(n % 4)}
    return frozenset(rng.choice([n, str(n), frozenset([n])]) for _ in range(n % 4))


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

    k = rng.randrange(16)
    if k < 3:
        value = rng.choice([list, MyList])()
        made.append(value)
        value.extend(parts())
        return value
    if k < 6:
        value = rng.choice([dict, MyDict, collections.OrderedDict, functools.partial(collections.defaultdict, list)])()
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
    else:
        value = Frozen(part())
    made.append(value)
    return value


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
        if isinstance(o, (type, enum.Enum)) or t in (type(len), type(sys)):
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
        elif t is Slots:
            stack += [o.x, hasattr(o, "y")]
        elif t is Frozen:
            stack.append(o.a)
        elif not hasattr(o, "__dict__"):
            out.append(repr(o))
        elif isinstance(o, (int, str, decimal.Decimal, fractions.Fraction, uuid.UUID, pathlib.PurePath)):
            out.append(repr(o))
            continue
        if hasattr(o, "__dict__") and not isinstance(o, enum.Enum):
            for name, value in sorted(vars(o).items()):
                out.append(name)
                stack.append(value)
    return out


tx, rx = channels.open()
equal = refused = 0
for number in range(COUNT):
    value = make(rng.choice([1, 2, 4, 6]), [])
    try:
        tx.send(value)
    except channels.NotShareableError as error:
        if "made from" not in str(error):  # a tuple or the like that is inside its own parts
            print("refused", number, error)
        refused += 1
        continue
    got = rx.recv()
    sent, received = describe(value), describe(got)
    if sent == received:
        equal += 1
    else:
        at = next((k for k, (a, b) in enumerate(zip(sent, received)) if a != b), "length")
        print("differs", number, at, sent[at] if at != "length" else sent, received[at] if at != "length" else received)
print("equal", equal, *(["refused", refused] if refused else []))
