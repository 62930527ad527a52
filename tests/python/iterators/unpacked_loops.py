# Loops over zip, enumerate and dict items that unpack at once make no tuple; what can be seen is
# the same as with one.
import itertools


def show(name, f, *args):
    try:
        print(name, f(*args))
    except Exception as e:
        print(name, type(e).__name__, e)


def pairs(it):
    out = []
    a = b = "unset"
    for a, b in it:
        out.append((a, b))
    return out, a, b


def triples(it):
    out = []
    for a, b, c in it:
        out.append((a, b, c))
    return out


def fives(it):
    return [a + b + c + d + e for a, b, c, d, e in it]


for _ in range(3):
    print(pairs(zip([1, 2, 3], "abc")))
    print(pairs(zip([1, 2, 3], range(2))))
    print(pairs(zip(range(5000, 5003), (9, 8))))
    print(pairs(zip([], [1])))
    print(pairs(enumerate("xyz", 5)))
    print(pairs(enumerate(range(2000, 2003))))
    print(pairs({1: 2, "k": None}.items()))
    print(pairs([(1, 2), [3, 4], "56"]))
    print(triples(zip([1, 2], [3, 4], [5, 6])))
    print(fives(zip([1], [2], [3], [4], [5])))
    show("two of three", pairs, zip([1], [2], [3]))
    show("three of two", triples, zip([1], [2]))
    show("three of enumerate", triples, enumerate("a"))
    show("strict", pairs, zip([1, 2], [1], strict=True))
    show("strict longer", pairs, zip([1], [1, 2], strict=True))
    show("strict equal", pairs, zip([1], [2], strict=True))
    show("strict three", triples, zip([1], [1], [1, 2], strict=True))

# A shorter second iterator leaves the targets as they were.
a, b = "A", "B"
for a, b in zip([1, 2], [3]):
    pass
print(a, b)
try:
    for a, b in zip([7, 8], (1 // x for x in (1, 0))):
        pass
except ZeroDivisionError:
    print("kept", a, b)


# Numbers past 64 bits, and at their edge.
def big(start):
    return [(n, x) for n, x in enumerate("ab", start)]


for start in (2**62, 2**63 - 2, 2**63 - 1, 2**63, 2**70, -1):
    print(big(start))


# The same target twice, nested targets, attributes, globals, subscripts.
class Box:
    pass


def odd_targets():
    box, items, seen = Box(), [0, 0], []
    for box.x, items[1] in zip("ab", "cd"):
        seen.append((box.x, items[1]))
    for n, n in enumerate("pq"):
        seen.append(n)
    for k, (x, y) in enumerate(zip("12", "34")):
        seen.append((k, x, y))
    for (x, y), k in zip(zip("12", "34"), "56"):
        seen.append((k, x, y))
    for [x, y] in enumerate("m"):
        seen.append([x, y])
    return seen


print(odd_targets())
for g1, g2 in enumerate("gh"):
    pass
print(g1, g2)


# Changing what is walked over.
def grow():
    l, seen = [1, 2], []
    for i, x in enumerate(l):
        seen.append((i, x))
        if len(l) < 5:
            l.append(x * 10)
    return seen


def shrink():
    l, seen = [1, 2, 3, 4], []
    for i, x in zip(l, l):
        seen.append((i, x))
        l.pop()
    return seen


def dict_grows():
    d = {1: 1}
    for k, v in d.items():
        d[k + 1] = v


def dict_keys_grow():
    d = {1: 1}
    for k in d:
        d[k + 1] = 1


def dict_values_replaced():
    d = {i: i for i in range(4)}
    out = []
    for k, v in d.items():
        d[(k + 1) % 4] = "new"
        out.append((k, v))
    return out


def dict_holes():
    d = {i: -i for i in range(6)}
    del d[0], d[3], d[5]
    return [(k, v) for k, v in d.items()], [k for k in d], [v for v in d.values()]


def dict_same_size():
    d = {1: 1, 2: 2}
    for k in d:
        del d[k]
        d[k + 10] = 1


for f in (grow, shrink, dict_grows, dict_keys_grow, dict_values_replaced, dict_holes, dict_same_size):
    for _ in range(2):
        show(f.__name__, f)


# One loop, many kinds of iterators.
def any_kind(it):
    return [(a, b) for a, b in it]


d = {1: 2}
for it in (zip("a", "b"), d.items(), enumerate("c"), [(1, 2)], ((3, 4),), zip("d", "e"),
           map(lambda x: (x, x), "f"), itertools.product("g", "h"), {"ij": 0}, d.items(),
           enumerate("k"), iter([("l", "m")])):
    print(any_kind(it))


def any_keys(it):
    return [k for k in it]


for it in ({1: 2}, {1: 2}.values(), {3}, [4], {5: 6}, (7,), {8: 9}.values(), "s", range(2), d):
    print(any_keys(it))


# Subclasses have their own way.
class Twice(zip):
    def __next__(self):
        a, b = super().__next__()
        return a, b, b


class From(enumerate):
    def __next__(self):
        n, x = super().__next__()
        return n * 10, x


print(triples(Twice("ab", "cd")))
print(pairs(From("ab")))


# An iterator that is stepped by the body too.
def stepped():
    z = zip(range(6), "abcdef")
    out = []
    for n, c in z:
        out.append((n, c, next(z, None)))
    e = enumerate("abcd")
    for n, c in e:
        out.append((n, c, next(e)))
    return out


print(stepped())


# What the targets held dies after the next values are there, a before b.
class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("end of", self.name)


def deaths():
    for a, b in zip(map(Loud, ["a1", "a2"]), map(Loud, ["b1", "b2"])):
        print("round", a.name, b.name)
    print("after")


deaths()


# Items kept as tuples elsewhere are different tuples.
z = zip("abc", "def")
kept = [next(z)]
for a, b in z:
    kept.append((a, b))
print(kept)
first = list(zip("ab", "cd"))
print(first, first[0] is first[1])
e = enumerate("ab")
x = next(e)
y = next(e)
print(x, y)


# Errors inside the iterators, with their tracebacks' lines.
def failing():
    yield 1
    raise KeyError("inside")


def run_failing():
    for a, b in zip([1, 2, 3], failing()):
        pass


try:
    run_failing()
except KeyError as err:
    import traceback
    print([f.name for f in traceback.extract_tb(err.__traceback__)], err)


# In generators and classes.
def gen():
    for i, x in enumerate("pq"):
        yield i, x
    for k, v in {"k": "v"}.items():
        yield k, v


print(list(gen()))


class Body:
    for name, value in zip(("one", "two"), (1, 2)):
        locals()[name] = value


print(Body.one, Body.two, Body.name, Body.value)

# Under a trace function each line is told as ever.
import sys

lines = []


def tracer(frame, event, arg):
    if frame.f_code.co_name == "traced":
        lines.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
        return tracer


def traced():
    total = 0
    for i, x in enumerate([5, 6]):
        total += x
        total += i
    return total


traced()
sys.settrace(tracer)
traced()
sys.settrace(None)
print(lines)
