# Paths in C for keys that need no call: sets, heaps, bisection, comparison of rows, combinations.
import bisect
import heapq
import itertools

# The order of what set algebra gives is that of adding one by one.
for n, step in ((3, 1), (5, 1), (8, 3), (19, 1), (20, 7), (77, 1), (78, 64), (200, 128), (600, 3)):
    a = set(range(0, n * step, step))
    b = set(range(0, n * step, step * 2))
    print(list(a & b)[:12], list(a - b)[:12], list(a | {-1, -3})[:6], len(a ^ b))
clash = {i * 1024 for i in range(40)}
print(list(clash & set(range(0, 40960, 2048))), list(clash - {0, 1024}))
print(sorted({"a", "b", "c", "dd", "ee"} & {"a", "ee", "x"}), {1, True, 1.0} & {1.0})


class Same:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n % 4

    def __eq__(self, other):
        return isinstance(other, Same) and self.n == other.n

    def __repr__(self):
        return f"S{self.n}"


x, y = {Same(i) for i in range(12)} | {0, 1}, {Same(i) for i in range(5, 20)} | {1, 2}
print(sorted(map(repr, x & y)), sorted(map(repr, x - y)), sorted(map(repr, x | y)))


class Bad(Same):
    def __eq__(self, other):
        raise ValueError("no")

    __hash__ = Same.__hash__


for op in ("a & b", "a - b", "a | b", "a ^ b", "a <= b"):
    try:
        print(eval(op, {"a": {Bad(1), 5}, "b": {Bad(1), 1, 6, 7}}))
    except ValueError as e:
        print(op, e)

# Heaps and bisection: kinds that are compared in C, mixed with others.
nan = float("nan")
for data in ([5, 3, 8, 1, 9, 2], [2.5, -1.0, 0.0, 7.25], ["b", "a", "", "ab", "é", "\U0001f600"],
             [3, 2.5, True, 1, 10**30, -(10**30)], [(2, "b"), (1, "z"), (1, "a")]):
    heap = list(data)
    heapq.heapify(heap)
    heapq.heappush(heap, data[0])
    print(heapq.heappushpop(heap, data[1]), [heapq.heappop(heap) for _ in range(len(heap))])
    kept = []
    for item in data:
        bisect.insort(kept, item)
        bisect.insort_left(kept, item)
    print(kept, bisect.bisect_left(kept, data[0]), bisect.bisect_right(kept, data[0]))
long = list(range(0, 6000, 2))
print([bisect.bisect_left(long, v) for v in (-1, 0, 1, 2999, 6000, 2998.5, 10**40, True)],
      [bisect.bisect_right(long, v, 10, 2000) for v in (-1, 22, 3998, 9999)])
for bad in ([1, "a"], [None, None]):
    try:
        heapq.heapify(bad)
    except TypeError as e:
        print(e)
    try:
        bisect.insort(bad, 2)
    except TypeError as e:
        print(e)


class Less:
    def __init__(self, heap):
        self.heap = heap

    def __lt__(self, other):
        self.heap.clear()
        return True


heap = []
heap += [Less(heap), Less(heap), Less(heap), Less(heap)]
try:
    heapq.heappop(heap)
except RuntimeError as e:
    print(e)

# Rows: the first difference may stand anywhere.
for n in (0, 1, 3, 4, 5, 9):
    v = list(range(n))
    for at in range(n):
        w = v[:]
        w[at] = float(at)
        u = v[:]
        u[at] = -1
        print(v == w, tuple(v) == tuple(w), v == u, v < u, tuple(u) < tuple(v), v != u)
print([nan] == [nan], (nan,) == (nan,), [nan] == [float("nan")], [1, nan] < [1, nan, 0])
big = list(range(9000))
print(big == list(range(9000)), tuple(big) < tuple(big[:-1] + [0]), [*big, "a"] == [*big, "b"])


class Shrinks:
    def __eq__(self, other):
        del rows[1][1:]
        return True


rows = [[1, Shrinks(), 3, 4], [1, 2, 3, 4]]
print(rows[0] == rows[1], rows[0] < rows[1])

# Slices and joins of rows of every small length, items immortal and not.
for n in range(10):
    row = [i if i % 3 else object() for i in range(n)]
    fixed = tuple(row)
    print(row[:] == row, row[1:] + row[:1] == list(fixed[1:] + fixed[:1]), tuple(row) == fixed,
          row[::2] == list(fixed[::2]), row[::-1] == list(fixed[::-1]))

# Combinatoric iterators: the last tuple is used again only when nobody has it.
for it in (itertools.combinations(range(4), 2), itertools.permutations("abc"),
           itertools.product([0, 1], "xy", repeat=1), itertools.product((), [1]),
           itertools.combinations_with_replacement("ab", 3), itertools.product()):
    kept = []
    for t in it:
        kept.append(t) if len(t) % 2 == 0 or not kept else None
    print(kept)
texts = ["", "a", "ab", "abc", "abcd", "abcdefg", "abcdefgh", "abcdefghi", "abcdefghijklmnop",
         "abcdefghijklmnopq"]
for t in texts:
    twin = "".join(list(t))
    print({t: 1}.get(twin), [t == twin[:i] + "?" + twin[i + 1 :] for i in range(len(t))])
