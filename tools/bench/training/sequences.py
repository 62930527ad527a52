# SPDX-License-Identifier: MIT
# Trains the profile-guided build: lists, tuples, ranges, bytes, arrays: slices, unpacking, methods.
import array
import collections
import itertools


def unpack(rows):
    total = 0
    for row in rows:
        first, *rest = row
        *most, last = row
        head, second, *middle, end = row
        total += first + rest[-1] + most[0] + last + head + second + end + len(middle)
        (a, b), c = (first, last), rest
        [d, e] = [b, a]
        total += a + b + d + e + len(c)
    x, y, z = 1, 2, 3
    for _ in range(2000):
        x, y = y, x
        x, y, z = z, x, y
    return total + x


def pairs(n):
    data = [(i, (i + 1, i + 2)) for i in range(n)]
    total = 0
    for a, (b, c) in data:
        total += a * b - c
    for i, (a, b) in enumerate(data):
        total += i - a + b[0]
    for (a, b), (c, d) in zip(data, data[1:]):
        total += a - c + b[1] - d[0]
    for a, b, c in zip(range(n), data, "ab" * n):
        total += a
    for a, *b in data:
        total += len(b)
    for k, v in dict(data).items():
        total += k + v[0]
    for a, b in itertools.zip_longest(range(n), range(5), fillvalue=0):
        total += a - b
    return total


def slices(n):
    items = list(range(64))
    text, raw, tup, rng = "abcdefgh" * 8, b"abcdefgh" * 8, tuple(items), range(64)
    total = 0
    for i in range(n):
        k = i & 31
        total += len(items[k:]) + len(items[:k]) + len(items[k:k + 8]) + len(items[::2])
        total += len(text[k:]) + len(text[:-1]) + len(text[k:k + 5]) + len(text[::-1])
        total += len(raw[k:]) + len(tup[k:]) + len(tup[1:]) + len(rng[k:50])
        total += items[-1] + tup[-2] + raw[k] + rng[k] + (text[k] == "a") + items[k]
        items[k:k + 2] = [k, k + 1]
        items[10:10] = [1, 2, 3]
        del items[10:13]
        items[::16] = 0, 1, 2, 3
        other = items[1:]
        other += items[:1]
        other = other + [k]
        del other[::3]
        del other[0]
    return total


def methods(n):
    out = []
    for i in range(n):
        items = [3, 1, 2] * 2 + [i]
        items.append(i)
        items.extend((1, 2))
        items.extend(range(3))
        items.insert(0, i)
        items.insert(4, i)
        items.pop()
        items.pop(0)
        items.remove(3)
        items.reverse()
        if i in items and 99999 not in items:
            out.append(items.index(i) + items.count(1))
        copied = items.copy()
        if copied == items and copied < [1000000] and (1, 2) < (1, 3) and (i,) != (i, i):
            copied.clear()
        out.append(len(copied) + sum(items) + max(items) + min(items))
        t = tuple(items)
        out.append(t.index(2) + t.count(i) + len(t + (1,)) + len(t * 2) + (i in t))
        out[-1] += hash(t) & 1
    return sum(out)


def matrix(n):
    grid = [[0] * n for _ in range(n)]
    for r in range(n):
        row = grid[r]
        for c in range(n):
            row[c] = r * n + c
            grid[r][c] += 1
            grid[c][r] ^= row[c] & 7
    turned = [list(line) for line in zip(*grid)]
    turned = [[line[i] for line in turned] for i in range(n)]
    flat = [x for line in turned for x in line if x % 3]
    best = max(max(line) for line in grid)
    board = bytearray(n * n)
    for i in range(0, n * n, 3):
        board[i] = 1
        board[i] ^= board[i - 1]
    board[::4] = b"\x01" * len(board[::4])
    return sum(flat) + best + sum(board) + sum(map(sum, grid)) + board.count(1)


def marks(n):
    free = [True] * n
    for i in range(2, n):
        if free[i]:
            for j in range(i + i, n, i):
                free[j] = False
    even = [0] * n
    for i in range(n):
        even[i] = not free[i]
    return [i for i, f in enumerate(free) if f][-1] + sum(even)


