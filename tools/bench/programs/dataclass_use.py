# SPDX-License-Identifier: MIT
# Dataclasses: made, compared, hashed, replaced, turned into dicts; enums and properties beside them.
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from time import perf_counter


class Colour(Enum):
    RED = 1
    GREEN = 2
    BLUE = 3


@dataclass(order=True)
class Point:
    x: int
    y: int = 0

    @property
    def size(self):
        return abs(self.x) + abs(self.y)


@dataclass(frozen=True)
class Key:
    name: str
    number: int


@dataclass
class Shape:
    colour: Colour
    points: list = field(default_factory=list)


def work(n):
    total = 0
    seen = {}
    for i in range(n):
        p, q = Point(i % 100, i % 7), Point(50, y=3)
        total += (p < q) + (p == q) + p.size
        key = Key("k%d" % (i % 10), i % 13)
        seen[key] = seen.get(key, 0) + 1
        colour = Colour(i % 3 + 1)
        if colour is Colour.RED:
            shape = Shape(colour, [p, q])
            total += len(asdict(shape)["points"]) + replace(p, x=3).x
        total += len(colour.name)
    return total, len(seen)


start = perf_counter()
answer = work(40000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
