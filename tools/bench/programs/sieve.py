# SPDX-License-Identifier: MIT
# Primes: the sieve of Eratosthenes with slices of a bytearray, and one with a list of bools.
from time import perf_counter


def by_slices(limit):
    flags = bytearray([1]) * (limit + 1)
    flags[0:2] = b"\0\0"
    for i in range(2, int(limit**0.5) + 1):
        if flags[i]:
            flags[i * i :: i] = bytes(len(range(i * i, limit + 1, i)))
    return sum(flags)


def by_loops(limit):
    flags = [True] * (limit + 1)
    found = 0
    for i in range(2, limit + 1):
        if flags[i]:
            found += 1
            for j in range(i * i, limit + 1, i):
                flags[j] = False
    return found


start = perf_counter()
answer = by_slices(4000000), by_loops(1500000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
