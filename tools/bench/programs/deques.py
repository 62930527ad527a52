# SPDX-License-Identifier: MIT
# deque as queue, stack and window; breadth-first search on a grid; OrderedDict as a cache.
from collections import OrderedDict, deque
from time import perf_counter


def search(size):
    walls = {(x, y) for x in range(size) for y in range(size) if (x * 7 + y * 13) % 5 == 0}
    start = (1, 1)
    seen = {start: 0}
    todo = deque([start])
    while todo:
        x, y = todo.popleft()
        for near in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if 0 <= near[0] < size and 0 <= near[1] < size and near not in walls and near not in seen:
                seen[near] = seen[(x, y)] + 1
                todo.append(near)
    return len(seen), max(seen.values())


def window(n):
    last = deque(maxlen=16)
    total = 0
    for i in range(n):
        last.append(i * 7 % 101)
        if i % 4 == 0:
            last.rotate(1)
            total += last[0] + last[-1] + len(last)
    return total


def cache(n):
    kept = OrderedDict()
    hits = 0
    for i in range(n):
        key = (i * i) % 97 + i % 11
        if key in kept:
            kept.move_to_end(key)
            hits += 1
        else:
            kept[key] = i
            if len(kept) > 48:
                kept.popitem(last=False)
    return hits


start = perf_counter()
answer = search(300), window(600000), cache(300000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
