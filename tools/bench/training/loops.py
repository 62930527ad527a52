# SPDX-License-Identifier: MIT
# Trains the profile-guided build: loops over ints, floats and nested lists.


def collatz(limit):
    best = longest = 0
    for start in range(1, limit):
        n, steps = start, 0
        while n != 1:
            n = n // 2 if n % 2 == 0 else 3 * n + 1
            steps += 1
        if steps > longest:
            best, longest = start, steps
    return best, longest


def gauss(size):
    rows = [[float((r * 7 + c * 3) % 11 + (r == c) * 20) for c in range(size + 1)]
            for r in range(size)]
    for k in range(size):
        pivot = rows[k][k]
        for r in range(k + 1, size):
            factor = rows[r][k] / pivot
            for c in range(k, size + 1):
                rows[r][c] -= factor * rows[k][c]
    x = [0.0] * size
    for k in range(size - 1, -1, -1):
        total = rows[k][size]
        for c in range(k + 1, size):
            total -= rows[k][c] * x[c]
        x[k] = total / rows[k][k]
    return x


def heat(size, steps):
    old = [0.0] * size
    old[size // 2] = 100.0
    for _ in range(steps):
        new = old[:]
        for i in range(1, size - 1):
            new[i] = old[i] + 0.2 * (old[i - 1] - 2.0 * old[i] + old[i + 1])
        old = new
    return sum(old)


def distances(n):
    grid = [[(i * j) % 17 + 1 for j in range(n)] for i in range(n)]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                through = grid[i][k] + grid[k][j]
                if through < grid[i][j]:
                    grid[i][j] = through
    return grid[0][n - 1]


def bits(n):
    state, seen = 12345, 0
    for _ in range(n):
        state ^= (state << 7) & 0xFFFFFFFF
        state ^= state >> 9
        state = (state * 69069 + 1) & 0xFFFFFFFF
        seen |= 1 << (state & 31)
    return seen


def big(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return len(str(a)), pow(3, n, 2**127 - 1), a // (b or 1), a % 1000003


print(collatz(4000))
print(round(sum(gauss(40)), 6))
print(round(heat(300, 150), 6))
print(distances(40))
print(bits(60000))
print(big(3000))
