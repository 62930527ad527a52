# More corner cases of short ways: complex numbers, replace, str.format, natives with optional
# keywords, struct's last format, case-blind sets.
import re
import struct
import zlib


def show(f):
    try:
        return repr(f())
    except Exception as e:
        return type(e).__name__ + ": " + str(e)


# ---- complex: results go into boxes that nobody else has
def orbit(z, c, n):
    seen = []
    for _ in range(n):
        z = z * z + c
        seen.append(z)
        z = z - 0.5
        z *= 1
        z += 2
        z -= 1j
    return seen


print(orbit(0j, 0.1 + 0.2j, 4))
a = 1 + 2j
b = a
a += 1
print(a, b, a * b, a - b, b + 1, 1 + b, 2.5 * b, b - 10**30, True + b)
inf, nan = float("inf"), float("nan")
for x in (0j, -0.0 - 0j, complex(inf, 1), complex(nan, -0.0), 3 - 4j, 2.5, -0.0, 7, -1, 0):
    for y in (1 + 1j, complex(-0.0, 0.0), complex(inf, -inf), complex(0, nan)):
        print(x + y, x - y, x * y, y - x, y * x)


class C(complex):
    def __radd__(self, o):
        return "radd"

    def __mul__(self, o):
        return "mul"


print(1j + C(2), C(2) * 1j, 1j * C(2), C(1) + 1j, show(lambda: 1j + "x"), show(lambda: 1j + 10**400))

# ---- replace
text = "a&b<c>&&\u00e9"
for old, new in (("&", "&amp;"), ("<", "&lt;"), (";", "&"), ("&&", ""), ("&", ""), ("a", "b"), ("x", "yy"),
                 ("\u00e9", "e"), ("\u20ac", "e"), ("", "-"), ("c>&&\u00e9", "!"), ("&", "\U0001f600")):
    print([text.replace(old, new, k) for k in (-1, 0, 1, 2, 3, 9)], text.replace(old, new))
s = "ab" * 5000
print(len(s.replace("a", "xyz")), len(s.replace("b", "")), s.replace("c", "dd") is s, s.replace("ab", "ba", 4999)[-4:])
print("aXbXc".encode().replace(b"X", b"--"), "aXbXc".replace("X", "--", 1))

# ---- str.format
for t in ("{}", "{}{}", "{}{0}", "{0}{}", "{0}{1}{0}", "{", "}", "{{}}", "{}}", "{{{}}}", "{:5}|{:>5}", "{!r}", "{!r:>6}",
          "{:{}}", "{:{1}}", "{0:{1}}", "{0[0]}", "{0.real}", "{a}", "{a:>4}{a}", "{a[x]}", "{:d}", "{:}", "{0:}", "{!x}",
          "{!}", "{:", "{0:{", "{a!s", "{ }", "{0 }", "{-1}", "{99}", "{é}", "é{}é{}", "{\u0661}", "{}\u20ac{:>3}", "{[}", "{[]}",
          "{:}}", "{:{{}}}", "{.}", "{}.{}", "{0}:{1}", "{:%}", "{a{b}"):
    for args in ((), (1,), ("x", 7), ([5, 6], 3), (1.5, True), (10**20, "\u20ac")):
        print(zlib.crc32(show(lambda: t.format(*args, a="A")).encode()), end=" ")
    print()
print("{} {} {}".format(1, "two", 3.0), "{} {}".format(True, None), "{}{}".format("\u20ac", -5))
print("{:>{w}.{p}f}|{!s:^7}|{:,}".format(3.14159, "ab", 1234567, w=8, p=2), "%s {}".format("%d"))

