# iter, enumerate, zip, map, filter, reversed: results, errors, pickling hooks, length hints.
import operator


def show(source):
    try:
        r = eval(source, globals())
        if hasattr(r, "__next__"):
            r = list(r)
        print(source, "->", repr(r))
    except Exception as e:
        print(source, "->", type(e).__name__ + ":", e)


class Seq:
    def __len__(self):
        return 3

    def __getitem__(self, i):
        if i >= 3:
            raise IndexError
        return i


for source in ["zip()", "zip([1, 2], 'ab')", "zip([1], [2, 3])", "zip(x=1)", "zip(strict=1, x=2)", "zip(1)",
               "zip([1], [1, 2], strict=True)", "zip([1], [1], [], strict=True)", "zip([1, 2], [1], strict=True)",
               "zip([1], [2], strict=True)", "zip(strict=True)", "map()", "map(1)", "map(1, [], x=1)", "map(len, ['a', 'bc'])",
               "map(operator.add, [1, 2], [3, 4, 5])", "map(1, [2])", "filter(1)", "filter(None, [0, 1, '', 'a'])",
               "filter(lambda x: x > 1, [1, 2, 3])", "filter(bool, [0, 1])", "filter(x=1)", "filter(1, 2)", "enumerate('ab')",
               "enumerate('ab', 5)", "enumerate('ab', start=-1)", "enumerate()", "enumerate([], 'a')",
               "enumerate('abc', 2 ** 63 - 2)", "enumerate('ab', 2 ** 70)", "enumerate(1)", "reversed()",
               "reversed(1)", "reversed({1})", "reversed(x=1)", "reversed(Seq())", "reversed([1, 2, 3])", "reversed('abc')",
               "reversed((1, 2))", "reversed({1: 2, 3: 4})", "reversed(range(3))", "iter(lambda: 1, 1)", "iter(1, 2)", "iter()",
               "iter(Seq())", "next(iter(Seq()))", "enumerate[int]", "zip[int]", "operator.length_hint(reversed(Seq()))",
               "operator.length_hint(iter(Seq()))", "next(iter([]), 5)", "iter(Seq()).__reduce__()[2]",
               "reversed('abc').__reduce__()[1:]", "enumerate([], 5).__reduce__()[1][1]", "zip([]).__reduce__()[0]",
               "zip([], strict=True).__reduce__()[2]", "len(map(len, []).__reduce__()[1])"]:
    show(source)
n = iter([3, 2, 1, 0, 5])
print(list(iter(lambda: next(n), 0)), list(n))


def stop():
    raise StopIteration


print(list(iter(stop, None)))
# The tuple that is given again must not be one that somebody kept.
kept = []
for pair in zip([1, 2, 3], "abc"):
    kept.append(pair)
print(kept, list(enumerate("abc")), [p for p in zip(range(3), range(3))])
z = zip([1, 2], [3, 4])
first = next(z)
print(first, next(z), first)
it = reversed(Seq())
next(it)
it.__setstate__(0)
print(list(it))
it = iter(Seq())
it.__setstate__(2)
print(list(it), list(it))


class Z(zip):
    pass


class E(enumerate):
    def __new__(cls, x, tag):
        self = super().__new__(cls, x)
        self.tag = tag
        return self


print(list(Z([1], [2])), E("a", "t").tag, list(E("a", "t")))


def failing():
    yield 1
    raise ValueError("inside")


for make in (lambda: zip([1, 2, 3], failing()), lambda: map(str, failing()), lambda: filter(None, failing()),
             lambda: enumerate(failing()), lambda: zip(failing(), [1], strict=True)):
    got = []
    try:
        for x in make():
            got.append(x)
    except ValueError as e:
        print(got, e)


class Broken:
    def __len__(self):
        return 2

    def __getitem__(self, i):
        raise KeyError(i)


show("list(Broken())")
show("list(reversed(Broken()))")
