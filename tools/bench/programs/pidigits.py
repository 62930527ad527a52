# SPDX-License-Identifier: MIT
# Digits of pi by a streaming algorithm, factorials and powers: integers of many digits.
from time import perf_counter


def digits(count):
    q, r, t, k, n, l = 1, 0, 1, 1, 3, 3
    out = []
    while len(out) < count:
        if 4 * q + r - t < n * t:
            out.append(n)
            q, r, n = 10 * q, 10 * (r - n * t), (10 * (3 * q + r)) // t - 10 * n
        else:
            q, r, t, k, n, l = (
                q * k, (2 * q + r) * l, t * l, k + 1, (q * (7 * k + 2) + r * l) // (t * l), l + 2,
            )
    return out


def factorial(n):
    product = 1
    for i in range(2, n + 1):
        product *= i
    return product


start = perf_counter()
pi = digits(1500)
f = factorial(2500)
power = pow(3, 4**9, 10**60 + 7)
answer = pi[-5:], sum(map(int, str(f % 10**4000))), power % 10**9, f.bit_length()
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
