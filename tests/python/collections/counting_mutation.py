# Counter: an addition that takes the count away.
from collections import Counter


class Evil:
    def __add__(self, other):
        c.clear()
        return NotImplemented


c = Counter()
c["a"] = Evil()
try:
    c.update("a")
except TypeError as e:
    print(e)
print(c)