def rotations(n):
    row = list(range(9))
    count = 0
    for i in range(n):
        row = row[1:] + row[:1]
        row[0], row[4] = row[4], row[0]
        k = row[2]
        row[:k] = row[:k][::-1]
        low, high = 0, 8
        while low < high:
            row[low], row[high] = row[high], row[low]
            low += 1
            high -= 1
        if row[0] == i % 9:
            count += 1
    return count


def octets(n):
    total = 0
    for i in range(n):
        b = bytes([i & 255, 1, 2]) + b"abc,def,abc"
        total += b.find(b"def") + b.count(b"a") + len(b.split(b",")) + b.startswith(b"\x01")
        total += len(b.replace(b"abc", b"x")) + len(b.hex()) + int.from_bytes(b[:4], "big") % 7
        ba = bytearray(b)
        ba.append(3)
        ba.extend(b"zz")
        ba += b"y"
        del ba[2:4]
        total += ba[0] + ba.find(b"z") + len(ba.decode("latin-1")) + len(b.upper().strip(b"F"))
        view = memoryview(b)
        total += view[3] + len(view[2:5].tobytes()) + b"".join([b, b"-"])[-1]
        total += len("äöü€".encode()) + len(b"\xc3\xa4".decode())
    a = array.array("d", range(200))
    k = array.array("i", [1]) * 100
    for i in range(n):
        a[i % 200] += 0.5
        k[i % 100] = k[i % 7] + 1
        total += len(a[10:20])
    return total + sum(a) + sum(k)


def windows(n):
    recent = collections.deque(maxlen=16)
    line, total = collections.deque(), 0
    for i in range(n):
        recent.append(i)
        line.append(i)
        line.appendleft(-i)
        if len(line) > 40:
            total += line.popleft() + line.pop() + line[0] + line[-1]
            line.rotate(3)
            line.extend((i, i))
        total += recent[-1] + len(recent)
    for x in recent:
        total += x
    return total + sum(line) + (5 in line)


def iterate(n):
    total = 0
    for i in range(n):
        total += sum(x for x in (1, 2, i)) + sum([1, 2, 3]) + sum(range(10)) + len([*range(5)])
        total += all(x < 9 for x in (1, 2)) + any(x == 3 for x in [1, 2, 3])
        total += len(list(map(str, (1, 2)))) + len(list(filter(None, [0, 1, i])))
        total += len([x * 2 for x in range(6)]) + len({x & 3 for x in range(6)})
        total += len({x: x for x in range(4)}) + len(tuple(reversed([1, 2, 3])))
        it = iter((i, 2, 3))
        total += next(it) + next(it) + next(iter(()), 5)
        total += len(list(zip("abc", (1, 2, 3)))) + len(list(enumerate("xyz", 1)))
        total += max(i, 3) + min(i, 2, 5) + abs(-i) + max((1, 2), default=0) + len(set([1, i]))
    for x in itertools.chain(range(n), itertools.repeat(2, n), [1] * n):
        total += x
    for a, b in itertools.combinations(range(60), 2):
        total += a ^ b
    for a, b in itertools.product(range(40), repeat=2):
        total += a & b
    for a, b in itertools.pairwise(range(n)):
        total += b - a
    for k, group in itertools.groupby(range(n), lambda x: x >> 3):
        total += len(list(group)) + k
    total += sum(itertools.accumulate(range(n)))
    total += sum(itertools.takewhile(lambda x: x < 900, range(n)))
    total += sum(itertools.islice(range(n), 5, n, 3)) + sum(itertools.starmap(pow, [(2, 5)] * 200))
    total += sum(itertools.compress(range(n), itertools.cycle((0, 1))))
    total += sum(itertools.dropwhile(bool, range(n)))
    total += sum(1 for _ in itertools.permutations("abcdef", 4))
    total += len(list(itertools.tee(range(n))[1]))
    return total


rows = [list(range(i, i + 5)) for i in range(3000)] + [tuple(range(i, i + 7)) for i in range(3000)]
print(unpack(rows))
print(pairs(5000))
print(slices(4000))
print(methods(4000))
print(matrix(110))
print(marks(40000))
print(rotations(12000))
print(octets(3000))
print(windows(12000))
print(iterate(2500))
