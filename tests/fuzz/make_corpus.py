# SPDX-License-Identifier: MIT
"""Messages for tests/fuzz, written by quiver.

    quiver make_corpus.py FOLDER               the seeds of tests/fuzz/corpus, a file each
    quiver make_corpus.py FOLDER COUNT SEED    COUNT different short random messages, with all tags
"""
import array
import collections
import dataclasses
import enum
import fractions
import functools
import operator
import pathlib
import random
import sys
import types

import channels


# fuzz_wire.c has the same classes in its __main__.
class C:
    pass


class S:
    __slots__ = ("a", "b")


class G:
    def __getstate__(self):
        return 5

    def __setstate__(self, state):
        self.state = state


class L(list):
    pass


class E(ValueError):
    pass


class Color(enum.Enum):
    RED = 1
    BLUE = "b"


@dataclasses.dataclass
class Record:
    a: object
    b: object = None


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    a: object


def set_state(o, state):
    o.__dict__["set"] = state


class R:
    def __reduce__(self):
        return C, (), {"x": 1}, None, None, operator.is_


def outer(n, base=C):
    cell = [n]

    def inner(x, y=[1], *, z=3):
        return n + x + z + len(cell) + inner.depth, outer
    inner.depth = cell
    return inner


def raised(chain):
    try:
        try:
            raise KeyError("first")
        except KeyError as e:
            error = E("second", chain)
            error.add_note("a note")
            raise error from (e if chain else None)
    except E as e:
        return e


plain, slots, state = C(), S(), G()
plain.a, plain.me = [1, 2], plain
slots.a = (1,)
listed = L([1, plain])
listed.extra = listed

loop = [1, "shared"]
loop.append(loop)
pair = ["twice"]
deep = None
for _ in range(40):
    deep = [deep]
VALUES = {
    "none": None,
    "numbers": [0, -1, 2**62, 2**70, -2**200, 1.5, 1j, True],
    "texts": ["", "ascii", "naïve", "Ω", "\U0001f40d", "\ud800"],
    "bytes": [b"", b"bytes", bytearray(b"array"), memoryview(b"view")],
    "ints1": list(range(-10, 10)),
    "ints2": list(range(0, 9000, 1000)),
    "ints4": tuple(range(0, 900000, 100000)),
    "ints8": [k << 40 for k in range(9)],
    "floats": [k / 3 for k in range(9)],
    "float_tuple": tuple(k / 3 for k in range(9)),
    "record": {"id": 1, "name": "abc", "v": [1.5, 2.5]},
    "records": [{"id": k, "name": "n%d" % k, "tags": ("red", "red")} for k in range(4)],
    "sets": [{1, "a"}, frozenset([2, frozenset()]), set()],
    "ranges": [range(1, 9, 2), slice(None, 3), ...],
    "loop": loop,
    "pair": [pair, pair, {"k": pair}],
    "tuple_keys": {(1, (2, "x")): (), (): (1,)},
    "deep": deep,
}
CODE = {
    "lambda": lambda x, *a, k=1, **kw: x if x else [y for y in a],
    "closure": outer(7),
    "generator": lambda n: (i * i for i in range(n)),
    "names": [len, C, E, collections.deque, operator.add, types, print, int, type(None), [].append, dict.get],
    "instance": [plain, plain],
    "slots": slots,
    "state": state,
    "subclass": listed,
    "deque": collections.deque([1, [2]], 5),
    "ordered": collections.OrderedDict(a=1, b=[2]),
    "defaults": collections.defaultdict(list, {1: [2]}),
    "counter": collections.Counter("abca"),
    "partial": functools.partial(outer, 1, base=int),
    "fraction": fractions.Fraction(3, 7),
    "array": array.array("h", range(5)),
    "error": raised(True),
    "errors": [raised(False), OSError(2, "no", "file"), StopIteration(1), KeyError()],
    "group": ExceptionGroup("g", [ValueError(1), ExceptionGroup("h", [OSError(2, "x")])]),
    "setter": R(),
    "iterators": [iter([1, 2]), zip([1], [2]), map(len, ["a"]), enumerate([1]), reversed([1])],
    "cells": types.CellType([1]),
    "alias": [list[int], int | None],
    "namespace": types.SimpleNamespace(a=1, b=[2]),
}
VALUES |= {"code_" + name: value for name, value in CODE.items()}
# ---- random messages ----

