# A set that is copied never asks its items for their hash again, and what intersection() and
# difference() return without arguments is a copy even of a frozenset.
class Counting(int):
    hashes = 0

    def __hash__(self):
        Counting.hashes += 1
        return int(self)


items = [Counting(i) for i in range(10)]
s = set(items)
d = dict.fromkeys(items)
before = Counting.hashes
dict.fromkeys(s)
dict.fromkeys(frozenset(s), 5)
s.symmetric_difference(d)
s.difference(d)
s ^ s
print(before, Counting.hashes)
print(list(dict.fromkeys({1, 2, 3}, "x").items()))

f = frozenset("abc")
print(f.copy() is f, f.intersection() is f, f.difference() is f, f.union() is f)


class Named(set):
    def __new__(cls, arg, name=None):
        self = super().__new__(cls, arg)
        self.name = name
        return self


print(Named([1]).name)
try:
    Named([1], name=3)
except TypeError as e:
    print(e)


class Initialised(set):
    def __init__(self, arg, name=None):
        super().__init__(arg)
        self.name = name


print(Initialised([1], name=3).name)
