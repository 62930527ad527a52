# SPDX-License-Identifier: MIT
# Trains the profile-guided build: sorting of all kinds, what is in order, searching, heaps.
import bisect
import functools
import heapq
import operator
import random
from collections import namedtuple

rng = random.Random(17)
Row = namedtuple("Row", "group size name")
N = 3000
ints = [rng.randrange(1 << 30) for _ in range(N)]
floats = [rng.uniform(-1e6, 1e6) for _ in range(N)]
words = ["".join(rng.choices("abcdefghijklmnop", k=rng.randint(2, 9))) for _ in range(N)]
pairs = [(rng.randrange(40), w) for w in words]
triples = [(rng.random(), rng.randrange(9), None) for _ in range(N)]
rows = [Row(rng.randrange(12), rng.random(), w) for w in words]
big = [rng.getrandbits(90) for _ in range(N // 3)]
mixed = [k if k & 1 else k / 3 for k in ints]
raw = [w.encode() for w in words]
wide = [w + "é" * (len(w) & 1) for w in words]


class Version:
    __slots__ = ("major", "minor")

    def __init__(self, major, minor):
        self.major = major
        self.minor = minor

    def __lt__(self, other):
        return (self.major, self.minor) < (other.major, other.minor)


versions = [Version(rng.randrange(9), rng.randrange(99)) for _ in range(600)]


def by_size(a, b):
    return (a > b) - (a < b)


def nearly(items, every):
    items = sorted(items)
    for i in range(0, len(items) - every, every):
        items[i], items[i + every - 1] = items[i + every - 1], items[i]
    return items


def insertion(items):
    items = items[:]
    for i in range(1, len(items)):
        item = items[i]
        j = i - 1
        while j >= 0 and items[j] > item:
            items[j + 1] = items[j]
            j -= 1
        items[j + 1] = item
    return items


def merged(items):
    if len(items) <= 1:
        return items
    middle = len(items) // 2
    left, right = merged(items[:middle]), merged(items[middle:])
    out, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            out.append(left[i])
            i += 1
        else:
            out.append(right[j])
            j += 1
    out += left[i:]
    out.extend(right[j:])
    return out


def shell(items):
    items = list(items)
    gap = len(items) // 2
    while gap:
        for i in range(gap, len(items)):
            kept = items[i]
            while i >= gap and items[i - gap] > kept:
                items[i] = items[i - gap]
                i -= gap
            items[i] = kept
        gap //= 2
    return items


total = 0
for items in (ints, floats, words, pairs, triples, rows, big, mixed, raw, wide):
    for reverse in (False, True):
        a = sorted(items, reverse=reverse)
        b = items[:]
        b.sort(reverse=reverse)
        total += a == b
        a.sort()
        b.reverse()
        b.sort()
        c = nearly(items, 50)
        c.sort()
        total += c == a
    total += min(items) == a[0] and max(items) == a[-1]
    for item in items[::5]:
        total += a[bisect.bisect_left(a, item)] == item
        total += bisect.bisect_right(a, item) > 0
    heap = items[:800]
    heapq.heapify(heap)
    for item in items[800:1200]:
        heapq.heappushpop(heap, item)
        heapq.heapreplace(heap, item)
    while heap:
        heapq.heappop(heap)
    total += len(heapq.nsmallest(10, items)) + len(heapq.nlargest(10, items))
print(total)
for key in (len, str.upper, lambda w: w[::-1], lambda w: (len(w), w), lambda w: -len(w),
            operator.itemgetter(0), hash):
    print(sorted(words, key=key)[0] in words, max(words, key=key) in words)
for key in (operator.attrgetter("size"), operator.itemgetter(2), lambda r: (r.group, -r.size),
            operator.attrgetter("group", "name"), lambda r: r[1]):
    print(sorted(rows, key=key, reverse=True)[0] in rows, min(rows, key=key) in rows)
print(sorted(ints, key=functools.cmp_to_key(by_size)) == sorted(ints))
print(sorted(versions)[0].major, min(versions).major)
print(sorted(ints, key=float) == sorted(ints, key=lambda k: k + 1),
      sorted(floats, key=abs)[0] in floats)
few = [ints[i:i + 6] for i in range(0, N, 6)]
for chunk in few * 4:
    chunk.sort()
    chunk = sorted(chunk, reverse=True)
    chunk.reverse()
print(list(heapq.merge(*few[:20])) == sorted(sum(few[:20], [])))
table = {w: len(w) for w in words}
print(sorted(table)[0], sorted(table.items(), key=lambda kv: (-kv[1], kv[0]))[0],
      sorted(table, key=table.get)[0] in table, sorted({len(w) for w in words}))
print(insertion(ints[:300]) == sorted(ints[:300]), insertion(floats[:200]) == sorted(floats[:200]))
print(merged(words) == sorted(words), merged(ints) == sorted(ints), shell(floats) == sorted(floats),
      shell(pairs[:900]) == sorted(pairs[:900]))
