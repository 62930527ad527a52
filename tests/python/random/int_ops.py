# SPDX-License-Identifier: MIT
# Pseudo-random arithmetic on ints of all sizes, checked by identities and a checksum.
s = 12345
def rnd(n):
    global s
    s = (s * 6364136223846793005 + 1442695040888963407) % 2**64
    return (s >> 20) % n
def num():
    bits = (3, 8, 31, 32, 33, 62, 63, 64, 65, 100, 128, 500, 2000)[rnd(13)]
    v = 0
    for _ in range(bits // 30 + 1): v = v << 30 | rnd(1 << 30)
    v &= (1 << bits) - 1
    if rnd(4) == 0: v = (1 << bits) - rnd(3)
    return -v if rnd(2) else v
total = 0
for i in range(300):
    a, b = num(), num()
    r = [a + b, a - b, a * b, a & b, a | b, a ^ b, ~a, -a, abs(a), a == b, a < b, a.bit_length(), a.bit_count(), hash(a)]
    if b:
        q, m = divmod(a, b)
        assert q * b + m == a and (m == 0 or (m < 0) == (b < 0)) and abs(m) < abs(b), (a, b)
        r += [q, m, a // b, a % b]
    k = rnd(130)
    r += [a << k, a >> k, (a << k) >> k == a]
    assert int(str(a)) == a and int(hex(a), 16) == a and int(oct(a), 8) == a and int(bin(a), 2) == a
    n = a.bit_length() // 8 + 1
    assert int.from_bytes(a.to_bytes(n, 'big', signed=True), 'big', signed=True) == a
    assert (a + b) - b == a and (a ^ b) ^ b == a and a * b == b * a
    total = (total * 31 + sum(int(x) for x in r)) % (2**61 - 1)
    if i % 60 == 0: print(i, total, [str(x)[-8:] for x in r[:6]])
print(total)
for i in range(200):
    a, e, m = abs(num()) % 10**30, rnd(500), abs(num()) + 1
    total = (total * 31 + pow(a, e, m) + pow(a, e % 7)) % (2**61 - 1)
print(total)
