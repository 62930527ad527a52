# complex: construction, text, arithmetic, powers, comparison, hash, error texts.
def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


inf, nan = float("inf"), float("nan")
print(complex(), complex(1), complex(1, 2), complex(1.5), complex(True), complex(10**20), complex(1 + 2j), complex(1, imag=2), complex(real=3), complex(imag=4),
      complex(1j, 1j), complex(1, 2j), complex(2j, 3), complex(-0.0, -0.0), complex(-0.0, 2), complex(0.0, -0.0), complex(1, -0.0), -0j, -(0j), complex(nan, inf))
for s in ["1", "1j", "j", "-j", "+j", "1+2j", "1-2j", " 1+2j ", "(1+2j)", " ( 1+2j ) ", "1.5e3-2.5E-3j", "+1-j", "-1+j", "1_0+2_0j", "inf", "-infj", "nan", "nan+infj", "infinity-nanJ",
          "1e400", ".5j", "5.", "(5)", "(-j)", "1+0j", "-0.0-0.0j", "１+２j", "1J"]:
    print(complex(s), end=" ")
print()
for s in ["", " ", "()", "x", "1+", "1+2", "1 + 2j", "1+2j)", "(1+2j", "1j2", "1jj", "++j", "1__0", "_1j", "1_j", "j1", "1+2jx", "\0", "1\0", "é", "( 1 2 )", "infj1", "1e", "1+2j j"]:
    err(complex, s)
for args in [("1", 2), (1, "2"), ([],), (1, []), (None,), (1, None), (1, 2, 3), (b"1",), (10**400,), (1, 10**400)]:
    err(complex, *args)
err(complex, x=1)

vals = [0j, 1 + 0j, -1j, 1 + 2j, -3 + 0.5j, 1e200 + 1e200j, complex(inf, 1), complex(nan, 0), complex(-0.0, 0.0), complex(1, -0.0)]
for a in vals:
    print(a, -a, +a, bool(a), a.conjugate(), a.real, a.imag, a == a, a == a.real)
    row = []
    for b in vals + [2, -1.5, True, 10**20]:
        row += [a + b, a - b, a * b, b - a]
        try:
            row.append(a / b)
        except ZeroDivisionError as e:
            row.append(str(e))
    print(row)
print(abs(3 + 4j), abs(0j), abs(complex(inf, nan)), abs(complex(nan, 1)), abs(1e200 + 1e200j), abs(-5j), abs(complex(-0.0, -0.0)))
print((1 + 2j) ** 2, (1 + 2j) ** -2, (1 + 2j) ** 0, 0j**0, 0j**2, 2**1j == 2 ** (0 + 1j), 1j**2, 1j**3, (2 + 0j) ** 10, (1 + 1j) ** 100, (1 - 1j) ** -7, (0.5j) ** 3)
for a, b in [(1 + 2j, 0.5), (1 + 2j, 1 + 1j), (-8, 1 / 3 + 0j), (2, 1j), (1j, 1j), (-1.5, 2.5), (1 + 2j, 101), (3 - 4j, -1.5), (1e100 + 0j, 1.5)]:
    r = a**b
    print("%.11e %.11e" % (r.real, r.imag), end="; ")
print()
for f in (lambda: 1j / 0, lambda: 1 / 0j, lambda: 0j**-1, lambda: 0j**1j, lambda: 0j**-0.5, lambda: (1e200 + 1j) ** 2, lambda: (1e200 + 1j) ** 3.5, lambda: pow(1j, 2, 3),
          lambda: 1j // 1, lambda: 1j % 1, lambda: divmod(1j, 1), lambda: 1j < 2j, lambda: 1j >= 1, lambda: 1 < 1j, lambda: int(1j), lambda: float(1j), lambda: 1j + "a", lambda: ~1j, lambda: 1j << 1,
          lambda: abs(complex(1.7e308, 1.7e308)), lambda: 1j + 10**400, lambda: round(1j), lambda: [1][1j], lambda: (-1e200) ** 1.5, lambda: complex(inf) ** (1 + 1j)):
    err(f)
print([1j == 1j, 1j != 1j, 1j == 1, 2 + 0j == 2, 2 == 2 + 0j, 2.5 + 0j == 2.5, 2**60 + 0j == 2**60 + 1, 2**60 + 1 == 2**60 + 0j, 1j == "a", 1j != None, complex(nan, 0) == complex(nan, 0), complex(nan) == 5,
       10**400 == complex(inf), True == 1 + 0j])
print([hash(c) for c in (0j, 1 + 0j, 1j, -1j, 1 + 1j, -1 + 0j, -2 + 0j, 1.5 - 2.5j, complex(inf, -inf), 2**61 + 1j)], hash(5 + 0j) == hash(5), {1j: 1}[1j], {1: "a"}[1 + 0j])
print(repr(1j), str(1 + 1e20j), f"{1 + 2j}", f"{1 + 2j:.2f}", f"{1.5 - 2j:>20}|{1.5 - 2j:<15}|", f"{3j:g}", f"{-0j}", "%s" % (1 - 1j), f"{1 + 2j:e}", f"{1e6 + 1j:,}", repr(complex(1e16, 1e-5)))
err(format, 1j, "d")
err(format, 1j, "010")
err(format, 1j, "=10")
print((1 + 2j).__getnewargs__(), (1 + 2j).__complex__(), (1 + 2j).__add__(1), (1 + 2j).__add__("a"), (1j).__eq__(1j), (1j).__lt__(1j), (1j).__rsub__(1), (1j).__rpow__(2) == 2**1j, (1j).__bool__())


class C(complex):
    pass


class K:
    def __init__(self, v):
        self.v = v

    def __complex__(self):
        return self.v


class F:
    def __float__(self):
        return 2.5


class X:
    def __index__(self):
        return 7


c = C(1, 2)
c.note = "x"
print(c, type(c + 1), type(-c), type(+c), type(c.conjugate()), c == 1 + 2j, hash(c) == hash(1 + 2j), c.note, C("1j"), type(C("1j")), type(complex(c)), type(C(c)), C())
print(complex(K(1 + 2j)), complex(F()), complex(X()), complex(F(), X()), complex(K(1j), 1), complex(1, F()), C(K(2j)))
err(complex, K(1))
err(complex, K("x"))
err(complex, 1, K(1j))
err(lambda: complex.__new__(int))
print(type(1j).__mro__, complex.__name__, sum([1, 1j, 2.5]), 1j * 1j, (1 + 2j) * 3, 2.5 * (1 - 1j), True + 1j, 1 - 1j, 1.0 - 1j, -1j + 1)
try:
    (1j).real = 5
except AttributeError as e:
    print(e)
