# SPDX-License-Identifier: MIT
# Pi by random points: calls of a method written in C, float comparison.
from random import Random
from time import perf_counter


def inside(points, seed):
    draw = Random(seed).random
    hits = 0
    for _ in range(points):
        x = draw()
        y = draw()
        if x * x + y * y <= 1.0:
            hits += 1
    return hits


def walk(steps, seed):
    rng = Random(seed)
    x = y = furthest = 0
    for _ in range(steps):
        side = rng.randrange(4)
        if side == 0:
            x += 1
        elif side == 1:
            x -= 1
        elif side == 2:
            y += 1
        else:
            y -= 1
        furthest = max(furthest, abs(x) + abs(y))
    return furthest


start = perf_counter()
answer = inside(1000000, 7), walk(150000, 11)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
