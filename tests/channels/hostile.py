# SPDX-License-Identifier: MIT
# Bytes from anywhere give a value or ValueError.
# timeout: 120
# expect: ok
import channels
import functools

VALUES = [
    1, "text", "é日😀", [1, 2, 3], list(range(100)), [0.5] * 20, {"a": [1, "two", (3.0, None)], "b": {1, 2}}, 2**100, b"bytes",
    range(5), slice(1, 2), bytearray(b"x"), frozenset([1]), 1j, [[[]]],
]
shared = ["shared list"]
VALUES.append([shared, shared, (shared, "some text", "some text")])
tried = failed = 0


def attempt(data):
    global tried, failed
    tried += 1
    try:
        channels.decode(data)
    except (ValueError, TypeError, OverflowError, MemoryError, RecursionError):
        failed += 1


for value in VALUES:
    good = channels.encode(value)
    for n in range(len(good)):
        attempt(good[:n])
        attempt(good + good[:n])
    step = max(1, len(good) // 40)
    for at in range(0, len(good), step):
        for byte in range(0, 256, 3):
            attempt(good[:at] + bytes([byte]) + good[at + 1:])
state = 12345
for _ in range(5000):
    data = bytearray(b"\x01")
    for _ in range(1 + state % 20):
        state = (state * 1103515245 + 12345) % 2**31
        data.append((state >> 8) % 0x80 if state % 3 else (state >> 8) % 256)
    attempt(bytes(data))
assert failed > tried // 4, (failed, tried)
for bad in [b"", b"\x02\x01", b"\x01", b"\x01\x31\xff\xff\xff\xff\x7f", b"\x01\x40\x00", b"\x01\xb1\x01\x40\x05", b"\x01\x01\x01",
            b"\x01\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", b"\x01\x23\x01\xff\xff\xff\xff", b"\x01\x52\x20\x01a\x20\x01b",
            b"\x01" + b"\x31\x01" * 100000]:
    try:
        channels.decode(bad)
    except (ValueError, RecursionError):
        pass
    else:
        print("accepted", bad[:20])
# What a message can say by __setstate__.
for state in [(int, (), {}, 5), (int, (), {}, [])]:
    try:
        functools.partial(int).__setstate__(state)
    except TypeError:
        pass
    else:
        print("accepted", state)
print("ok")
