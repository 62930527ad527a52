# Big integers whose work goes to another thread: the same results.
import math
import random
import sys

sys.set_int_max_str_digits(0)
random.seed(5)
P = (1 << 61) - 1


def number(bits):
    return random.getrandbits(bits) | 1 << (bits - 1) | 1


for n, m in (1700000, 1600000), (2000000, 1000000), (1900000, 60000), (1700000, 1700000 - 64):
    for a in (number(n), -number(n)):
        for b in (number(m), -number(m)):
            print(a * b % P == (a % P) * (b % P) % P, end=" ")
            q, r = divmod(a, b)
            print((q * b + r - a) % P == 0, r == 0 or (r < 0) == (b < 0), abs(r) < abs(b), end=" ")
            print(q == a // b, r == a % b, (a + b) - b == a, (a - b) + b == a)
    print(a * a % P == pow(a % P, 2, P), a / b == (a >> m - 100) / (b >> m - 100) if n - m < 64 else "")
a, b = number(60000), number(60000 - 640)
g = math.gcd(a * 12, b * 12)
print(g % 12, (a * 12) % g, (b * 12) % g, math.gcd(-a, 0) == a)
print(pow(a, -1, (1 << 60013) - 1) * a % ((1 << 60013) - 1))
s = math.isqrt(number(600000))
print(math.isqrt(s * s) == s, math.isqrt(s * s - 1) == s - 1, math.isqrt(s * s + 2 * s) == s)
x = 3 ** 600000
print(x % P == pow(3, 600000, P), hash(x))
for bits in 8000000, 8000001:
    x = 1 << bits
    print((x + x).bit_length(), (x - 1).bit_count(), x - 1 + 1 == x, -x + 1 == -(x - 1), x + 1 - x)
    y = x // 3
    print(y << 77 >> 77 == y, (-y >> 77) == -((y + (1 << 77) - 1) >> 77), (y << 64 * 70000) >> 64 * 70000 == y)
    print((y & -y) == (y & (~y + 1)), (y | ~y) == -1, y ^ -1 == ~y, (y ^ x) - x == y)
for base in 2, 8, 16, 32:
    text = {2: bin, 8: oct, 16: hex, 32: hex}[base](y)
    print(len(text), int(text, 0) == y)
print(int("1" + "0" * 100000) == 10 ** 100000, int("_".join("123456789" * 20000)) % P)
