# Batches of 1000, by subclasses and by iterators: CPython's bytes.
import collections
import pickle
import zlib


class L(list):
    pass


class D(dict):
    pass


for n in 0, 1, 2, 3, 998, 999, 1000, 1001, 1002, 1999, 2000, 2001:
    for o in L(range(n)), D.fromkeys(range(n)), collections.deque(range(n)), frozenset(range(n)), tuple(range(n)):
        print(n, type(o).__name__, end=" ")
        for proto in range(6):
            data = pickle.dumps(o, proto)
            print(len(data), zlib.crc32(data), pickle.loads(data) == o, end=" ")
        print()
