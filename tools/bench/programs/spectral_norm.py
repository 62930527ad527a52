# SPDX-License-Identifier: MIT
# The largest singular value of an infinite matrix by the power method: float sums over ranges.
from time import perf_counter


def entry(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(v):
    n = len(v)
    return [sum([entry(i, j) * v[j] for j in range(n)]) for i in range(n)]


def transposed_times(v):
    n = len(v)
    return [sum([entry(j, i) * v[j] for j in range(n)]) for i in range(n)]


def norm(n, rounds):
    u = [1.0] * n
    for _ in range(rounds):
        v = transposed_times(times(u))
        u = transposed_times(times(v))
    dot_uv = dot_vv = 0.0
    for a, b in zip(u, v):
        dot_uv += a * b
        dot_vv += b * b
    return (dot_uv / dot_vv) ** 0.5


start = perf_counter()
answer = norm(200, 8)
elapsed = perf_counter() - start
print("answer: %.9f" % answer)
print("time:", elapsed)
