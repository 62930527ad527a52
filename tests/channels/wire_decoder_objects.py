# SPDX-License-Identifier: MIT
# What is more than plain data: a decoder written from the comment in channels/wire.def alone reads the structure of functions,
# classes, exceptions and instances, down to the last byte.
# expect: ok
import channels
import collections
import copyreg
import dataclasses
import enum
import fractions
import functools
import re
import struct
import types

SIMPLE = {1: None, 2: False, 3: True, 4: ..., 5: NotImplemented}


class Made:
    """What a tag beyond plain data says: its name and parts."""

    def __init__(self, name):
        self.name, self.parts = name, []

    def __repr__(self):
        return f"{self.name}({', '.join(type(p).__name__ if isinstance(p, Made) else repr(p) for p in self.parts)})"


class Decoder:
    def __init__(self, data):
        self.data, self.at, self.table = data, 0, []

    def take(self, n):
        piece = self.data[self.at:self.at + n]
        assert len(piece) == n, "cut off"
        self.at += n
        return piece

    def byte(self):
        return self.take(1)[0]

    def uint(self):
        n = shift = 0
        while True:
            byte = self.byte()
            n |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return n

    def bytes(self):
        return self.take(self.uint())

    def text(self):
        value = self.value()
        assert type(value) is str, value
        return value

    def text_or_none(self):
        value = self.value()
        assert value is None or type(value) is str, value
        return value

    def pairs(self):
        pairs = {}
        while (key := self.value()) is not None:
            assert type(key) is str, key
            pairs[key] = self.value()
        return pairs

    def message(self):
        assert self.byte() == 1
        value = self.value()
        assert self.at == len(self.data), "more than one value"
        return value

    def value(self):
        byte = self.byte()
        tag = byte & 0x7F
        index = None
        if byte & 0x80:
            index = len(self.table)
            self.table.append("not there yet")

        def define(o):
            if index is not None:
                self.table[index] = o
            return o

        if tag in SIMPLE:
            return define(SIMPLE[tag])
        if tag == 0x10:
            n = self.uint()
            return define((n >> 1) ^ -(n & 1))
        if tag == 0x11:
            return define(int.from_bytes(self.bytes(), "little", signed=True))
        if tag == 0x12:
            return define(struct.unpack("<d", self.take(8))[0])
        if tag in (0x20, 0x21):
            return define(self.bytes().decode("latin-1"))
        if tag == 0x22:
            return define(self.take(2 * self.uint()).decode("utf-16-le"))
        if tag == 0x24:
            return define(bytes(self.bytes()))
        if tag == 0x30:
            return define(tuple([self.value() for _ in range(self.uint())]))
        if tag == 0x31:
            result = define([])
            for _ in range(self.uint()):
                result.append(self.value())
            return result
        if tag == 0x32:
            result = define({})
            for _ in range(self.uint()):
                key = self.value()
                result[key] = self.value()
            return result
        if tag == 0x38:
            kind, width = self.take(2)
            n = self.uint()
            items = struct.unpack(f"<{n}{'?bh?i???q'[width]}", self.take(n * width))
            return define(items if kind else list(items))
        if tag == 0x40:
            return self.table[self.uint()]
        names = {0x50: "FUNCTION", 0x51: "CODE", 0x52: "CLASS", 0x53: "MODULE", 0x54: "CELL", 0x55: "EMPTY_CELL",
                 0x60: "EXCEPTION", 0x61: "OBJECT", 0x62: "REDUCED", 0x63: "REDUCED_SET"}
        made = define(Made(names[tag]))
        add = made.parts.append
        if tag in (0x50, 0x52):
            add(self.text())
            add(self.text())
        elif tag == 0x51:
            add(self.bytes())
            add(self.text())
            add(self.text())
            add(self.text_or_none())
            add(self.uint())
            for _ in range(3):
                add(self.value())
            add(self.pairs())
            add(self.pairs())
        elif tag == 0x53:
            add(self.text())
        elif tag == 0x54:
            add(self.value())
        elif tag == 0x60:
            add(self.value())
            add(self.value())
            add(self.byte())
            add(self.value())
            add(self.value())
            add(self.text_or_none())
            add(self.pairs())
        elif tag == 0x61:
            add(self.value())
            add(self.value())
        elif tag in (0x62, 0x63):
            for _ in range(5 + (tag == 0x63)):
                add(self.value())
        return made


