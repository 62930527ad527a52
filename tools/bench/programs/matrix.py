# SPDX-License-Identifier: MIT
# Matrices as lists of lists: product, transpose, and elimination with pivots.
from time import perf_counter


def make(n, seed):
    rows = []
    for i in range(n):
        row = []
        for j in range(n):
            seed = (seed * 1103515245 + 12345) % 2147483648
            row.append(seed / 2147483648 - 0.5)
        rows.append(row)
    return rows


def product(a, b):
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]


def determinant(m):
    m = [row[:] for row in m]
    n = len(m)
    det = 1.0
    for i in range(n):
        pivot = max(range(i, n), key=lambda k: abs(m[k][i]))
        if pivot != i:
            m[i], m[pivot] = m[pivot], m[i]
            det = -det
        top = m[i]
        det *= top[i]
        for k in range(i + 1, n):
            row = m[k]
            factor = row[i] / top[i]
            for j in range(i, n):
                row[j] -= factor * top[j]
    return det


start = perf_counter()
a, b = make(120, 1), make(120, 2)
c = product(product(a, b), a)
answer = "%.9e %.9e" % (c[3][5], determinant(make(110, 3)))
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