LARGEST = 120  # bytes of one; those with a function's code have more
FUNCTIONS = 12  # as many of them
rng = random.Random()
TEXTS = ["", "a", "key", "na\xefve", "\u03a9", "\U0001f40d", "\ud800", "a longer text"]


def number():
    bits = rng.choice([3, 7, 8, 15, 31, 32, 62, 63, 64, 100])
    return rng.randrange(-(2**bits), 2**bits)


def run_of(item):
    return rng.choice([list, tuple])(item() for _ in range(rng.randrange(8, 12)))


def small_function():
    captured = number()
    cell = types.CellType()
    return rng.choice([lambda: captured, lambda x, y=captured: x, types.FunctionType((lambda: cell).__code__, {}, "f", (), (cell,))])


def key():
    return rng.choice([rng.choice(TEXTS), number(), (1, "k"), Color.RED, 1.5, None, b"b"])


LEAVES = [
    lambda: rng.choice([None, True, False, ..., NotImplemented]),
    number, number,
    lambda: rng.choice([0.0, -0.0, rng.random(), float("inf"), float("nan"), 1e300]),
    lambda: complex(rng.random(), -1),
    lambda: rng.choice(TEXTS) + rng.choice(["", str(rng.randrange(99))]),
    lambda: rng.choice([bytes, bytearray, memoryview])(rng.randbytes(rng.randrange(9))),
    lambda: rng.choice([range, slice])(rng.randrange(9), rng.randrange(99), rng.randrange(1, 5)),
    lambda: range(2**70, 2**71, number() or 1),
    lambda: run_of(lambda: rng.randrange(-9, 9)),
    lambda: run_of(lambda: rng.randrange(-999, 999)),
    lambda: run_of(lambda: rng.randrange(-(2**62), 2**62)),
    lambda: run_of(rng.random),
    lambda: rng.choice([len, int, C, E, Color, operator.add, collections.deque, sys, types, dict.get, [].append]),
    lambda: rng.choice([Color.RED, Color.BLUE]),
    lambda: fractions.Fraction(rng.randrange(9), 7),
    lambda: array.array(rng.choice("bBhiqfd"), [rng.randrange(99), 1]),
    lambda: {key() for _ in range(rng.randrange(3))},
    lambda: frozenset(key() for _ in range(rng.randrange(3))),
]


def filled(o, **attributes):
    for name, value in attributes.items():
        setattr(o, name, value)
    return o


def chained(error, cause):
    error.__cause__ = cause
    return error


# Made of a part that is not there yet, or that may be the value itself.
NESTS = [
    lambda part: [part() for _ in range(rng.randrange(4))],
    lambda part: tuple(part() for _ in range(rng.randrange(4))),
    lambda part: {key(): part() for _ in range(rng.randrange(3))},
    lambda part: filled(C(), a=part(), b=part()),
    lambda part: filled(S(), a=part()),
    lambda part: G(),
    lambda part: L([part()]),
    lambda part: filled(L(), extra=part()),
    lambda part: Record(part()),
    lambda part: Frozen(part()),
    lambda part: collections.deque([part()], rng.choice([None, 3])),
    lambda part: collections.OrderedDict(a=part()),
    lambda part: functools.partial(int, part()),
    lambda part: types.CellType(part()),
    lambda part: types.CellType(),
    lambda part: filled(rng.choice([E, ValueError, KeyError])("e", part()), note=part()),
    lambda part: chained(E(part()), rng.choice([None, KeyError(1), OSError(2, "no", "file")])),
    lambda part: ExceptionGroup("g", [E(part())]),
    lambda part: R(),
    lambda part: types.SimpleNamespace(a=part()),
    lambda part: iter([part()]),
]


