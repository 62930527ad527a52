# SPDX-License-Identifier: MIT
"""Writes the seeds of tests/fuzz/corpus, run by quiver: quiver make_corpus.py FOLDER."""
import sys

import channels

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
if __name__ == "__main__":
    for name, value in VALUES.items():
        with open(sys.argv[1] + "/" + name, "wb") as f:
            f.write(channels.encode(value))
