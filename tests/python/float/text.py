# float: construction, repr, parsing, hex, round, format, error texts.
def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


print(float(), float(3), float("1.5"), float(True), float(10**22), float(b"2.5"), float(bytearray(b"1e3")), float(memoryview(b"7")))
for s in ["1", "-1.5", "+.5", "5.", "1e5", "1E-5", " 1.5\n", "1_000.5_5", "1e1_0", "inf", "-Infinity", "+INF", "nan", "-NaN", "1e400", "-1e400", "1e-400",
          "0.1", "123456789012345678901234567890", "2.2250738585072011e-308", "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324",
          "1.7976931348623158e308", "1.7976931348623159e308", "9007199254740993", "9007199254740992.99999", "0e999999999999", "１.５", "٣"]:
    print(repr(float(s)), end=" ")
print()
for s in ["", " ", "x", "1x", "1 2", "1_", "_1", "1__0", "1_.5", "1._5", "1e", "1e+", ".", "-", "e5", "0x10", "infin", "nanx", "1,5", "--1", "1\0", "é1", "1e_5"]:
    err(float, s)
for a in (None, [], {}, 1j, object, (1, 2)):
    err(float, a)
err(float, b"x")
err(float, 1, 2)
err(float, x=1)
err(float, 10**400)
for v in [1e15, 1e16, 1e17, 123456789012345680.0, 1e-4, 1e-5, 0.00012345, 1e22, 1e23, 5e-324, 1.7976931348623157e308, 100.0, 0.1, 1 / 3, 2 / 3, 1e100,
          123.456, -0.0, 9007199254740992.0, 9007199254740994.0, 4.35, 2.5e-8]:
    print(v, str(v) == repr(v), end=" ")
print()
for v in [1.0, -0.1, 3.14159, 0.0, -0.0, 5e-324, 2.2250738585072014e-308, 2.225073858507201e-308, 1e308, float("inf"), float("-inf"), float("nan"), 1023.5]:
    print(v.hex(), end=" ")
print()
for s in ["0x1p0", "1p3", "0x.8", "0x1.8p1", "-0x1.8P-1", " 0xff ", "1.", ".8p4", "inf", "-InFinity", "nan", "+NaN", "0x1.fffffffffffff8p0", "0x1.fffffffffffff7p0",
          "0x1.00000000000008p0", "0x1.000000000000080001p0", "0x1.00000000000018p0", "1p-1074", "1p-1075", "1.8p-1075", "1.0000000001p-1075", "0x1.fffffffffffff7ffp1023",
          "0x0p99999999999999999999", "0x1p-99999999999999999999", "0x" + "0" * 400 + "1p0", "0x1" + "0" * 100 + "p-400", "0x." + "0" * 100 + "1p400", "0X1P+2"]:
    print(float.fromhex(s), end=" ")
print()
for s in ["", "x", "0x", "0xp1", "1p", "1p+", "1.2.3", "0x1p5000", "0x1.fffffffffffff8p1023", "1p1024", "--1", "0x1 p1", "1_0", "infi", "é", "1\0", "0x1p99999999999999999999"]:
    err(float.fromhex, s)
err(float.fromhex, 1)

for v in (0.5, 1.5, 2.5, -0.5, -2.5, 2.675, 1.25, 0.15, 1234.5678, -1e15 - 0.5, 1e22, 5e-324, 0.05, 25.0, 149.5, 1e308, -0.04):
    print(round(v), [round(v, n) for n in (-2, -1, 0, 1, 2, 5, 20)], round(v, None))
print(round(1.5, 400), round(1.5, -400), round(-1.5, -400), round(1.5, 2**70), round(1.5, -(2**70)), round(float("inf"), 2), round(float("nan"), 1), round(5e-324, 323))
for f in (lambda: round(float("inf")), lambda: round(float("nan")), lambda: round(1.7976931348623157e308, -308), lambda: round(1.5, 1.5), lambda: round(1.5, "a"),
          lambda: (1.5).__round__(1, 2), lambda: float("inf").__floor__(), lambda: float("nan").__ceil__(), lambda: float("-inf").__trunc__(),
          lambda: float("inf").as_integer_ratio(), lambda: float("nan").as_integer_ratio(), lambda: float.__getformat__("x"), lambda: float.__getformat__(1)):
    err(f)
print([v.as_integer_ratio() for v in (0.0, -0.0, 0.5, -1.5, 0.1, 1e22, 2.0**-1074, 3.0, 1e-10)], (1e300).as_integer_ratio()[0] == int(1e300))
print([v.is_integer() for v in (0.0, 1.0, 1.5, 1e300, float("inf"), float("nan"), -2.0)], (2.5).conjugate(), (2.5).real, (2.5).imag, (2.5).__getnewargs__())
print((2.7).__trunc__(), (-2.7).__trunc__(), (2.7).__floor__(), (-2.7).__floor__(), (2.1).__ceil__(), (-2.1).__ceil__(), (2.7).__int__(), (2.7).__float__())
print(float.__getformat__("double"), float.__getformat__("float"), float.__name__, float.__mro__)
print(f"{1.5}", f"{1.5:.3f}", f"{1e10:,.2f}", f"{1.5:e}", f"{1.5:g}", f"{0.25:%}", f"{1.5:>8}|{1.5:<8}|{1.5:^8}|{-1.5:08.2f}", "%.3f %5.1f %e %g" % (1.5, 2.25, 3.5, 1e10), f"{2.0:.0f}")


class F(float):
    tag = 1


class G(float):
    def __new__(cls, v, note=None):
        self = super().__new__(cls, v)
        self.note = note
        return self


class H:
    def __float__(self):
        return 2.5


class X:
    def __index__(self):
        return 7


class B:
    def __float__(self):
        return 1


f = F("1.5")
f.z = 3
print(f, repr(f), f + 1, type(f + 1), type(-f), type(+f), f == 1.5, hash(f) == hash(1.5), f.z, type(f.real), type(float(f)), f.tag, type(round(f, 1)), F(), F(10))
g = G(2.5, note="n")
print(g, g.note, g * 2, G(1).note, type(F.fromhex("0x1p1")), F.fromhex("0x1p1"), float(H()), float(X()), F(H()), int(f), f.__getnewargs__(), type(f.__getnewargs__()[0]))
err(float, B())
err(lambda: float.__new__(int))
