# SPDX-License-Identifier: MIT
# Pipelines of itertools, map, filter, zip, enumerate and generators.
from itertools import (
    accumulate, chain, combinations, compress, count, groupby, islice, permutations, product,
    starmap, takewhile, tee, zip_longest,
)
from operator import add, mul
from time import perf_counter


def work(rounds):
    total = 0
    for k in range(rounds):
        total += sum(islice(count(k), 0, 300, 3))
        total += sum(accumulate(range(100), add)) + len(list(chain(range(50), range(50), "abc")))
        total += sum(1 for a, b in combinations(range(25), 2) if a + b == 20)
        total += sum(starmap(mul, zip(range(100), range(100, 200))))
        total += sum(len(list(g)) * key for key, g in groupby(range(200), lambda v: v // 20))
        total += sum(compress(range(100), (1, 0, 1, 1) * 25))
        total += sum(takewhile(lambda v: v < 50, map(lambda v: v * 2, range(100))))
        total += sum(x * y for x, y in product(range(12), repeat=2))
        total += len(list(permutations(range(5)))) + sum(filter(None, range(100)))
        a, b = tee(range(60))
        next(b)
        total += sum(y - x for x, y in zip(a, b))
        total += sum(x + y for x, y in zip_longest(range(30), range(50), fillvalue=1))
    return total


start = perf_counter()
answer = work(4000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
