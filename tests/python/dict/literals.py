# Literals of dicts and sets: equal keys, collisions, keys in Python, what cannot be hashed, sizes
# around those of the first table.
def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class Key:
    def __init__(self, name, hash_):
        self.name, self.hash = name, hash_

    def __hash__(self):
        if self.hash is None:
            raise ZeroDivisionError(self.name)
        return self.hash

    def __eq__(self, other):
        print("eq", self.name, getattr(other, "name", other))
        return isinstance(other, Key) and self.name == other.name

    def __repr__(self):
        return self.name

    def __del__(self):
        ended.append(self.name)


ended = []
x, y = 1, "y"
for _ in range(2):
    show(lambda: {})
    show(lambda: {x: y})
    show(lambda: {x: 1, x: 2})
    show(lambda: {1: "a", 1.0: "b", True: "c"})
    show(lambda: {0: x, 8: x, 16: x, 24: x, 32: x})
    show(lambda: {0: x, 8: x, 16: x, 24: x, 32: x, 40: x})
    show(lambda: {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7})
    show(lambda: {**{1: 2}, x: 3, **{4: 5}, "k": y})
    show(lambda: {Key("a", 1): 1, Key("b", 1): 2, Key("a", 1): 3})
    show(lambda: {Key("c", 9): 1, 1: 2, 9: 3})
    show(lambda: {Key("kept", 1): 1, Key("bad", None): 2, Key("unseen", 1): 3})
    show(lambda: {[]: 1})
    show(lambda: {1: 2, (): [], ([],): 3})
    show(lambda: {x, 2, 3})
    show(lambda: len({x, 1, 1.0, True}))
    show(lambda: sorted({x, 2, 3, 4, 5, 6, 7, 8, 9, 10}))
    show(lambda: {Key("s", 1), Key("s", 1)})
    show(lambda: {Key("t", 1), Key("bad", None)})
    show(lambda: {x, []})
    show(lambda: {*[1, 2], x, *"a"} == {1, 2, "a"})
    print(sorted(ended))
    ended.clear()


def grows():
    d = {"a": 1, "b": 2}
    for i in range(20):
        d[i] = i
    del d["a"]
    d["a"] = 3
    return d


show(grows)
d = {"x": x, "y": y}
e = d
d = {"x": x}
print(d, e, d.keys() & e.keys(), {"x": {"y": {"z": x}}})


def cycle():
    a = {"self": None, "k": 1}
    a["self"] = a
    s = {1, 2}
    f = frozenset((s.pop(), 5))
    return len(a), len(s), sorted(f)


show(cycle)

import gc
gc.collect()
a = {1: 2, "x": 3}
print(gc.is_tracked({}), gc.is_tracked({"a": []}))
print(dict(a), a.copy(), {**a}, dict(a, z=1), dict([(1, 2)]), dict(), set(), frozenset())


