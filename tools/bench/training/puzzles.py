# SPDX-License-Identifier: MIT
# Trains the profile-guided build: whole small programs, in which everything is mixed.
import collections
import itertools
import math
import random
import string


class Stack:
    """A machine of few instructions."""

    def __init__(self, program):
        self.program = program
        self.stack = []
        self.at = 0
        self.names = {}

    def push(self, value):
        self.stack.append(value)

    def pop(self):
        return self.stack.pop()

    def run(self):
        steps = 0
        while self.at < len(self.program):
            op, argument = self.program[self.at]
            self.at += 1
            steps += 1
            if op == "push":
                self.push(argument)
            elif op == "add":
                self.push(self.pop() + self.pop())
            elif op == "sub":
                b = self.pop()
                self.push(self.pop() - b)
            elif op == "load":
                self.push(self.names[argument])
            elif op == "store":
                self.names[argument] = self.pop()
            elif op == "jump":
                if self.pop() != 0:
                    self.at = argument
            else:
                raise ValueError(op)
        return steps


def life(size, turns):
    cells = {(x, y) for x in range(size) for y in range(size) if (x * 7 + y * 13) % 5 == 0}
    for _ in range(turns):
        near = collections.Counter((x + dx, y + dy) for x, y in cells for dx in (-1, 0, 1)
                                   for dy in (-1, 0, 1) if dx or dy)
        cells = {at for at, n in near.items() if n == 3 or n == 2 and at in cells}
    return len(cells)


def maze(size):
    rng = random.Random(4)
    walls = [[rng.random() < 0.25 for _ in range(size)] for _ in range(size)]
    walls[0][0] = walls[-1][-1] = False
    queue, seen = collections.deque([(0, 0, 0)]), {(0, 0)}
    while queue:
        x, y, steps = queue.popleft()
        if x == size - 1 and y == size - 1:
            return steps
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            nx, ny = x + dx, y + dy
            if 0 <= nx < size and 0 <= ny < size and not walls[ny][nx] and (nx, ny) not in seen:
                seen.add((nx, ny))
                queue.append((nx, ny, steps + 1))
    return len(seen)


def colour(graph, colours):
    chosen = {}

    def free(node, c):
        return all(chosen.get(other) != c for other in graph[node])

    def place(nodes):
        if not nodes:
            return True
        node, *rest = nodes
        for c in colours:
            if free(node, c):
                chosen[node] = c
                if place(rest):
                    return True
                del chosen[node]
        return False

    return place(sorted(graph, key=lambda k: -len(graph[k]))) and len(set(chosen.values()))


def hanoi(n, a, b, c):
    if n == 0:
        return 0
    return hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a)


def knapsack(items, room):
    best = [0] * (room + 1)
    for weight, value in items:
        for r in range(room, weight - 1, -1):
            other = best[r - weight] + value
            if other > best[r]:
                best[r] = other
    return best[room]


def huffman(text):
    groups = [[n, [c, ""]] for c, n in sorted(collections.Counter(text).items())]
    while len(groups) > 1:
        groups.sort(key=lambda g: g[0])
        low, high, *groups = groups
        for pair in low[1:]:
            pair[1] = "0" + pair[1]
        for pair in high[1:]:
            pair[1] = "1" + pair[1]
        groups.append([low[0] + high[0]] + low[1:] + high[1:])
    codes = {c: code for c, code in groups[0][1:]}
    return len("".join(codes[c] for c in text))


class Trie:
    def __init__(self):
        self.children = {}
        self.end = False

    def insert(self, word):
        node = self
        for c in word:
            if c not in node.children:
                node.children[c] = Trie()
            node = node.children[c]
        node.end = True

    def find(self, word):
        node = self
        for c in word:
            node = node.children.get(c)
            if node is None:
                return False
        return node.end


class Body:
    def __init__(self, x, v, m):
        self.x = x
        self.v = v
        self.m = m

    def move(self, t):
        self.x += self.v * t
        if self.x < 0.0 or self.x > 10.0:
            self.v = -self.v

    def energy(self):
        return 0.5 * self.m * self.v * self.v


def bodies(turns):
    all_ = [Body(i * 0.7, 1.0 - i * 0.1, 1.0 + i) for i in range(12)]
    for _ in range(turns):
        for b in all_:
            b.move(0.01)
        for a, b in itertools.combinations(all_, 2):
            d = a.x - b.x
            if -0.05 < d < 0.05:
                a.v, b.v = b.v, a.v
    return round(sum(b.energy() for b in all_), 6)


def spiral(n):
    grid = [[0] * n for _ in range(n)]
    x = y = 0
    dx, dy = 1, 0
    for i in range(n * n):
        grid[y][x] = i
        nx, ny = x + dx, y + dy
        if not (0 <= nx < n and 0 <= ny < n) or grid[ny][nx]:
            dx, dy = -dy, dx
            nx, ny = x + dx, y + dy
        x, y = nx, ny
    return sum(grid[i][i] for i in range(n))


def anneal(n):
    rng = random.Random(8)
    towns = [(rng.random(), rng.random()) for _ in range(30)]
    tour = list(range(30))

    def length(t):
        return sum(math.dist(towns[a], towns[b]) for a, b in zip(t, t[1:] + t[:1]))

    best = length(tour)
    for _ in range(n):
        i, j = sorted(rng.sample(range(30), 2))
        other = tour[:i] + tour[i:j][::-1] + tour[j:]
        now = length(other)
        if now < best or rng.random() < 0.001:
            tour, best = other, now
    return round(best, 3)


def roman(n):
    marks = (("M", 1000), ("CM", 900), ("D", 500), ("CD", 400), ("C", 100), ("XC", 90), ("L", 50),
             ("XL", 40), ("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1))
    out = []
    for mark, value in marks:
        while n >= value:
            out.append(mark)
            n -= value
    return "".join(out)


def primes(n):
    found = [2]
    for k in range(3, n, 2):
        for p in found:
            if p * p > k:
                found.append(k)
                break
            if k % p == 0:
                break
    return found[-1]


loop = [("push", 9000), ("store", "n"), ("load", "n"), ("push", 1), ("sub", None), ("store", "n"),
        ("load", "n"), ("jump", 2)]
print(Stack(loop).run())
print(life(30, 25))
print(maze(70))
print(colour({i: [(i + k) % 14 for k in (1, 3, 11, 13)] for i in range(14)}, "rgb"))
print(hanoi(14, "a", "b", "c"))
print(knapsack([(i % 17 + 3, i * 7 % 31 + 1) for i in range(60)], 700))
text = "she sells sea shells on the sea shore " * 60
print(huffman(text))
trie = Trie()
words = ["".join(p) for p in itertools.product("abcd", repeat=5)]
for w in words[::2]:
    trie.insert(w)
print(sum(trie.find(w) for w in words))
print(bodies(500))
print(spiral(90))
print(anneal(1500))
print(len("".join(roman(i) for i in range(1, 2000))), string.digits)
print(primes(20000))