def make(depth, made):
    if depth == 0 or rng.random() < 0.25:
        value = rng.choice(LEAVES)()
    elif made and rng.random() < 0.25:
        return rng.choice(made)
    elif rng.random() < 0.15:  # one that holds itself
        value = []
        made.append(value)
        value.append(make(depth - 1, made))
        value.append(value)
        return value
    else:
        value = rng.choice(NESTS)(lambda: make(depth - 1, made))
    made.append(value)
    return value


# ---- what is in a message: wire.def's layout, without the values ----

LAYOUTS = {  # v: a value, u: uint, b: bytes, p: pairs ended by NONE, a number: so many bytes
    "INT": "u", "BIGINT": "b", "FLOAT": "8", "COMPLEX": "88", "ASCII": "b", "LATIN1": "b", "BYTES": "b", "BYTEARRAY": "b",
    "MEMORYVIEW": "b", "RANGE": "vvv", "SLICE": "vvv", "REF": "u", "FUNCTION": "vv", "CODE": "bvvvuvvvpp", "CELL": "v", "CLASS": "vv",
    "MODULE": "v", "EXCEPTION": "vv1vvvp", "OBJECT": "vv", "REDUCED": "vvvvv", "REDUCED_SET": "vvvvvv"}
TAGS = {}
for line in open(pathlib.Path(__file__).resolve().parents[2] / "channels/wire.def"):
    if line.startswith("WIRE("):
        n, name = line[5:].rstrip(")\n").split(", ")
        TAGS[int(n, 16)] = name
NEEDS_A_CHANNEL = {"CHANNEL", "BLOCK", "MOVED"}  # fuzz_wire.c writes those


class Walker:
    """Goes through a message; `seen` gets the names of its tags."""

    def __init__(self, data, seen):
        self.data, self.at, self.seen = data, 1, seen
        self.value()
        assert self.at == len(data), data

    def uint(self):
        n = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            n |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return n

    def skip(self, n):
        self.at += n

    def value(self):
        name = TAGS[self.data[self.at] & 0x7F]
        self.skip(1)
        self.seen.add(name)
        if name in ("TUPLE", "LIST", "SET", "FROZENSET", "DICT"):
            for _ in range(self.uint() * (2 if name == "DICT" else 1)):
                self.value()
        elif name in ("UCS2", "UCS4"):
            self.skip(self.uint() * int(name[3]))
        elif name == "INTS":
            width = self.data[self.at + 1]
            self.skip(2)
            self.skip(self.uint() * width)
        elif name == "FLOATS":
            self.skip(1)
            self.skip(self.uint() * 8)
        for what in LAYOUTS.get(name, ""):
            if what == "v":
                self.value()
            elif what == "u":
                self.uint()
            elif what == "b":
                self.skip(self.uint())
            elif what == "p":
                while self.value() != "NONE":
                    self.value()
            else:
                self.skip(int(what))
        return name


def random_messages(count, seed):
    rng.seed(seed)
    messages, seen = {}, set()
    functions = 0
    while len(messages) < count:
        function = functions < FUNCTIONS
        value = small_function() if function else make(rng.randrange(1, 4), [])
        try:
            data = channels.encode(value)
        except channels.NotShareableError:
            continue  # inside its own parts
        if (len(data) <= LARGEST or function) and data not in messages:
            messages[data] = None
            functions += function
            Walker(data, seen)
    missing = set(TAGS.values()) - NEEDS_A_CHANNEL - seen
    assert not missing or count < 500, missing
    return list(messages)


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    if len(sys.argv) > 2:
        files = {f"{k:04}": data for k, data in enumerate(random_messages(int(sys.argv[2]), int(sys.argv[3])))}
    else:  # those of CODE can only be read from a channel
        files = {name: channels.encode(value) for name, value in VALUES.items()}
    for name, data in files.items():
        (folder / name).write_bytes(data)