def read(o):
    return Decoder(channels.encode(o)).message()


def is_made(o, name, *parts):
    assert type(o) is Made and o.name == name and o.parts[:len(parts)] == list(parts), o
    return o.parts


class Point:
    def __init__(self, x):
        self.x = x
        self.me = [self]


@dataclasses.dataclass
class Record:
    a: object


class Color(enum.Enum):
    RED = 1


class Slots:
    __slots__ = ("a", "b")


class Stack(list):
    pass


class Own:
    def __reduce__(self):
        return Own, (1, 2), {"s": 1}, iter([3, 4]), iter([("k", 5)])


class Setting:
    def __reduce__(self):
        return Own, (), "state", None, None, setattr


# By name: functions of modules, built-in ones, classes, modules.
is_made(read(re.sub), "FUNCTION", "re", "sub")
is_made(read(len), "FUNCTION", "builtins", "len")
is_made(read(collections.OrderedDict), "CLASS", "collections", "OrderedDict")
is_made(read(Point), "CLASS", "__main__", "Point")
is_made(read(re), "MODULE", "re")

# By value: functions of the script.
scale = 10


def plain(a, b=2, *, c: int = 3):
    """Text."""
    return a * scale + other(b)


def other(x):
    return x + scale


plain.mark = "given"
code, name, qualname, module, space, defaults, kwdefaults, closure, globals_, attributes = is_made(read(plain), "CODE")
assert type(code) is bytes and (name, qualname, module, space) == ("plain", "plain", "__main__", 0)
assert (defaults, kwdefaults, closure) == ((2,), {"c": 3}, None)
assert globals_["scale"] == 10 and is_made(globals_["other"], "CODE")[4] == 0, globals_
is_made(attributes["__annotations__"]["c"], "CLASS", "builtins", "int")
assert attributes["mark"] == "given"


def outer(n):
    def inner():
        return n, inner, late
    if n < 0:
        late = 1
    return inner


parts = is_made(read(outer(5)), "CODE", )
assert sorted(repr(cell) for cell in parts[7]) == ["CELL(5)", "CELL(Made)", "EMPTY_CELL()"], parts[7]
assert [cell.parts[0].parts is parts for cell in parts[7] if cell.name == "CELL" and type(cell.parts[0]) is Made] == [True]
is_made(read([plain, lambda: scale])[1], "CODE")

# Exceptions.
try:
    try:
        raise KeyError("k")
    except KeyError as e:
        raise ValueError("v", 2) from e
except ValueError as e:
    e.add_note("note")
    e.more = [1]
    class_, args, suppress, cause, context, trace, attributes = is_made(read(e), "EXCEPTION")
is_made(class_, "CLASS", "builtins", "ValueError")
assert args == ("v", 2) and suppress == 1 and attributes == {"__notes__": ["note"], "more": [1]}, attributes
assert cause is context and is_made(cause, "EXCEPTION")[1] == ("k",) and 'raise ValueError("v", 2) from e' in trace
assert is_made(read(OSError(2, "x", "name")), "EXCEPTION")[1][:2] == (2, "x")

# Instances.
class_, state = is_made(read(Point(1)), "OBJECT")
is_made(class_, "CLASS", "__main__", "Point")
assert state["x"] == 1 and is_made(state["me"][0], "OBJECT")[1] is state
assert is_made(read(Record([1])), "OBJECT")[1] == {"a": [1]}
for o in (Color.RED, fractions.Fraction(1, 3), types.SimpleNamespace(a=1), functools.partial(len, "x"), range, Stack([1, "a"]),
          collections.deque([1]), collections.defaultdict(list, a=[1]), re.compile("a"), 1 + 2j if False else ...):
    assert read(o) is not None
function, args, state, items, pairs = is_made(read(Own()), "REDUCED")
is_made(function, "CLASS", "__main__", "Own")
assert args == (1, 2) and state == {"s": 1} and items == [3, 4] and pairs == {"k": 5}, (args, state, items, pairs)
parts = is_made(read(Setting()), "REDUCED_SET")
assert parts[1:5] == [(), "state", None, None] and is_made(parts[5], "FUNCTION", "builtins", "setattr")
slots = Slots()
slots.a = 1
assert is_made(read(slots), "REDUCED")[2] == (None, {"a": 1})
assert is_made(read(Stack([1, "a"])), "REDUCED")[3] == [1, "a"]
print("ok")
