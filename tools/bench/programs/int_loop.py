# SPDX-License-Identifier: MIT
# Integer arithmetic and comparison in one loop; no calls, no containers.
from time import perf_counter


def work(n):
    i = 0
    total = 0
    while i < n:
        if i & 3 == 1:
            total += i * 3
        else:
            total -= i
        i += 1
    return total


start = perf_counter()
answer = work(5000000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
