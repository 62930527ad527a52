# SPDX-License-Identifier: MIT
# Method calls that read and write attributes of self.
from time import perf_counter


class Counter:
    def __init__(self):
        self.total = 0
        self.step = 1

    def add(self, value):
        self.total += value * self.step

    def flip(self):
        self.step = -self.step


def work(n):
    counter = Counter()
    for i in range(n):
        counter.add(i)
        counter.flip()
    return counter.total


start = perf_counter()
answer = work(1500000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
