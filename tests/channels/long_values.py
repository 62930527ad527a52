# SPDX-License-Identifier: MIT
# Long lists and buffers: every width of numbers, changes of it on the way, what is no number among them, limits of memory.
# expect: ok
import array
import channels
from concurrent import interpreters

tx, rx = channels.open()


def trip(value):
    tx.send(value)
    return rx.recv()


edges = [0, -5, -6, 127, -128, 128, -129, 1024, 1025, 32767, -32768, 32768, -32769, 2**31 - 1, -(2**31), 2**31, -(2**31) - 1,
         2**62, 2**63 - 1, -(2**63)]
for edge in edges:
    for at in (0, 7, 1023, 1024, 2999):
        numbers = [k % 100 for k in range(3000)]
        numbers[at] = edge
        assert trip(numbers) == numbers, (edge, at)
        assert trip(tuple(numbers)) == tuple(numbers), (edge, at)
wide = [k % 7 for k in range(2000)] + [300] * 2000 + [-(2**20)] * 2000 + [2**40] * 2000
assert trip(wide) == wide and trip(wide[::-1]) == wide[::-1]
for odd in (2**63, -(2**64), True, None, 1.5, "x", [1]):
    for at in (8, 1500, 2999):
        numbers = list(range(3000))
        numbers[at] = odd
        got = trip(numbers)
        assert got == numbers and type(got[at]) is type(odd), (odd, at)
        floats = [k / 3 for k in range(3000)]
        floats[at] = odd
        got = trip(floats)
        assert got == floats and type(got[at]) is type(odd), (odd, at)
shared = [list(range(5000)), [0.5] * 5000]
got = trip([shared, shared, shared[0], (shared[1],) * 2])
assert got[0] is got[1] and got[0][0] is got[2] and got[3][0] is got[3][1] is got[0][1] and got[0] == shared
assert trip([7] * 4096)[5] is trip([7] * 10)[0]  # the cached ones

for size in (1 << 18, (1 << 18) + 1, 1 << 20):
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert trip(data) == data and trip(bytearray(data)) == bytearray(data)
    assert bytes(trip(memoryview(data))) == data and bytes(trip(memoryview(data)[::2])) == data[::2]
    for text in ("a", "\xe9", "\u03a9", "\U0001f40d"):
        s = "b" * size + text
        assert trip(s) == s
assert trip(array.array("d", [0.5]) * 200000) == array.array("d", [0.5]) * 200000


# What is being packed counts as the sender's memory, what arrives as the receiver's.
def flood(n):
    import channels
    data = memoryview(bytearray(1 << 20))
    tx, rx = channels.open()
    try:
        tx.send([data[k:] for k in range(n)])
        return "sent"
    except MemoryError:
        tx.send("still good")
        return rx.recv()


def take(rx):
    try:
        return len(rx.recv())
    except MemoryError:
        return "MemoryError"


small = interpreters.create(limits={"memory": 16 << 20})
assert small.call(flood, 3) == "sent"
assert small.call(flood, 50) == "still good"
tx.send([0.5] * 3000000)
assert small.call(take, rx) == "MemoryError"
tx.send(tuple(range(10000, 1010000)))
assert small.call(take, rx) == "MemoryError"
tx.send(list(range(10000, 20000)))
assert small.call(take, rx) == 10000
small.close()
print("ok")
