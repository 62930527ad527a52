# int: operators on small and big values, identities on random values, error texts.
def err(f, *args):
    try:
        r = f(*args)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


class Lcg:
    def __init__(self, seed):
        self.state = seed

    def bits(self, n):
        r = 0
        for _ in range(0, n, 32):
            self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
            r = r << 32 | self.state >> 32
        return r & ((1 << n) - 1)

    def signed(self, n):
        v = self.bits(n)
        return -v if self.bits(1) else v


edges = [0, 1, -1, 2, -2, 7, -7, 2**31, 2**32 - 1, -(2**32), 2**53, 2**53 + 1, 2**62, 2**63 - 1, 2**63,
         -(2**63), -(2**63) - 1, 2**64 - 1, 2**64, -(2**64), 2**127, 2**128 - 1, -(2**128), 10**30, -(10**40)]
check = 0
for a in edges:
    row = []
    for b in edges:
        s, d, p = a + b, a - b, a * b
        assert s - b == a and d + b == a and s - d == 2 * b
        if b:
            assert p // b == a and p % b == 0
            q, r = divmod(a, b)
            assert q * b + r == a and (0 <= r < b or b < r <= 0) and q == a // b and r == a % b
            row.append(hash((q, r)) % 97)
        check = (check * 31 + hash(s) + hash(p)) % (2**61 - 1)
    print(a, row)
print(check)

g = Lcg(1)
total = 0
for size in (30, 60, 64, 65, 100, 128, 200, 500, 1000, 3000, 20000):
    for _ in range(30):
        a, b, c = g.signed(size), g.signed(size // 2 + 1), g.signed(size * 2)
        assert (a + b) * c == a * c + b * c
        assert (a - b) * (a + b) == a * a - b * b
        assert -(-a) == a and abs(a) == (a if a >= 0 else -a) and +a == a
        assert (a < b) == (b > a) == (a - b < 0) and (a == b) == (a - b == 0) and (a <= b) == (not a > b)
        assert a != a + 1 and a == a + 0
        if b:
            q, r = divmod(c, b)
            assert q * b + r == c and abs(r) < abs(b) and (r == 0 or (r < 0) == (b < 0))
            assert (a * b) // b == a and (a * b) % b == 0
        total = (total * 1000003 + hash(a * b + c)) % (2**61 - 1)
    print(size, total)

print([(-7) // 2, 7 // -2, -7 % 3, 7 % -3, divmod(-7, 3), divmod(7, -3), -(2**63) // -1, -(2**63) % -1])
print(2**100, (-2) ** 101, 0**0, 0**5, 1**10**20, (-1) ** (10**20 + 1), 3**50, 10**40, 12**33, (-6) ** 45)
print(2**-1, (-2) ** -3, 10**-20, 2**-1074, 2**-1075)
for base in (2, 3, 10, -7, 2**31, 10**20 + 1, 48):
    for e in (1, 2, 3, 17, 64, 65):
        assert base**e == base ** (e // 2) * base ** (e - e // 2)
p = 1
for i in range(200):
    p *= 7
assert 7**200 == p
print(hash(3**10000), hash(10**3000), hash((2**70 + 1) ** 50))

print(pow(3, 5, 7), pow(-3, 5, 7), pow(3, 5, -7), pow(-3, 5, -7), pow(2, 0, 1), pow(0, 0, 5), pow(3, -1, 7), pow(3, -5, -7))
m = 10**40 + 7
for _ in range(20):
    a, e, f = g.bits(200), g.bits(150), g.bits(150)
    assert pow(a, e, m) * pow(a, f, m) % m == pow(a, e + f, m)
    assert pow(a, 13, m) == a**13 % m and pow(a, 13, -m) == a**13 % -m
    assert pow(a, e, 2**64) == pow(a % 2**64, e, 2**64)
    try:
        inverse = pow(a, -1, m)
        assert a * inverse % m == 1 and pow(a, -3, m) == pow(inverse, 3, m)
    except ValueError as x:
        print(x, a)
print(pow(12345, 2**200, 2**127 - 1), pow(5, 3, 10**18), pow(2, 10**6, 2**64 - 59))

for a, b in [(1, 3), (2**53 + 1, 1), (2**53 + 1, 2**53), (10**30, 10**29), (1, 10**400), (-1, 10**400), (10**400, 10**399),
             (2**1024 - 1, 2**1024), (2**2000, 2**977), (1, 2**1074), (1, 2**1075), (3, 2**1075), (0, -5), (0, -(10**30)),
             (-(10**25), 3), (2**64 + 1, 2**64), (12345678901234567890123, -987654321987654321), (2**53 * 3 + 1, 3)]:
    print((a / b).hex(), end=" ")
print()
for _ in range(200):
    a, b = g.signed(150), g.bits(80) + 1
    f = a / b
    n, d = f.as_integer_ratio()
    # Within half an ulp, and the error is exact rational arithmetic.
    assert abs(n * b - a * d) * 2 * 2**52 <= abs(n) * b

for f in (lambda: 1 // 0, lambda: 1 % 0, lambda: divmod(1, 0), lambda: 1 / 0, lambda: 10**30 // 0, lambda: 0**-1,
          lambda: pow(2, 3, 0), lambda: pow(2, -1, 4), lambda: 10**400 / 3, lambda: 10**400 / 10**-5, lambda: (10**400) ** -1,
          lambda: 1 + "a", lambda: 1 - None, lambda: 10**30 * 1j // 2, lambda: 10**30 @ 2, lambda: pow(2, 5, 1.5),
          lambda: 10**400 + 1.0, lambda: -"x", lambda: 10**400 * 1.5):
    err(f)
print((1).__add__(1.5), (1).__add__(2), (10**30).__radd__(1), (3).__rsub__(10), (2).__rpow__(5), (5).__rdivmod__(17), (2).__pow__(5, 7))
print(True + True, True * 10**20, False - 1, 5 + True, True / 2, True // True)
