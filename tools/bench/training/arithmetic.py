# SPDX-License-Identifier: MIT
# Trains the profile-guided build: ints, floats, complex numbers, big ints, math, random, fractions.
import cmath
import decimal
import fractions
import math
import operator
import random
import statistics


def small(n):
    total = 0
    for i in range(1, n):
        j = i % 37 + 1
        total += i * j - i // j + i % j
        total ^= i << 3 & 0xFFFF
        total |= i >> 2
        total &= 0xFFFFFF
        total -= j
        total = total * 3 % 1000003
        k = -i + ~j + (+j) + j ** 2
        if i < j or k <= total or i == j:
            total += 1
        elif i != k and j >= 3 and not total > 10:
            total -= 1
        while j > 0:
            j -= 5
        total += (i if i & 1 else -i) + (i > 5) + (3 <= i < 90)
        total += int(i / 7) + i % 2 + (i // 2) * 2 + (i << j % 5) - (i & -i)
    return total


def real(n):
    x, y, total = 0.5, 1.25, 0.0
    for i in range(n):
        x = x * 0.99 + y / 3.0 - 0.25
        y = (y + x) * 0.5 - i * 0.001
        total += x - y
        total -= x * y
        if x < y or total > 1e6:
            total *= 0.5
        elif x >= 0.75 and y != 2.0:
            total /= 1.5
        z = -x + abs(y) + x ** 2 + y % 1.0 + x // 0.5
        total += z if z < 3 else 1
        total += i * 0.5 + 2 * x + (i + 1) / (i + 2)
        x = max(min(x, 5.0), -5.0)
        y = 2.0 - y if y > 1.0 else y + 1
    return total


def waves(n):
    total = 0.0
    for i in range(n):
        a = i * 0.01
        total += math.sin(a) + math.cos(a) * math.sqrt(a) + math.atan2(a, 2.0) + math.exp(-a)
        total += math.log(a + 1) + math.floor(a) + math.ceil(a) + math.hypot(a, 1.0) + math.fabs(-a)
        total += math.pi * round(a, 2) + int(a) + round(a) + math.pow(a, 2) + math.tan(a) + float(i)
        total += math.gcd(i, 12) + math.isqrt(i) + math.fmod(a, 2.0) + math.copysign(1.0, a)
        total += divmod(i, 7)[0] + divmod(a, 0.3)[1] + pow(i, 2, 97)
        total += (math.isnan(a) or math.isfinite(a))
    return total + math.fsum([0.1] * 100) + math.prod(range(1, 10)) + (
        math.comb(20, 5) + math.factorial(15))


def planes(n):
    z, total = 0j, 0
    for i in range(n):
        z = z * z * 0.3 + complex(i % 7, 1) / 9
        total += abs(z) < 4
        z = z.conjugate() + z.real - 1j * z.imag
        if abs(z) > 8:
            z = 0.1 + 0.2j
    for i in range(n // 8):
        w = cmath.exp(2j * cmath.pi * i / 64) * cmath.sqrt(z + i)
        total += w != z
    return total, [round(abs(x), 3) for x in transform([complex(i % 5) for i in range(32)])][:3]


def transform(points):
    size = len(points)
    return [sum(p * cmath.exp(-2j * cmath.pi * k * i / size) for i, p in enumerate(points))
            for k in range(size)]


def large(n):
    a, b, total = 3 ** 90, 7 ** 60, 0
    for i in range(n):
        c = a * b + i
        total += c % 1000007 + (c // b) % 11 + (c >> 70) % 5 + (c & 255) + (c ^ a) % 3
        a, b = a + i * b, b + 1
        total += (a - b > c) + (a == c) + (-c < 0) + c.bit_length() + hash(c) % 7
        q, r = divmod(c, 10 ** 20)
        total += r % 3 + (q | 1) % 5 + int(str(c % 10 ** 30)) % 7 + (c << 5) % 17
        total += int(float(c)) % 3
        if a > 1 << 400:
            a, b = 3 ** 90, 7 ** 60
    digits = []
    k, m = 1, 3 ** 700
    while m > k:
        m, d = divmod(m, 1000)
        digits.append(d)
    root = math.isqrt(10 ** 400)
    return total + sum(digits) + root % 7 + pow(5, 10 ** 30, 10 ** 40 + 7) % 100 + (
        len(str(7 ** 4000))) + math.gcd(3 ** 300 * 5, 5 ** 200) % 11 + int(
            "9" * 900) % 13 + int("ff" * 60, 16) % 17


def chance(n):
    rng = random.Random(3)
    inside, items = 0, list(range(60))
    for i in range(n):
        x, y = rng.random(), rng.random()
        if x * x + y * y <= 1.0:
            inside += 1
        inside += rng.randint(1, 6) + rng.randrange(10) + rng.choice(items)
        inside += rng.uniform(0, 2) > 1.5
        if i % 50 == 0:
            rng.shuffle(items)
            inside += sum(rng.sample(items, 5)) + sum(rng.choices(items, k=3))
            inside += rng.getrandbits(20) % 3
            inside += int(rng.gauss(0, 1)) + int(rng.expovariate(2.0)) + int(rng.triangular(0, 9))
    return inside


def exact(n):
    total, money = fractions.Fraction(0), decimal.Decimal("0.00")
    for i in range(1, n):
        total += fractions.Fraction(i, i + 3) * 2 - fractions.Fraction(1, 3)
        if total.denominator > 10 ** 9:
            total = total.limit_denominator(1000)
        money = (money + decimal.Decimal(i) / 7).quantize(decimal.Decimal("0.01"))
    data = [float(i * 7 % 101) for i in range(400)]
    return total > 3, money, (
        statistics.mean(data), statistics.median(data)), round(statistics.stdev(data), 4)


def lines(n):
    xs = [i * 0.5 for i in range(n)]
    ys = [x * 2.0 + (i % 3) for i, x in enumerate(xs)]
    slope = 0.0
    for _ in range(12):
        mx, my = sum(xs) / n, sum(ys) / n
        slope = (sum((x - mx) * (y - my) for x, y in zip(xs, ys))
                 / sum((x - mx) ** 2 for x in xs))
        rows = [[x, y, x * y] for x, y in zip(xs, ys)]
        for i in range(1, n - 1):
            xs[i] = (xs[i - 1] + xs[i + 1]) / 2
            rows[i][0] += rows[i - 1][1] * 0.25
            rows[i][1] -= rows[i + 1][0] - xs[i] * ys[i]
        slope += sum(map(operator.mul, xs, ys)) / n + sum(a * b for a, b in zip(xs, ys))
    return round(slope, 6)


def stepped(n):
    total = 0
    for i in range(0, n, 3):
        for j in range(i & 7, 0, -1):
            total += i ^ j
        if i % 15 == 0:
            continue
        if total > 1 << 40:
            break
    else:
        total += 1
    i = 0
    while True:
        i += 1
        if i >= n:
            break
        if i & 3 == 2:
            continue
        total = (total + i * i) & 0xFFFFFFFF
    return total


def converted(n):
    total = 0
    for i in range(n):
        total += int(str(i)) + int(f"{i}") + len(hex(i)) + len(bin(i)) + int("0x1f", 16)
        total += len(repr(i / 7))
        total += int(float("3.25") + float(str(i / 4))) + bool(i) + len(str(i * 0.1))
        total += (i).bit_length()
        total += len(str(float(i))) + hash(i) + hash(i + 0.5) % 3 + (i == float(i))
        total += int.from_bytes(
            i.to_bytes(4, "little"), "little") + (0.5).is_integer() + len(oct(i))
    return total


print(small(30000))
print(round(real(30000), 6))
print(round(waves(8000), 6))
print(planes(12000))
print(large(4000))
print(chance(6000))
print(exact(400))
print(lines(900))
print(stepped(60000))
print(converted(3000))