# ---- natives that could be given keywords
for f in (lambda: "a,b".split(), lambda: "a,b".split(","), lambda: "a,b".split(",", 1), lambda: "a,b".split(",", 1, 2),
          lambda: "a,b".split(sep=","), lambda: "a".split(None, maxsplit=0), lambda: "a".encode("ascii"), lambda: "é".encode("ascii", "replace"),
          lambda: b"a".decode(), lambda: b"\xff".decode("utf-8", "ignore"), lambda: b"a".decode("utf-8", "strict", 1),
          lambda: "a\tb".expandtabs(), lambda: "a\tb".expandtabs(4), lambda: "a".expandtabs(1, 2), lambda: (5).to_bytes(2, "big"),
          lambda: (5).to_bytes(), lambda: int.from_bytes(b"\1\2"), lambda: int.from_bytes(), lambda: re.compile("a").sub(),
          lambda: re.compile("a").sub("b"), lambda: re.compile("a").sub("b", "aaa", 2), lambda: re.compile("a").findall("aa", 1, 2),
          lambda: "x".splitlines(1, 2), lambda: round(2.567, 1), lambda: round(), lambda: sum([1], 2), lambda: sum([1], start=2), lambda: sum(),
          lambda: print(), lambda: pow(2, 3), lambda: pow(2, 3, 5), lambda: pow(2), lambda: pow(2, 3, 5, 7)):
    print(show(f))

# ---- struct: the format that was used last
for fmt in ("<IhB", "<IhB", ">IhB", "<" + "IhB", b"<IhB", "<IhB"):
    print(struct.pack(fmt, 1, 2, 3), struct.unpack(fmt, b"\1\2\3\4\5\6\7"), struct.calcsize(fmt))
    print(show(lambda: struct.pack(fmt, 1, 2)), show(lambda: struct.unpack(fmt, b"")))
print(show(lambda: struct.pack("zz")), show(lambda: struct.pack("zz")), struct.pack("<IhB", 9, 8, 7))
struct._clearcache()
print(struct.pack("<IhB", 9, 8, 7))

# ---- case-blind sets of Latin-1
chars = "".join(map(chr, range(0x180))) + "\u0130\u0131\u017f\u1e9e\u212a\u2126"
for p in ("[a-z]", "[A-F\xc0-\xd0]", "[\xe0-\xff]", "[\xd7\xf7]", "[\xb5\xdf]", "[^k\xe9]", "[\u0101-\u0110]", "[s]", "\xe9", "\xc9",
          "[^\xc9]", "k", "s", "[ks]", "[\xff]", "\u0178", "\xb5", "[\xb5]", "[\\w\xe9]", "[^\\W\xe9]"):
    for flags in (re.I, re.I | re.A):
        found = "".join(re.findall(p, chars, flags))
        print(ascii(p), len(found), zlib.crc32(found.encode()), end=" ")
    print()
print(re.findall(b"[a-f\xe0]", bytes(range(256)), re.I), re.findall(b"(?i)\xc9", bytes(range(256))))

# ---- encode and decode without names
for t in ("", "a", "ab", "é", "\u20ac", "a\ud800"):
    print(show(lambda: t.encode()), show(lambda: t.encode(errors="replace")), show(lambda: t.encode("utf-8", "surrogatepass").decode()))
for t in (b"", b"a", b"ab", b"\xc3\xa9", b"\xff", b"a" * 40 + b"\x80"):
    print(show(lambda: t.decode()), show(lambda: bytearray(t).decode()), show(lambda: t.decode(errors="replace")))

# ---- division of a few limbs by small numbers
out = []
for n in (2**63, 2**64 - 1, 2**64, 2**127 + 12345, 3**80, 7**130, -5**60, 2**384 - 1, 2**384, -2**448 + 99):
    for d in (1, 2, 3, 7, 10, 1000, 2**31 - 1, 2**32 - 1, 2**32, 2**32 + 1, 10**9, 10**18, -3, -10, -2**32):
        q, r = divmod(n, d)
        assert q * d + r == n and n // d == q and n % d == r and abs(r) < abs(d), (n, d)
        out.append("%d %d" % (q, r))
print(zlib.crc32(" ".join(out).encode()))
