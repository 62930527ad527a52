# Which objects the collector looks at.
import gc

gc.disable()


class Slots:
    __slots__ = ("a",)


class T(tuple):
    pass


class D(dict):
    pass


t = gc.is_tracked
print([t(o) for o in (1, 1.5, "a", b"a", None, True, int, (), frozenset())])
print([t(o) for o in ([], {}, {"a": 1}, {"a": []}, set(), Slots(), T(), D())])


# Tuples of atoms are let go by a collection, others are not.
def atoms(*args):
    return args


for value in (atoms(1, "a", None), atoms(1, atoms(2, 3)), atoms(1, []), atoms(atoms([])), T((1,))):
    gc.collect()
    gc.collect()
    print(t(value), end=" ")
print()

# Dicts come back with the first key or value that is not an atom.
d = {"a": 1, "b": "x"}
print(t(d), end=" ")
gc.collect()
print(t(d), end=" ")
d["c"] = 2.5
print(t(d), end=" ")
d["a"] = [d]
gc.collect(0)
print(t(d), d in gc.get_objects(), end=" ")
d["a"] = 5
gc.collect()
print(t(d), d in gc.get_objects())
for change in (
    lambda d: d.update(x=[]), lambda d: d.setdefault("x", []), lambda d: d.__ior__({"x": []}),
    lambda d: d.__setitem__(frozenset([Slots()]), 1), lambda d: d.update([("x", [])]),
    lambda d: exec("x = []", {"__builtins__": 0}, d), lambda d: d.update({"y": 1, "x": []}),
):
    for d in {"a": 1}, {}:
        gc.collect()
        change(d)
        print(t(d), end=" ")
        d["me"] = d
        d = None
        print(gc.collect() > 0, end=" ")
    print()

# Iterators that give the same tuple again.
for make in (
    lambda x: zip(x, x), lambda x: enumerate(x), lambda x: iter(dict.fromkeys([1, 2, 3], x).items()),
):
    items = [1, [], 2]
    it = make(items)
    next(it)
    gc.collect()
    gc.collect()
    pair = next(it)
    print(t(pair), pair)
    if isinstance(pair[1], list):
        pair[1].append(pair)
    del pair, it, items
    print(gc.collect())
