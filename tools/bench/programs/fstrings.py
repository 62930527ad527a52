# SPDX-License-Identifier: MIT
# f-strings with plain values, expressions, conversions and specifications.
from time import perf_counter


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __str__(self):
        return f"<{self.x}, {self.y}>"


def work(n):
    total = 0
    name = "world"
    for i in range(n):
        p = Point(i, i + 1)
        total += len(f"hello {name}, number {i}")
        total += len(f"{i:>8} {i * 2:x} {i / 3:.3f}")
        total += len(f"{p} {p.x + p.y!s} {name!r}")
        total += len(f"{name}/{i}/{i % 10}.txt")
    return total


start = perf_counter()
answer = work(120000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
