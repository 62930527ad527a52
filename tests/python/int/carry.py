# Sums, differences, products and quotients where carries and borrows run through all limbs.
import itertools

edges = [s * (2**k + d) for k in (1, 31, 62, 63, 64, 65, 127, 128, 129, 191, 192, 256, 300, 383, 384, 448)
         for d in (-1, 0, 1) for s in (1, -1)]
edges += [0, 1, -1, 2**64 * 3, (2**64 - 1) << 64, 10**40, -(10**40), True, False]
digest = 0
for a, b in itertools.product(edges, edges):
    for r in (a + b, a - b, a * b, a // b if b else 7, a % b if b else 5):
        digest = (digest * 131 + r) % (2**89 - 1)
    assert (a + b) - b == a and a - b == -(b - a) and a + b - a - b == 0
    if b:
        assert a // b * b + a % b == a
print(digest)
n = 2**256 - 1
n += 1
n -= 1
n *= 3
n //= 7
n %= 10**30
print(n, 2**64 - 1 + 1, -(2**64) + 1 - 1, 2**128 - 2**64, type(2**64 - 2**64), True + 2**70)


class Int(int):
    def __add__(self, other):
        return "add"

    def __rsub__(self, other):
        return "rsub"


print(Int(2**70) + 1, 1 - Int(2**70), 2**80 - Int(3), Int(2**70) * 2 == 2**71)
