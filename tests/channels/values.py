# SPDX-License-Identifier: MIT
# Every kind of plain value survives a message, with its exact type.
# expect: ok
import channels


def trip(x):
    tx, rx = channels.open()
    tx.send(x)
    return rx.recv()


VALUES = [
    None, True, False, ..., NotImplemented,
    0, 1, -1, 127, 128, -128, -129, 2**31, -2**31, 2**62, 2**63 - 1, -2**63, 2**63, -2**63 - 1, 2**64, -2**200, 10**50, 255 * 256**20,
    0.0, -0.0, 1.5, float("inf"), -float("inf"), 1 + 2j,
    "", "a", "abc", "\x00", "é", "ÿ" * 300, "日本", "😀x", "\ud800", "x" * 5000,
    b"", b"abc", bytes(range(256)), bytearray(b"xy"), bytearray(),
    (), (1,), (1, 2, 3), [], [1, 2], list(range(20)), tuple(range(-5, 10)), [2**40] * 9, [-300] * 8, [70000, -1] * 5,
    [1.5] * 10, (2.5,) * 9, [1] * 7 + [True], [1] * 9 + ["x"], [1] * 9 + [2**70], [0.5] * 9 + [1],
    {}, {"a": 1, "b": [1, 2, {"c": None}]}, {1: 2, (3, 4): {5}, None: b""}, {i: str(i) for i in range(1000)},
    set(), {1, 2, 3}, frozenset("abc"), {frozenset([1]), frozenset()},
    range(10), range(1, 2**70, 3), slice(1, None, 2), slice(None),
]


def same(a, b):
    assert type(a) is type(b) and a == b, (a, b)
    if isinstance(a, (list, tuple)):
        for x, y in zip(a, b):
            same(x, y)


for value in VALUES:
    same(value, trip(value))
    same(value, channels.decode(channels.encode(value)))
same(VALUES, trip(VALUES))
assert str(trip(-0.0)) == "-0.0"
nan = trip(float("nan"))
assert nan != nan
view = trip(memoryview(b"abcdef")[::2])
assert type(view) is memoryview and bytes(view) == b"ace"
print("ok")
