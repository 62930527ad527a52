# SPDX-License-Identifier: MIT
# A recursive fast Fourier transform over complex numbers, and back.
from cmath import exp, pi
from time import perf_counter


def transform(x, sign):
    n = len(x)
    if n == 1:
        return x
    even = transform(x[0::2], sign)
    odd = transform(x[1::2], sign)
    half = n // 2
    out = [0j] * n
    for k in range(half):
        t = exp(sign * 2j * pi * k / n) * odd[k]
        out[k] = even[k] + t
        out[k + half] = even[k] - t
    return out


def work(n, rounds):
    data = [complex((i * 37) % 101, 0) for i in range(n)]
    for _ in range(rounds):
        data = [v / n for v in transform(transform(data, -1), 1)]
    return data


start = perf_counter()
data = work(8192, 5)
elapsed = perf_counter() - start
print("answer: %.6f %.6f" % (data[5].real, abs(sum(data))))
print("time:", elapsed)
