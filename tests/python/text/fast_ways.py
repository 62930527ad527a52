# Corner cases of the short ways in str, formatting, int and re.
import random
import re
import zlib


def digest(parts):
    return zlib.crc32("\n".join(parts).encode("utf-8", "surrogatepass"))


# ---- split: pieces on the stack, then in a list
for n in (0, 1, 2, 15, 16, 17, 18, 40):
    s = ",".join(str(i) for i in range(n))
    w = " ".join(str(i) for i in range(n))
    print(n, len(s.split(",")), len(w.split()), len(s.rsplit(",")), len(s.splitlines()))
    assert s.split(",") == s.rsplit(",") == [str(i) for i in range(n)] or n == 0
    assert w.split() == w.rsplit() == [str(i) for i in range(n)]
    assert "\n".join(w.split()).splitlines() == w.split()
    for m in (0, 1, 15, 16, 17):
        print(digest(s.split(",", m)), digest(s.rsplit(",", m)), digest(w.split(None, m)), end=" ")
    print()
print("".split(","), ",".split(","), "a".split(","), ",a,".split(","), ",,".split(",", 1))
print("a\u00e9b\u20acc".split("\u00e9"), "a\U0001f600b".split("\U0001f600"), "abc".split("\u20ac"))
print("a\0b".split("\0"), "x" * 20 + "," + "y" * 30 == ",".join(("x" * 20 + "," + "y" * 30).split(",")))


class S(str):
    pass


t = S("abc")
print(type(t.split(",")[0]), type(t.split()[0]), "abc".split(",")[0] == t)

# ---- floats to a number of places
rng = random.Random(5)
values = [0.0, -0.0, 0.5, 1.5, 2.5, -0.5, 0.125, 0.375, 1e-5, 5e-324, 2.0**-64, 2.0**-12, 2.0**-13,
          0.0005, 0.00049999, 2.0**53, 2.0**63, 2.0**62, 9e18, 1e22, 1e300, 9.995, 99.5, 999999.5,
          0.999, 0.9995, 123456789.987654321, float("inf"), float("-inf"), float("nan")]
values += [rng.uniform(-1000, 1000) for _ in range(200)]
values += [rng.random() * 10 ** rng.randint(-30, 30) for _ in range(200)]
values += [rng.randint(-10**6, 10**6) / 1000 for _ in range(200)]
specs = [".%df" % p for p in (0, 1, 2, 3, 4, 6, 10, 16, 17, 18, 25)]
specs += ["f", "F", "%", ".1%", "8.2f", "<8.2f", "^9.3f|"[:-1], "=+9.2f", "010.3f", "+.2f", " .2f",
          ",.2f", "_.2f", "z.1f", "#.0f", ".0f", ".3g", ".3e", "12", "<12", "", "e", "g", "n"]
for spec in specs:
    print(spec, digest(format(v, spec) for v in values))
for f in ("%f", "%.0f", "%.2f", "%8.3f", "%-8.3f|", "%+.1f", "% .1f", "%08.2f", "%#.0f", "%.17f", "%.20f"):
    print(f, digest(f % v for v in values))
finite = [v for v in values if v - v == 0]
for places in (0, 1, 2, 3, 5, 10, 15, 17, 18, -1, -3):
    print(places, digest(repr(round(v, places)) for v in finite))
print(round(2.675, 2), round(-0.4, 0), round(1e22, 5), round(0.5, 0), round(1.5, 0), round(5e15 + 0.5, 1))

# ---- plain and less plain specifications
for value in (5, -5, 0, 10**20, True, 1.5, "ab", "\u20ac", ""):
    for spec in ("", "5", "<5", ">5", "^5", "=5", "05", "<05", "0", "00", "005", "x", "5x", "z", "5z", "d",
                 ".2", "5.2", ".", "5.", ".x", "0<5", "5<", "x<5", "=<5", "<<5", "s", "5s", ".1s", "c", "é<5",
                 "10d", "^10d", "#x", "+d", "12345678", "1234567", "\0", "5\0", "%", "_d", ",", "n", "b", "o", "X"):
        if spec.startswith("1234"):
            continue
        try:
            r = repr(format(value, spec))
        except Exception as e:
            r = type(e).__name__ + ": " + str(e)
        print(zlib.crc32(r.encode()), end=" ")
    print()
print(len(format(7, "1234567")), len(format("x", "12345")), len("%300d|%s" % (1, "y" * 600)))
print(len("{}{:>300}{}".format("a" * 250, "b", "c" * 100)), len("{:*^500}".format("\u20ac")))
print("%s" % ("\u20ac" * 300) == "\u20ac" * 300, "{}-{}".format("a" * 255, "\U0001f600")[-1] == "\U0001f600")

# ---- ints of a few limbs
edge = [0, 1, -1, 2**63 - 1, 2**63, -2**63, -2**63 - 1, 2**64 - 1, 2**64, 2**64 + 1, 2**127, 2**128 - 1,
        2**128, -2**128, 2**192 - 1, 2**192, 2**384 - 1, 2**384, 2**385, -2**384 + 1, 2**448 - 1, 3**100, -7**90]
out = []
for a in edge:
    for b in edge:
        out += [str(a + b), str(a - b), str(a * b)]
        assert (a + b) - b == a and (a - b) + b == a
        if b:
            q, r = divmod(a, b)
            assert q * b + r == a and a // b == q and a % b == r
            out += [str(q), str(r)]
print(digest(out))
for d in (1, -1, 3, -3, 10, 2**63 - 1, -2**63, 2**63, 2**64 - 1, -2**64 + 1):
    print(digest(str(x) for a in edge for x in (a // d, a % d, *divmod(a, d))))
x = 2**200
for _ in range(300):
    x += 2**63 + 12345
    x -= 1
print(x % 10**9, x.__sizeof__() > 0)


class I(int):
    def __radd__(self, o):
        return "radd"

    def __rpow__(self, o):
        return "rpow"


class F(float):
    def __rpow__(self, o):
        return "frpow"


print(2**100 + I(3), 1.5 ** I(2), 1.5 ** F(2), I(2) ** 2.0, True + 2**70, 2**70 - True, 2**70 & True)
for a in (2.0, -2.0, 0.0, -0.0, 1.0, float("inf"), float("-inf"), float("nan"), 1e200):
    for b in (0, 1, 2, -1, 0.5, 3.0, float("inf"), float("nan"), 300):
        try:
            r = repr(a**b)
        except (OverflowError, ZeroDivisionError) as e:
            r = str(e)
        print(r, end=" ")
    print()

# ---- sets of characters in patterns
chars = "".join(map(chr, range(300)))
for p in (r"\d", r"\D", r"\s", r"\S", r"\w", r"\W", r"[\d_]", r"[^\d_]", r"[^\s\w]", r"[\W\d]", r"[a-f0-9]",
          r"[^a-f\xe0-\u0120]", r"[\x00-\xff]", r"[^\x00-\u0200]", r"[acegikmoqsuwy\d]", r"[\s\S]", r"."):
    for flags in (0, re.A, re.I, re.A | re.I, re.S):
        print(p, int(flags), digest(re.findall(p, chars, flags)), end=" ")
    print()

# ---- constructors' signatures, more than once
for _ in range(2):
    for f in (lambda: int("1", bas=2), lambda: int("1", 2, 3), lambda: str(1, 2, 3, 4), lambda: enumerate(),
              lambda: enumerate([], starts=1), lambda: int("11", base=2), lambda: range(), lambda: complex(imag=2)):
        try:
            print(f())
        except TypeError as e:
            print(e)
