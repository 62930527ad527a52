# int: round, ratios, conversions, comparison with float, hash, subclasses.
def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


for v in (0, 5, 15, 25, 35, 45, -5, -15, -25, 149, 150, 151, 250, 10**30 + 5, 10**30 + 15, -(10**30) - 15, 2**64 + 50, 99999):
    print([round(v, -n) for n in range(5)], round(v), round(v, 3))
print(round(7, -1000), round(4 * 10**50, -51), round(5 * 10**50, -51), round(15 * 10**50, -51), round(6 * 10**50, -51))
err(round, 10, 1.5)
err((1).__round__, 1, 2)
err((1).__round__, "a")
print((10**30).as_integer_ratio(), (-5).as_integer_ratio(), True.as_integer_ratio(), (7).numerator, (7).denominator, (7).real, (7).imag)
print((5).conjugate(), (-7).__trunc__(), (10**20).__floor__(), (3).__ceil__(), (3).__index__(), (3).__int__(), (3).__float__(), (5).__getnewargs__())
print(type(True.real), type(True.numerator), type(True.conjugate()), type(+True), type(True.__int__()))

pairs = [(2**53, 2.0**53), (2**53 + 1, 2.0**53), (2**53 + 1, 2.0**53 + 2), (2**63 - 1, 2.0**63), (2**63, 2.0**63), (-(2**63), -(2.0**63)),
         (10**25, 1e25), (10**400, float("inf")), (-(10**400), float("-inf")), (10**400, 1.7e308), (0, -0.0), (1, 1.5), (-1, -1.5), (1, 0.5),
         (2**70, 2.0**70), (2**70 + 1, 2.0**70), (2**70 - 1, 2.0**70), (-(2**70) - 1, -(2.0**70)), (5, float("nan")), (2**1024, 1.7976931348623157e308)]
for i, f in pairs:
    print(i < f, i <= f, i == f, i != f, i > f, i >= f, f < i, f == i, f > i, end=" | ")
print()
for v in (0, 1, -1, -2, 2**61 - 1, 2**61 - 2, 2**61, -(2**61) + 1, 2**62, 2**64, -(2**64), 10**100, -(10**100), 2**122 - 1, True, False):
    print(hash(v), end=" ")
print()
print(hash(2**61 - 1) == hash(0), hash(10**20) == hash(1e20), hash(2**70) == hash(2.0**70), len({1, 1.0, True, 1 + 0j}))
print(float(2**1024 - 2**970 - 1), float(2**53 + 1), float(2**53 + 3), float(-(2**64) - 1), float(10**22), float(10**23))
err(float, 2**1024 - 2**970)
err(float, 10**400)
print(int(1e30), int(-1.9), int(1.9), int(2.0**63), int(-(2.0**63)), int(5e-324), int(1e308) == 10**308)
err(int, float("nan"))
err(int, float("inf"))
err(int, float("-inf"))


class I(int):
    tag = "I"

    def __repr__(self):
        return "I<" + str(int(self)) + ">"


class J(int):
    def __new__(cls, v, note=None):
        self = super().__new__(cls, v)
        self.note = note
        return self


a, b = I(5), I(2**100)
a.x = 1
b.x = 2
print(a, b, a + 1, type(a + 1), b - b, a.x, b.x, a == 5, b == 2**100, hash(b) == hash(2**100), {b: 1}[2**100], int(b), type(int(b)), -a, type(+b))
print(a.__dict__, I(), I("12"), I("ff", 16), I(3.9), I(True), isinstance(b, int), a < b, b > 10**20, [10, 20, 30, 40, 50, 60][a])
print(a.real, type(a.real), b.numerator == 2**100, type(b.numerator), a.conjugate(), round(b, -20), type(round(a)), b.bit_length(), str(a), "%d" % b, f"{a:d}")
j = J(10**30, note="hi")
print(j, j.note, j * 2, j // 3, type(j // 3), J(1).note, j.__getnewargs__())
print([I(3), I(1), I(2)], sorted([I(3), I(1), I(2)]), sum([I(3), I(1)]), max(I(3), I(4)), I(7) in [7], abs(I(-3)), divmod(I(7), I(2)))
err(lambda: int.__new__(str))
err(lambda: int.__new__(I, "zz"))
print(int.__new__(I, 5), int.__add__(a, 2), int.__repr__(b), I.__mro__)


class R(int):
    def __radd__(self, other):
        return "radd"

    def __add__(self, other):
        return "add"

    def __eq__(self, other):
        return "eq"

    __hash__ = int.__hash__


print(1 + R(2), R(2) + 1, R(1) == 1, 1 == R(1), 1.5 + R(2), 10**30 + R(2))
print(int.__name__, type(10**30), type(10**30) is int, isinstance(10**30, int), (10**30).__class__, int is type(5))
print(bool(0), bool(10**30), bool(-(10**30) + 10**30), not 5, 0 or 10**20, 10**20 and 3)
print((1).__eq__(1.0), (1).__lt__("a"), (10**30).__ge__(5), (10**30).__hash__() == hash(10**30), (5).__bool__(), (0).__bool__())
err(lambda: 1 < "a")
err(lambda: 10**30 >= None)
err(lambda: 10**30 < 1j)
x = 10**18
for i in range(30):
    x += x // 3 + 1
    x = -x
print(x)
y = 2**62
y += y
print(y)
y -= 2**62
print(y)
y *= -4
print(y, y >> 2, y.bit_length())
