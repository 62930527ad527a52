# SPDX-License-Identifier: MIT
# Floating-point arithmetic: an orbit of the logistic map and a numeric integral.
from time import perf_counter


def work(n):
    x = 0.3
    area = 0.0
    step = 1.0 / n
    t = 0.0
    for _ in range(n):
        x = 3.7 * x * (1.0 - x)
        area += t * t * step
        t += step
    return x, area


start = perf_counter()
x, area = work(3000000)
elapsed = perf_counter() - start
print("answer:", repr(x), repr(area))
print("time:", elapsed)
