# float: operators, floor division and modulo, powers, comparison, hash, error texts.
def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


inf, nan = float("inf"), float("nan")
edges = [0.0, -0.0, 1.0, -1.0, 0.5, -1.5, 3.0, 1e-310, 5e-324, 1e308, -1.7976931348623157e308, inf, -inf, nan]
for a in edges:
    print(a, -a, +a, abs(a), bool(a), [a + 1, a - 1, a * 2, a / 3])
    row = []
    for b in edges:
        row += [a + b, a - b, a * b]
        if b:
            q, r = divmod(a, b)
            assert repr((q, r)) == repr((a // b, a % b))
            row += [a / b, q, r]
    print(row)
    print([a < b for b in edges], [a <= b for b in edges], [a == b for b in edges], [a > b for b in edges])
for a, b in [(7.5, 2), (-7.5, 2), (7.5, -2), (-7.5, -2), (5.0, 0.1), (-5.0, 0.1), (1e308, 1e-308), (0.3, 0.1), (6.0, 3.0), (-6.0, 3.0),
             (1.0, inf), (-1.0, inf), (1.0, -inf), (1e16 + 2, 3), (2, 0.5), (10**20, 7.0), (-(10**20), 7.0), (1, 0.1)]:
    print(a // b, a % b, divmod(a, b))

powers = [0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 1e200, -1e200, inf, -inf, nan]
for a in powers:
    row = []
    for b in [0.0, 1.0, -1.0, 2.0, 3.0, -3.0, 0.5, -0.5, inf, -inf, nan, 1e300, 2, -2, 5]:
        try:
            r = a**b
        except (ZeroDivisionError, OverflowError) as e:
            r = type(e).__name__
        if isinstance(r, complex):
            r = "complex %.12g %.12g" % (r.real, r.imag)
        row.append(r)
    print(a, row)
print(2**0.5, 2.0**-1074, 2.0**-1075, (-8.0) ** 3, 1e-200**2, 10**-3, pow(2.0, 3), pow(2, 3.0), (-1.0) ** 10**20)
for f in (lambda: 1.0 / 0, lambda: 1.0 // 0, lambda: 1.0 % 0, lambda: divmod(1.0, 0), lambda: 0.0**-1, lambda: 0.0**-0.5, lambda: 2.0**10000,
          lambda: (-2.0) ** 10001, lambda: pow(2.0, 2, 5), lambda: pow(2, 2.0, 5), lambda: 1.0 + "a", lambda: "a" * 1.0, lambda: 1.0 << 2,
          lambda: 1.5 & 1, lambda: ~1.5, lambda: 1.0 @ 2, lambda: 1.0 + 10**400, lambda: 10**400 - 1.0, lambda: 1.0 < "a", lambda: 1.0 >= None,
          lambda: 1.0 < 1j, lambda: [1][1.0], lambda: range(1.0), lambda: 2.0 ** 10**400):
    err(f)
try:
    2.0**10000
except OverflowError as e:
    print(e.args)

state = 7


def rnd():
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return state >> 11


def rndf():
    m, e = rnd(), rnd() % 2000 - 1000
    v = float(m) * 2.0 ** (e - 53)
    return -v if rnd() & 1 else v


total = 0
for i in range(2000):
    a, b = rndf(), rndf()
    assert a + b == b + a and a * b == b * a and a - b == -(b - a) and (a < b) == (b > a)
    n, d = a.as_integer_ratio()
    assert n / d == a and float.fromhex(a.hex()) == a and float(repr(a)) == a
    assert (d == 1) == a.is_integer() and hash(a) == hash(n) * pow(d, -1, 2**61 - 1) % (2**61 - 1) or a < 0 or hash(a) == hash(n)
    if -1e15 < a < 1e15 and 1e-5 < abs(b):
        q, r = divmod(a, b)
        assert r == 0 or (r < 0) == (b < 0)
        assert abs(r) <= abs(b) and q == q // 1
    if abs(a) < 1e300:
        assert int(a) == n // d if a >= 0 else int(a) == -(-n // d)
        assert a.__floor__() == n // d and a.__ceil__() == -(-n // d)
        assert round(a) == round(n * 2 / d / 2) or abs(a) > 2**52 or abs(round(a) - a) <= 0.5
        assert (a == int(a)) == (d == 1) and (a < int(a) + 1) and (int(a) - 1 < a)
    total = (total * 1000003 + hash(a) + hash(b) + hash(a * b) + hash(a + b)) % (2**61 - 1)
print(total)
print([hash(v) for v in (0.0, -0.0, 1.0, -1.0, 1.5, -1.5, 0.1, 1e300, 5e-324, inf, -inf, 2.0**61, 2.0**61 - 512, 1e-5)])
print(hash(nan) == hash(nan), nan == nan, nan != nan, nan in [nan], [nan] == [nan], {nan: 1}[nan], nan is nan)
print((1.5).__add__(1), (1.5).__add__("a"), (1.5).__radd__(2), (1.5).__rsub__(2), (2.0).__rpow__(3), (1.5).__eq__(1), (1.5).__lt__("a"), (7.0).__rfloordiv__(15))
print(sum([0.1] * 10), sum([1, 2.5, 10**20]), max(1, 1.5), min(2.0, 2), sorted([3.5, 1, 2.5, -inf, inf]), 0.1 + 0.2 == 0.3, 3 * 0.1)
x = 1.0
for i in range(50):
    x = x * 1.1 + i
    x -= 0.5
    x /= 1.01
print(x)
