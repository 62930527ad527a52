# SPDX-License-Identifier: MIT
# Tuples made and taken apart: swaps, several results, starred targets, zip, enumerate, items.
from time import perf_counter


def both(a, b):
    return b, a + b


def work(n):
    total = 0
    pairs = [(i, (i + 1, i + 2)) for i in range(100)]
    table = {i: (i, i * 2) for i in range(50)}
    for _ in range(n):
        a, b = 1, 2
        for i, (x, y) in pairs:
            a, b = b, a
            total += x - y + a
        for k, (p, q) in table.items():
            total += q - p - k
        first, *rest, last = range(8)
        total += len(rest) + last - first
        for i, (u, v) in enumerate(zip(range(20), range(20, 40))):
            total += v - u - i
        a, b = both(a, b)
        c, d, e, f = [a, b, *both(b, a)]
        total += c + d + e + f
    return total


start = perf_counter()
answer = work(18000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
