# Classes that have one of __setitem__ and __delitem__ and dict's other one: who is called.
from collections import Counter, OrderedDict, defaultdict


class Deletes(dict):
    def __delitem__(self, key):
        print("del", key)
        dict.__delitem__(self, key)


class Stores(dict):
    def __setitem__(self, key, value):
        print("set", key, value)
        dict.__setitem__(self, key, value)


for cls in Deletes, Stores:
    d = cls()
    d["a"] = 1
    d["b"] = 2
    del d["a"]
    try:
        del d["a"]
    except KeyError as e:
        print("KeyError", e)
    print(d)


# Changed later, and back.
d = Deletes()
Deletes.__setitem__ = lambda self, key, value: print("late", key, value)
d["x"] = 1
del Deletes.__setitem__
d["x"] = 2
print(d)


# Another type's: refused, never called with the wrong self.
class Wrong(dict):
    def __delitem__(self, key):
        pass

    __setitem__ = list.__setitem__


class Crossed(dict):
    def __delitem__(self, key):
        pass


class Unhooked:
    __getattribute__ = type.__getattribute__

    def __getattr__(self, name):
        return name


try:
    Wrong()[0] = 1
except TypeError as e:
    print(e)
Crossed.__setitem__ = dict.__delitem__
try:
    Crossed()[0] = 1
except TypeError as e:
    print(e)
try:
    print(Unhooked().x)
except TypeError:
    print("TypeError")


# A list's, for negative places, too.
class Row(list):
    def __delitem__(self, at):
        print("del", at)


row = Row([1, 2, 3])
row[-1] = 4
row[0:1] = [7, 8]
del row[0]
print(row)
try:
    row[9] = 0
except IndexError as e:
    print(e)


# Counter counts in C unless get() or __setitem__ is overridden.
class Loud(Counter):
    def __setitem__(self, key, value):
        print("store", key, value)
        super().__setitem__(key, value)


class Asked(Counter):
    def get(self, key, default=None):
        print("get", key, default)
        return super().get(key, default)


print(Counter("abracadabra"), Loud("aba"), Asked("aba"))
c = Counter("aab")
c.update("abc")
c["z"] += 1
del c["b"], c["not there"]
print(c, c.total())
c = Counter({"a": 1.5})
c.update(["a", "b", True, 1])
print(c)


class Number:
    def __init__(self, n):
        self.n = n

    def __add__(self, other):
        counted.clear()  # the old value goes away meanwhile
        return Number(self.n + other)

    def __repr__(self):
        return f"<{self.n}>"


counted = Counter()
counted["a"] = Number(5)
counted["b"] = 1
counted.update(["a"])
print(counted)
print(defaultdict(int, OrderedDict(a=1)), Counter(OrderedDict(b=2)))
