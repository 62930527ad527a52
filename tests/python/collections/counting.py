# Counter() of what is counted in C: new and known keys, counts that are no small ints, keys that
# compare in Python.
from collections import Counter
from itertools import groupby

c = Counter("abracadabra")
c.update("abc")
print(c.most_common(), sum(c.values()), list(c))
c["a"] = 2**63 - 1
c.update("aab")
print(c["a"], c["b"], type(c["a"]))
c["a"], c["b"], c["r"] = 1.5, True, 2**70
c.update("abr")
print(c["a"], c["b"], c["r"])


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 1

    def __eq__(self, other):
        return self.n == other.n


print(sorted(Counter(Key(k % 3) for k in range(10)).values()))


class Odd:
    def __add__(self, other):
        c.clear()
        return "sum"


c = Counter(a=Odd())
c.update("a")
print(c)

try:
    Counter([[]])
except TypeError as error:
    print(error)
nan = float("nan")
print([(k, len(list(g))) for k, g in groupby([1, 1.0, True, 2, nan, nan, "a", "a", None, None])])
print([(k, list(g)) for k, g in groupby("aabbbc")], [k for k, g in groupby([1, 1, 2, 2, 1])])
groups = [g for k, g in groupby([1, 1, 2])]
print([list(g) for g in groups])
