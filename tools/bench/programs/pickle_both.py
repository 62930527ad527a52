# SPDX-License-Identifier: MIT
# pickle both ways: containers, instances, shared references.
import pickle
from time import perf_counter


class Item:
    def __init__(self, number, name):
        self.number = number
        self.name = name
        self.links = []


def work(rounds):
    rows = [{"id": i, "name": "row%d" % i, "v": [i / 2, (i, str(i))]} for i in range(100)]
    items = [Item(i, "item%d" % i) for i in range(100)]
    for a, b in zip(items, items[1:]):
        a.links.append(b)
    total = 0
    for i in range(rounds):
        data = pickle.dumps(rows, protocol=4)
        total += len(data) + len(pickle.loads(data))
        data = pickle.dumps(items)
        total += pickle.loads(data)[i % 100].number
    return total


start = perf_counter()
answer = work(1000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
