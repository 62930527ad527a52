# SPDX-License-Identifier: MIT
# namedtuple and typing.NamedTuple: made, read, replaced, compared, unpacked.
from collections import namedtuple
from time import perf_counter
from typing import NamedTuple

Point = namedtuple("Point", "x y z")


class Trade(NamedTuple):
    name: str
    price: float
    count: int = 1

    def value(self):
        return self.price * self.count


def work(n):
    total = 0
    for i in range(n):
        p = Point(i, i + 1, z=i + 2)
        total += p.x + p.y * p.z % 7
        x, y, z = p
        total += x - y + p[2]
        if i % 8 == 0:
            total += p._replace(x=1).x + len(p._asdict()) + (p < Point(5, 5, 5))
        trade = Trade("abc", i * 0.5)
        total += int(trade.value()) + len(trade.name)
    return total


start = perf_counter()
answer = work(120000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
