# SPDX-License-Identifier: MIT
# Generators, generator expressions, yield from, and tuple unpacking of what they give.
from time import perf_counter


def count(n):
    i = 0
    while i < n:
        yield i
        i += 1


def pairs(n):
    for i in count(n):
        yield i, i * 2


def tree(depth):
    if depth == 0:
        yield 1
    else:
        yield from tree(depth - 1)
        yield from tree(depth - 1)


def work(n):
    total = 0
    for a, b in pairs(n):
        total += b - a
    total += sum(x * x for x in count(n) if x % 3 == 0)
    total += sum(tree(14))
    return total


start = perf_counter()
answer = work(500000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
