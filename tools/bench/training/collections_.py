# SPDX-License-Identifier: MIT
# Trains the profile-guided build: lists, dicts, sets, sorting, heaps, itertools, collections.
import bisect
import heapq
import itertools
import operator
import random
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque, namedtuple

Point = namedtuple("Point", "x y z")


def graph(nodes):
    rng = random.Random(5)
    edges = defaultdict(list)
    for a in range(nodes):
        for _ in range(4):
            edges[a].append((rng.randrange(nodes), rng.randint(1, 20)))
    return edges


def shortest(edges, start):
    dist, heap = {start: 0}, [(0, start)]
    while heap:
        d, at = heapq.heappop(heap)
        if d > dist[at]:
            continue
        for to, cost in edges[at]:
            if d + cost < dist.get(to, 1 << 30):
                dist[to] = d + cost
                heapq.heappush(heap, (d + cost, to))
    return sum(dist.values())


def breadth(edges, start):
    seen, queue = {start}, deque([start])
    while queue:
        for to, _ in edges[queue.popleft()]:
            if to not in seen:
                seen.add(to)
                queue.append(to)
    return len(seen)


def quicksort(items):
    if len(items) < 2:
        return items
    pivot, *rest = items
    return (quicksort([k for k in rest if k < pivot]) + [pivot]
            + quicksort([k for k in rest if k >= pivot]))


def table(n):
    rows = [{"k": i % 13, "v": i, "s": str(i)} for i in range(n)]
    rows.sort(key=operator.itemgetter("k", "s"))
    groups = {k: [r["v"] for r in g] for k, g in itertools.groupby(rows, key=lambda r: r["k"])}
    best = sorted(groups.items(), key=lambda kv: -sum(kv[1]))[:3]
    del rows[::2]
    return [k for k, _ in best], len(rows)


def permutations(n):
    count = 0
    for p in itertools.permutations(range(n)):
        for i, k in enumerate(p):
            if i == k:
                break
        else:
            count += 1
    return count


def memo(a, b):
    cost = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, j in itertools.product(range(len(a)), range(len(b))):
        cost[i + 1][j + 1] = (cost[i][j] + 1 if a[i] == b[j]
                              else max(cost[i][j + 1], cost[i + 1][j]))
    return cost[-1][-1]


edges = graph(1500)
print(shortest(edges, 0), breadth(edges, 0))
rng = random.Random(9)
numbers = [rng.random() for _ in range(6000)]
print(quicksort(numbers) == sorted(numbers), numbers.index(max(numbers)))
print(table(4000))
print(permutations(7))
print(memo("the quick brown fox jumps" * 4, "over the lazy sleeping dogs" * 4))
points = [Point(i % 7, i % 5, i) for i in range(4000)]
print(sum(p.x * p.y for p in points), max(points, key=lambda p: (p.x, p.z))._asdict())
print(Counter(p.x for p in points).most_common(2))
order, both = OrderedDict(), ChainMap({}, {"b": 1})
for i in range(4000):
    order[i % 50] = i
    order.move_to_end(i % 50)
    both["a"] = both["b"] + i
print(list(order)[:3], both["a"])
sets = [set(range(i, i + 30)) for i in range(300)]
print(len(set().union(*sets)), sum(len(a & b | a - b ^ b) for a, b in zip(sets, sets[1:])))
row = []
for n in numbers[:2000]:
    bisect.insort(row, n)
print(row == sorted(numbers[:2000]), sum(1 for a, b in zip(row, row[1:]) if a <= b))
head, *middle, tail = range(2000)
print(head, len(middle), tail, sum(list(itertools.accumulate(middle))[::100]),
      {k: v for k, v in zip("abc", itertools.chain([1], [2], [3]))}, [*"ab", *{1: 2}],
      list(itertools.islice(itertools.count(3), 2)), any(k > 1998 for k in middle))
