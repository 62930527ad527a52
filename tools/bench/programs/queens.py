# SPDX-License-Identifier: MIT
# All solutions of the queens puzzle, by recursion over sets and by recursive generators.
from time import perf_counter


def count(n, row, columns, up, down):
    if row == n:
        return 1
    found = 0
    for column in range(n):
        if column not in columns and row + column not in up and row - column not in down:
            columns.add(column)
            up.add(row + column)
            down.add(row - column)
            found += count(n, row + 1, columns, up, down)
            columns.discard(column)
            up.discard(row + column)
            down.discard(row - column)
    return found


def place(n, placed=()):
    row = len(placed)
    if row == n:
        yield placed
        return
    for column in range(n):
        if all(c != column and abs(c - column) != row - r for r, c in enumerate(placed)):
            yield from place(n, placed + (column,))


start = perf_counter()
answer = count(8, 0, set(), set(), set()), sum(1 for _ in place(7)), sum(next(place(n))[3] for n in range(8, 15))
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
