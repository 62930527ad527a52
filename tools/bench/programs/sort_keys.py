# SPDX-License-Identifier: MIT
# Sorting: plain, by key functions, by tuples, by attributes, reversed, nearly sorted; bisect, heapq.
import heapq
from bisect import insort
from operator import attrgetter, itemgetter
from time import perf_counter


class Row:
    def __init__(self, number, name):
        self.number = number
        self.name = name

    def __lt__(self, other):
        return self.number < other.number


def numbers(n, seed):
    out = []
    for _ in range(n):
        seed = (seed * 69069 + 1) & 0xFFFFFFFF
        out.append(seed >> 8)
    return out


def work(n):
    plain = numbers(n, 1)
    total = sorted(plain)[n // 2] + sorted(plain, reverse=True)[3]
    total += sorted(plain, key=lambda v: v % 1000)[n // 3]
    pairs = [(v % 100, str(v)) for v in plain]
    total += int(sorted(pairs)[n // 2][1])
    total += int(sorted(pairs, key=itemgetter(1))[n // 2][1])
    rows = [Row(v, "n%d" % (v % 5000)) for v in plain]
    total += sorted(rows, key=attrgetter("name"))[10].number
    total += sorted(rows)[20].number
    nearly = sorted(plain)
    nearly[5], nearly[n // 2] = nearly[n // 2], nearly[5]
    total += sorted(nearly)[7]
    heap = []
    for v in plain:
        heapq.heappush(heap, v)
    total += sum(heapq.heappop(heap) for _ in range(n // 2))
    kept = []
    for v in plain[: n // 8]:
        insort(kept, v)
    return total + kept[9]


start = perf_counter()
answer = work(40000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
