# SPDX-License-Identifier: MIT
# Attribute reads and writes on instances, through inheritance, a property and a class attribute.
from time import perf_counter


class Base:
    scale = 2

    def __init__(self, x, y):
        self.x = x
        self.y = y

    @property
    def norm(self):
        return self.x * self.x + self.y * self.y


class Point(Base):
    def __init__(self, x, y, z):
        super().__init__(x, y)
        self.z = z


def work(n):
    points = [Point(i, i + 1, i + 2) for i in range(100)]
    total = 0
    for _ in range(n):
        for p in points:
            p.x = p.y - p.z + p.scale
            p.y += 1
            total += p.x
        total += points[3].norm
    return total


start = perf_counter()
answer = work(15000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
