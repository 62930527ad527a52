# SPDX-License-Identifier: MIT
# Sets: membership, algebra, building, frozen sets as keys; a graph search with them.
from time import perf_counter


def algebra(rounds):
    a, b, c = set(range(0, 600, 2)), set(range(0, 600, 3)), set(range(0, 600, 5))
    total = 0
    for i in range(rounds):
        total += len(a & b) + len(a | c) + len(b - c) + len(a ^ c)
        total += (a >= b) + (i in a) + len({i, i + 1, i + 2} & b)
    return total


def reach(n):
    edges = {i: {(i * 7 + 1) % n, (i * 3 + 2) % n, (i + 1) % n} for i in range(n)}
    seen = set()
    todo = {0}
    rounds = 0
    while todo:
        seen |= todo
        found = set()
        for node in todo:
            found |= edges[node]
        todo = found - seen
        rounds += 1
    return len(seen), rounds


def unique(n):
    groups = {}
    for i in range(n):
        key = frozenset((i % 5, i % 7, i % 3))
        groups[key] = groups.get(key, 0) + 1
    return len(groups)


start = perf_counter()
answer = algebra(6000), reach(60000), unique(120000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
