# SPDX-License-Identifier: MIT
# Lists: append, indexed reads and writes, slices, comprehensions, a sieve, sorting.
from time import perf_counter


def sieve(n):
    flags = [True] * (n + 1)
    flags[0] = flags[1] = False
    i = 2
    while i * i <= n:
        if flags[i]:
            for j in range(i * i, n + 1, i):
                flags[j] = False
        i += 1
    return sum([1 for f in flags if f])


def bubble(n):
    values = [(i * 7919) % n for i in range(n)]
    for end in range(n - 1, 0, -1):
        for i in range(end):
            if values[i] > values[i + 1]:
                values[i], values[i + 1] = values[i + 1], values[i]
    return values[0], values[-1]


def build(n):
    out = []
    for i in range(n):
        out.append(i * 2)
    out = out[::-1]
    out.sort()
    return len(out) + out[n // 2]


start = perf_counter()
answer = sieve(1000000), bubble(1000), build(300000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
