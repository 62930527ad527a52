# _json.make_encoder and what json.dumps makes of it; encode_basestring and its ASCII form.
import json
import _json


def attempt(f, *args, **kw):
    try:
        print(ascii(f(*args, **kw)))
    except BaseException as e:
        print(type(e).__name__, ascii(e.args)[:200])


make, ascii_text = _json.make_encoder, _json.encode_basestring_ascii
plain = make({}, None, ascii_text, None, ": ", ", ", False, False, True)
attempt(plain, [1, "a", {"x": 1.5}], 0)
attempt(plain, 1)
attempt(plain, 1, 2, 3)
attempt(plain, obj=1, _current_indent_level=0)
attempt(plain, 1, "a")
attempt(plain)
attempt(make)
attempt(make, 1, 2, 3, 4, "", "", 7, 8, 9)
attempt(make, None, None, None, None, 1, 2, 0, 0, 0)
attempt(make, None, None, None, None, "1", 2, 0, 0, 0)
own = make(None, None, lambda s: 1, None, ": ", ", ", False, False, False)
for value in "a", {"a": 1}, float("nan"), object(), {(1,): 1}:
    attempt(own, value, 0)
attempt(setattr, own, "markers", 1)
print(own.markers, own.default, own.indent, own.key_separator, own.sort_keys, own.skipkeys)
print(make, hasattr(own, "allow_nan"))
circle = make({}, lambda o: o, ascii_text, None, ": ", ", ", False, False, False)
try:
    circle(object(), 0)
except ValueError as e:
    print(e)


class S(str):
    pass


attempt(ascii_text, 1)
attempt(_json.encode_basestring, b"")
attempt(ascii_text, "\x7f\u1234\U00012345\"\\\b\f\n\r\t\x01\xe9\ud800")
attempt(_json.encode_basestring, "\x7f\u1234\U00012345\"\\\b\f\n\r\t\x01\xe9")
print(ascii_text(S("a")))

# Depth and circles.
deep = []
for i in range(100000):
    deep = [deep]
attempt(json.dumps, deep)
deep = {}
for i in range(100000):
    deep = {"a": deep}
attempt(json.dumps, deep)
deep = []
deep.append(deep)
attempt(json.dumps, deep)
deep = {}
deep[1] = deep
attempt(json.dumps, deep)
del deep


from collections import OrderedDict, namedtuple
import enum


class F(float):
    def __repr__(self): return "x"


class I(int):
    def __repr__(self): return "x"


class L(list):
    pass


class M(dict):
    def items(self): return [(1, 2), ("k", 3)]


class M2(dict):
    def items(self): return [1]


class M3(dict):
    def items(self): return [(1, 2, 3)]


class M4(dict):
    def items(self): return 5


class E(enum.IntEnum):
    A = 5


VALUES = [
    F(1.5), I(7), I(10**20), L([1]), M(a=1), M2(a=1), M3(a=1), M4(a=1), M(), OrderedDict(a=1, b=2),
    namedtuple("N", "a b")(1, 2), E.A, {E.A: 1}, {F(2.5): 1}, {I(3): 2},
    {None: 1, True: 2, False: 3, 1.5: 4, 10**30: 5, float("inf"): 6}, {1: 2, "a": 3}, {(1,): 2},
    (), [], {}, [[], {}, ()], 1j, b"a", {1, 2}, 10**30, float("nan"), -0.0, 1e22, "\u2028\xe9",
    {"\xe9": ["\ud800"]}, [True, None, False], {"a": {(1,): 2}, "b": 3}]
WAYS = [{}, dict(ensure_ascii=False), dict(sort_keys=True), dict(skipkeys=True),
        dict(allow_nan=False), dict(separators=(",", ":")), dict(default=str),
        dict(check_circular=False), dict(indent=1)]
for value in VALUES:
    for way in WAYS:
        attempt(json.dumps, value, **way)


def bad(o):
    raise KeyError("x")


attempt(json.dumps, [1, object()], default=bad)
attempt(json.dumps, [object()], default=lambda o: [1])


class It(list):
    def __iter__(self): return iter([7, 8])
    def __len__(self): return 5


attempt(json.dumps, It([1]))


# Containers that change while they are written.
def clears(o):
    changing.clear()
    return 1


changing = [object(), 2, 3]
attempt(json.dumps, changing, default=clears)
changing = {"a": object(), "b": 2}
attempt(json.dumps, changing, default=clears)
