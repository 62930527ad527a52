# int: shifts, bitwise operators with two's complement, bit_length, bytes.
def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


state = 12345


def rnd(n):
    global state
    r = 0
    for _ in range(0, n, 32):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        r = r << 32 | state >> 32
    r &= (1 << n) - 1
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return -r if state >> 63 else r


edges = [0, 1, -1, 2, -2, 255, -256, 2**31, -(2**31), 2**62, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64 - 1, 2**64,
         -(2**64), -(2**64) + 1, 2**127, -(2**127), 2**128 - 1, -(2**128), -(2**128) - 1, 10**50, -(10**50)]
for a in edges:
    print(a, ~a, a.bit_length(), a.bit_count(), [a & b for b in edges[3:8]], [a | -5, a ^ 2**70, a ^ -(2**70)])
    for n in (0, 1, 5, 31, 62, 63, 64, 65, 127, 128, 200):
        assert a << n == a * 2**n and a >> n == a // 2**n, (a, n)
        assert (a << n) >> n == a
    for b in edges:
        assert (a & b) + (a | b) == a + b and a ^ b == (a | b) - (a & b)
        assert ~(a & b) == ~a | ~b and ~(a | b) == ~a & ~b and ~a == -a - 1
        # Bit by bit, in a window wide enough for both.
        w = 2**140
        assert (a & b) % w == sum(1 << i for i in range(140) if a >> i & 1 and b >> i & 1)
for _ in range(300):
    a, b, c = rnd(300), rnd(150), rnd(70)
    assert (a & b) | (a & c) == a & (b | c) and a ^ b ^ b == a and (a | b) & ~b == a & ~b
    assert (a & b) + (a | b) == a + b
    n = c % 200
    assert a >> n == a // 2**n and a << n == a * 2**n
    size = a.bit_length() // 8 + 1
    for order in ("big", "little"):
        data = a.to_bytes(size, order, signed=True)
        assert int.from_bytes(data, order, signed=True) == a
        assert int.from_bytes(data[::-1], "little" if order == "big" else "big", signed=True) == a
        wide = a.to_bytes(size + 9, order, signed=True)
        assert int.from_bytes(wide, order, signed=True) == a
        assert int.from_bytes(data, order) == a % 256**size
    assert abs(a).bit_count() == bin(a).count("1") == a.bit_count()
    assert a.bit_length() == len(bin(abs(a))) - 2

print(1 << 100, -1 << 100, 5 >> 10**30, -5 >> 10**30, 0 << 10**30, -(2**200) >> 199, -(2**200) - 1 >> 200, 3 << 63)
print(-(2**64) >> 64, -(2**64) - 1 >> 64, -(2**128) & (2**64 - 1), -(2**128) | 1, (-(2**64)) & -(2**64))
err(lambda: 1 << -1)
err(lambda: 1 >> -1)
err(lambda: 2**70 << -(2**70))
err(lambda: 2**70 >> -(2**70))
err(lambda: 1 << 10**20)
err(lambda: 1 << 1.0)
err(lambda: 1.0 >> 1)
err(lambda: 1 & "a")
err(lambda: ~"a")

for v, n in [(0, 0), (0, 1), (0, 3), (255, 1), (256, 2), (2**64, 9), (1, 12)]:
    print(v.to_bytes(n, "big"), v.to_bytes(n, "little"))
for v, n in [(-1, 1), (-128, 1), (127, 1), (-129, 2), (-(2**63), 8), (-(2**64), 9), (-(2**63) - 1, 9), (-1, 12)]:
    print(v.to_bytes(n, "big", signed=True), v.to_bytes(n, byteorder="little", signed=True))
print((5).to_bytes(), True.to_bytes(2), (7).to_bytes(length=3, byteorder="little"))
for f in (lambda: (256).to_bytes(1, "big"), lambda: (-1).to_bytes(1, "big"), lambda: (128).to_bytes(1, "big", signed=True),
          lambda: (-129).to_bytes(1, "big", signed=True), lambda: (1).to_bytes(0), lambda: (1).to_bytes(-1),
          lambda: (1).to_bytes(1, "middle"), lambda: (1).to_bytes(1, 5), lambda: (1).to_bytes("a"), lambda: (1).to_bytes(1.0),
          lambda: (2**64).to_bytes(8), lambda: (1).to_bytes(1, "big", True), lambda: int.from_bytes("a"),
          lambda: int.from_bytes(5), lambda: int.from_bytes([256]), lambda: int.from_bytes([1], "x"), lambda: int.from_bytes()):
    err(f)
print(int.from_bytes(b""), int.from_bytes(b"\x00\x10"), int.from_bytes(b"\x00\x10", "little"), int.from_bytes([1, 2, 3]),
      int.from_bytes(bytearray(b"\xff\xfe")), int.from_bytes(b"\xff" * 20, signed=True), int.from_bytes(b"\x80" + b"\0" * 20, signed=True),
      int.from_bytes(b"\x80" + b"\0" * 7, signed=True), int.from_bytes(iter([5, 6]), byteorder="little"))


class I(int):
    pass


print(type(I.from_bytes(b"\1\2")), I.from_bytes(b"\1\2"), type(I(6) & I(3)), I(2**70) >> 3, ~I(5), I(-(2**80)) ^ 1)
print(True & False, True | False, True ^ True, True & 3, 4 | True, ~True, True << 3, type(True & 1), type(True ^ False))
