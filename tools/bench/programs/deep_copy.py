# SPDX-License-Identifier: MIT
# copy.deepcopy and copy.copy over nested containers and instances.
import copy
from time import perf_counter


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self.parent = parent
        self.children = []
        self.attributes = {"a": value, "b": (value, [value])}
        if parent is not None:
            parent.children.append(self)


def tree(depth, parent=None):
    node = Node(depth, parent)
    if depth:
        for _ in range(3):
            tree(depth - 1, node)
    return node


def count(node):
    return 1 + sum(count(child) for child in node.children)


def work(rounds):
    root = tree(4)
    data = {"list": [list(range(20)) for _ in range(20)], "set": {1, 2, 3}, "text": "x" * 50}
    total = 0
    for _ in range(rounds):
        total += count(copy.deepcopy(root))
        twin = copy.deepcopy(data)
        total += len(twin["list"]) + copy.copy(root).value
    return total


start = perf_counter()
answer = work(120)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
