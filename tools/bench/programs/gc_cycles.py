# SPDX-License-Identifier: MIT
# Cyclic garbage: graphs built and dropped, with the collector at its own pace and asked by hand.
import gc
import weakref
from time import perf_counter


class Node:
    def __init__(self, number):
        self.number = number
        self.links = [self]


def ring(size):
    nodes = [Node(i) for i in range(size)]
    for a, b in zip(nodes, nodes[1:] + nodes[:1]):
        a.links.append(b)
    return nodes[0]


def work(rounds):
    kept = [ring(10) for _ in range(300)]
    died = []
    for i in range(rounds):
        node = ring(20)
        if i % 50 == 0:
            weakref.finalize(node, died.append, i)
        if i % 10 == 0:
            kept[i % 300] = node
        cell = {}
        cell["self"] = [cell]
    gc.collect()
    return len(died) > 0, sum(n.links[1].number for n in kept)


start = perf_counter()
answer = work(20000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
