# int: parsing and printing in all bases, the digit limit, error texts.
def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


for s in ["0", "  12  ", "-5", "+7", "\t\n 9 \r\f\v", "1_000", "00012", "-0", "9223372036854775807", "-9223372036854775808",
          "9223372036854775808", "-9223372036854775809", "123456789012345678901234567890", "１２３", "٣٤", "\u3000-7\u2003", "0_0"]:
    print(repr(int(s)), end=" ")
print()
for s in ["", " ", "-", "+", "_1", "1_", "1__0", "- 1", "--1", "1 2", "1.5", "0x10", "1e5", "abc", "é", "1\0", "\0", "½", "²", "-_1",
          "x" * 250, "1\x1c"]:
    err(int, s)
for s, base in [("ff", 16), ("0xff", 16), ("-0XFF", 16), ("0b101", 2), ("0o17", 8), ("z", 36), ("-Zz", 36), ("0b11", 16), ("1" * 40, 3),
                ("0b101", 0), ("0o17", 0), ("0xFf", 0), ("-0x_f", 0), ("0_0", 0), ("000", 0), ("12", 0), ("0x_ff_00", 16),
                ("10" * 40, 7), ("deadbeef" * 5, 16), ("7" * 50, 8)]:
    print(int(s, base), end=" ")
print()
for s, base in [("010", 0), ("0b", 0), ("0b2", 2), ("0x", 16), ("0x__1", 16), ("0o8", 8), ("9", 9), ("g", 16), ("0b1", 3), ("_0x1", 16),
                ("0_x1", 0), ("01_0", 0), ("1", 1), ("1", 37), ("1", -1), ("1", 2**70), ("", 10), ("a", 10), ("1", "2"), (b"zz", 10)]:
    err(int, s, base)
print(int(b"12"), int(bytearray(b" -7 ")), int(b"ff", 16), int("11", base=2), int(b"1_0"), int(memoryview(b"42")))
err(int, b"1x")
err(int, bytearray(b"q"), 10)
err(int, b"\xff")
err(int, 12, 10)
err(int, 1.5, base=2)
err(int, base=10)
err(int, x=1)
err(int, 1, 2, 3)
err(int, None)
err(int, [])
err(int, {}, 3)

state = 99


def rnd(n):
    global state
    r = 0
    for _ in range(0, n, 32):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        r = r << 32 | state >> 32
    return r


digits = "0123456789abcdefghijklmnopqrstuvwxyz"


def slow(v, base):
    s = ""
    n = abs(v)
    while n:
        n, d = divmod(n, base)
        s = digits[d] + s
    return ("-" if v < 0 else "") + (s or "0")


for n in (20, 64, 65, 128, 300, 1000):
    for base in range(2, 37):
        v = rnd(n) * (-1) ** base
        s = slow(v, base)
        assert int(s, base) == v and int(s.upper(), base) == v, (v, base)
        if base == 10:
            assert str(v) == s and repr(v) == s and f"{v}" == s and "%d" % v == s
        if base == 16:
            assert f"{v:x}" == s and "%x" % v == s
        if base == 8:
            assert f"{v:o}" == s
        if base == 2:
            assert f"{v:b}" == s
    assert int(hex(v), 16) == int(oct(v), 8) == int(bin(v), 2) == int(hex(v), 0) == v
print(bin(0), bin(-5), oct(2**70), hex(-(2**70)), bin(2**65), hex(True), oct(-8))
print(str(-(2**63)), repr(2**63), str(10**50), str(-(10**19)), 10**18, 10**19, f"{2**70:,} {-(2**70):_x} {5:+d} {2**64:#b}")

err(int, "1" * 4301)
err(str, 10**4300)
err(repr, -(10**4300))
err(int, "1" * 4301 + "x")
err(format, 10**5000, "d")
print(len(str(10**4299)), len(str(-(10**4300) + 1)), int("9" * 4300) == 10**4300 - 1, len(hex(10**5000)), int("f" * 6000, 16).bit_length())
print(len(bin(2**20000)), int("1" + "0" * 5000, 2) == 2**5000, int("z" * 3000, 36) == 36**3000 - 1)
err(int, "2" * 5000, 3)


class H:
    def __int__(self):
        return 42


class X:
    def __index__(self):
        return 2**70


class T:
    def __trunc__(self):
        return 7


class Bad:
    def __int__(self):
        return "x"


class Bad2:
    def __index__(self):
        return 1.5


print(int(H()), int(X()), int("10", X2 := 16), hex(X()), bin(X()))
err(int, Bad())
err(int, Bad2())
err(int, "1", H())
err(hex, 1.5)
