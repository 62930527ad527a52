# SPDX-License-Identifier: MIT
# Game boards: the game of life over a set of cells, and minimax on three in a row.
from time import perf_counter

LINES = ((0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6))


def neighbours(cell):
    x, y = cell
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            if dx or dy:
                yield x + dx, y + dy


def life(cells, generations):
    for _ in range(generations):
        counts = {}
        for cell in cells:
            for near in neighbours(cell):
                counts[near] = counts.get(near, 0) + 1
        cells = {c for c, n in counts.items() if n == 3 or (n == 2 and c in cells)}
    return cells


class Board:
    def __init__(self):
        self.cells = [" "] * 9
        self.looked = 0

    def winner(self):
        cells = self.cells
        for a, b, c in LINES:
            if cells[a] != " " and cells[a] == cells[b] == cells[c]:
                return cells[a]
        return None

    def best(self, player, other):
        self.looked += 1
        won = self.winner()
        if won is not None:
            return (1 if won == player else -1), None
        top = None
        move = None
        for i, cell in enumerate(self.cells):
            if cell == " ":
                self.cells[i] = player
                score = -self.best(other, player)[0]
                self.cells[i] = " "
                if top is None or score > top:
                    top, move = score, i
        return (0 if top is None else top), move


start = perf_counter()
glider = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}
blob = {(x, y) for x in range(30, 38) for y in range(30, 33)}
board = Board()
board.cells[0] = "x"
answer = len(life(glider | blob, 250)), board.best("o", "x"), board.looked
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
