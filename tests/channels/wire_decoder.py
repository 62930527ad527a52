# SPDX-License-Identifier: MIT
# A decoder of plain data written from the comment in channels/wire.def alone, against encode().
# expect: compared 400
# expect: sharing True True True
import channels
import random
import struct


class Decoder:
    def __init__(self, data):
        self.data, self.at, self.table = data, 0, []

    def take(self, n):
        piece = self.data[self.at:self.at + n]
        if len(piece) != n:
            raise ValueError("cut off")
        self.at += n
        return piece

    def uint(self):
        n = shift = 0
        while True:
            byte = self.take(1)[0]
            n |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return n

    def message(self):
        if self.take(1) != b"\x01":
            raise ValueError("version")
        value = self.value()
        if self.at != len(self.data):
            raise ValueError("more than one value")
        return value

    def value(self):
        byte = self.take(1)[0]
        tag = byte & 0x7F
        index = None
        if byte & 0x80:
            index = len(self.table)
            self.table.append(None)

        def define(o):
            if index is not None:
                self.table[index] = o
            return o

        if tag in (1, 2, 3, 4, 5):
            return define((None, False, True, ..., NotImplemented)[tag - 1])
        if tag == 0x10:
            n = self.uint()
            return define((n >> 1) ^ -(n & 1))
        if tag == 0x11:
            return define(int.from_bytes(self.take(self.uint()), "little", signed=True))
        if tag == 0x12:
            return define(struct.unpack("<d", self.take(8))[0])
        if tag == 0x13:
            return define(complex(*struct.unpack("<2d", self.take(16))))
        if tag in (0x20, 0x21):
            return define(self.take(self.uint()).decode("ascii" if tag == 0x20 else "latin-1"))
        if tag in (0x22, 0x23):
            n = self.uint()
            size = 2 if tag == 0x22 else 4
            units = struct.unpack("<%d%s" % (n, " HI"[size // 2]), self.take(n * size))
            return define("".join(map(chr, units)))
        if tag in (0x24, 0x25, 0x26):
            kind = (bytes, bytearray, memoryview)[tag - 0x24]
            return define(kind(self.take(self.uint())))
        if tag == 0x30:
            n = self.uint()
            return define(tuple([self.value() for _ in range(n)]))
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
        if tag == 0x33:
            result = define(set())
            for _ in range(self.uint()):
                result.add(self.value())
            return result
        if tag == 0x34:
            n = self.uint()
            return define(frozenset([self.value() for _ in range(n)]))
        if tag in (0x35, 0x36):
            parts = [self.value() for _ in range(3)]
            return define(range(*parts) if tag == 0x35 else slice(*parts))
        if tag == 0x38:
            kind, width = self.take(2)
            n = self.uint()
            letter = {1: "b", 2: "h", 4: "i", 8: "q"}[width]
            items = struct.unpack("<%d%s" % (n, letter), self.take(n * width))
            return define(items if kind else list(items))
        if tag == 0x39:
            kind = self.take(1)[0]
            n = self.uint()
            items = struct.unpack("<%dd" % n, self.take(8 * n))
            return define(items if kind else list(items))
        if tag == 0x40:
            return self.table[self.uint()]
        raise ValueError("tag %#x" % tag)


rng = random.Random(5)
WORDS = ["", "a", "abc", "naïve", "Ωmega", "\U0001f40d", "key", "x" * 200, "\ud800"]


def make(depth):
    kind = rng.randrange(17 if depth else 9)
    if kind == 0:
        return rng.choice([None, False, True, ..., NotImplemented])
    if kind == 1:
        return rng.randrange(-10**rng.randrange(1, 60), 10**rng.randrange(1, 60))
    if kind == 2:
        return rng.choice([0.0, -0.0, 1.5, 1e300, float("inf"), rng.random()])
    if kind == 3:
        return complex(rng.random(), -1)
    if kind in (4, 5):
        return rng.choice(WORDS)
    if kind == 6:
        return rng.choice([bytes, bytearray, memoryview])(rng.randbytes(rng.randrange(40)))
    if kind == 7:
        return rng.choice([range, slice])(rng.randrange(9), rng.randrange(99), rng.randrange(1, 5))
    if kind == 8:
        run = [rng.randrange(-2**rng.choice([5, 10, 20, 40]), 2**rng.choice([5, 10, 20, 40])) for _ in range(rng.randrange(20))]
        run = rng.choice([run, [n / 2 for n in run]])
        return rng.choice([list, tuple])(run)
    n = rng.randrange(5)
    if kind in (9, 10):
        return [make(depth - 1) for _ in range(n)]
    if kind in (11, 12):
        return tuple(make(depth - 1) for _ in range(n))
    if kind in (13, 14):
        return {rng.choice([rng.choice(WORDS), rng.randrange(99), (1, "k")]): make(depth - 1) for _ in range(n)}
    return rng.choice([set, frozenset])(rng.choice([rng.choice(WORDS), rng.randrange(99)]) for _ in range(n))


done = 0
for _ in range(400):
    value = make(4)
    data = channels.encode(value)
    got = Decoder(data).message()
    again = channels.decode(data)
    if repr(got).replace("memory at", "") == repr(again).replace("memory at", "") or got == again == value:
        done += 1
    else:
        print("differs", value, got, again)
print("compared", done)

shared = ["shared text", 1.0]
loop = [shared, {"a": shared}, "text text"]
loop.append(loop)
got = Decoder(channels.encode(loop)).message()
print("sharing", got[3] is got, got[0] is got[1]["a"], got[:1] == [["shared text", 1.0]])
