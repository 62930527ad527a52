# SPDX-License-Identifier: MIT
# List, dict and set comprehensions and generator expressions, nested and with conditions.
from time import perf_counter


def work(n):
    total = 0
    rows = [(i, "item%d" % i, i % 7) for i in range(200)]
    for k in range(n):
        squares = [i * i for i in range(100)]
        odd = [s for s in squares if s % 2]
        index = {name: number for number, name, group in rows if group != k % 7}
        groups = {group for _, _, group in rows}
        grid = [[x * y for x in range(10)] for y in range(10)]
        total += sum(x for row in grid for x in row)
        total += len(odd) + len(index) + len(groups) + max(i for i, _, g in rows if g == 3)
    return total


start = perf_counter()
answer = work(5000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
