# SPDX-License-Identifier: MIT
# channels.share(): one block of memory, a read-only view of it for each receiver, slices too.
# expect: view True 300000 True
# expect: same True
# expect: part b'yz' 100000
# expect: tuple b'abc' b'bc'
# expect: read-only TypeError cannot modify read-only memory
# expect: once True
# expect: reversed b'cba'
# expect: cast [97, 98, 99]
# expect: empty 0
# expect: other [300000, 300000, 300000] b'xyz'
# expect: after b'xyz'
# expect: bytes only TypeError
# expect: encoded True
import channels
from concurrent import interpreters

tx, rx = channels.open()


def trip(value):
    tx.send(value)
    return rx.recv()


block = channels.share(b"xyz" * 100000)
got = trip(block)
print("view", type(got) is memoryview, len(got), got == block)
a, b = trip((block, block))
print("same", a == b and a is b)
part = trip(block[1:100001])
print("part", bytes(part[:2]), len(part))
small = channels.share(bytearray(b"abc"))
print("tuple", *map(bytes, trip((small, small[1:]))))
try:
    got[0] = 1
except TypeError as error:
    print("read-only TypeError", error)

# Messages hold no copy.
total = tx.stats()["bytes"]
for _ in range(10):
    trip(block)
print("once", tx.stats()["bytes"] - total < 1000)
# Views of another shape are copied.
print("reversed", bytes(trip(small[::-1])))
print("cast", trip(small.cast("b")).tolist())
print("empty", len(trip(channels.share(b""))))

interps = [interpreters.create() for _ in range(3)]
for interp in interps:
    to, there = channels.open()
    interp.prepare_main(rx=there, tx=tx)
    to.send(block)
    interp.exec("view = rx.recv(); tx.send(len(view)); part = view[:3]; del view")
sizes = [rx.recv() for _ in interps]
del block, got, a, b, part
for interp in interps[1:]:
    interp.close()
interps[0].exec("tx.send(part)")
last = rx.recv()
print("other", sizes, bytes(last))
interps[0].close()
print("after", bytes(last))
try:
    channels.share("text")
except TypeError:
    print("bytes only TypeError")
print("encoded", channels.decode(channels.encode(small)) == b"abc")
