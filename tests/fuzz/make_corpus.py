# SPDX-License-Identifier: MIT
"""Writes the seeds of tests/fuzz/corpus, run by quiver: quiver make_corpus.py FOLDER."""
import array
import collections
import fractions
import functools
import operator
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
if __name__ == "__main__":
    for name, value in VALUES.items():
        with open(sys.argv[1] + "/" + name, "wb") as f:
            f.write(channels.encode(value))  # those of CODE can only be read from a channel
