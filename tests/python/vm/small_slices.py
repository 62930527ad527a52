# Slices with small constant bounds of every kind of sequence; truth, len and attributes that have
# short ways; tuples' subclasses unpacked.
import array
import collections


class Tells:
    def __getitem__(self, key):
        return key

    def __len__(self):
        return 3


class List(list):
    pass


class MyList(list):
    def __getitem__(self, key):
        return "mine", key


class Str(str):
    pass


class Tuple(tuple):
    pass


def slices(x):
    return [
        x[1:], x[:1], x[:], x[-1:], x[:-1], x[1:-1], x[2:1], x[-127:127], x[127:], x[:-127], x[0:0],
        x[128:], x[-128:], x[:128], x[:-128], x[-5:-2], x[5:], x[True:], x[None:2], x[1:2],
    ]


for x in ([1, 2, 3], [], list(range(200)), "abc", "", "äöü€𝄞" * 40, (1, 2, 3), (), tuple(range(200)), b"abc",
          b"", bytes(range(200)), bytearray(b"abc"), range(5), List([1, 2]), MyList([1]), Str("abc"),
          Tuple((1, 2)), Tells(), memoryview(b"abc"), array.array("i", [1, 2, 3]),
          collections.UserList([1, 2, 3])):
    for _ in range(2):
        got = slices(x)
    print(type(x).__name__, len(got), str(got).replace("0x", "")[:300] if type(x) is not memoryview
          else [bytes(m) for m in got])
for x in 5, None, {1: 2}, {1}, object:
    try:
        print(x[1:2])
    except TypeError as e:
        print(e)
try:
    collections.deque([1])[:1]
except TypeError as e:
    print(e)


def own(x):
    part = x[:]
    part += x[:0]
    return part is x, part == x


print(own([1, 2]), own((1, 2)), own("ab"), own(b"ab"))


def deep(x):
    x = x[1:]
    x = x[:-1]
    return x


print(deep([1, 2, 3]), deep("abc"), deep((1, 2, 3)))


class Truth:
    def __init__(self, v):
        self.v = v

    def __bool__(self):
        return self.v


def truth(x):
    r = []
    if x:
        r.append("if")
    if not x:
        r.append("not")
    while x and len(r) < 3:
        r.append("while")
    r.append("or" if x or False else "nor")
    r.append(1 if not (x and x) else 2)
    return r


for x in (0, 1, -1, 2**70, 0.0, 0.5, None, "", "a", [], [0], (), {}, {1: 1}, set(), True, False, Truth(True),
          Truth(False), NotImplemented.__class__, 0 * 2**70, Tells()):
    print(truth(x))


class Bad:
    def __bool__(self):
        return 1

    def __len__(self):
        return -1


def length(x):
    return len(x)


for _ in range(2):
    for x in [1], "ab", (1, 2, 3), {1: 1}, {1, 2}, b"abcd", range(5), Tells(), List([1]), Bad(), 5, list(range(300)):
        try:
            print(length(x), end=" ")
        except (TypeError, ValueError) as e:
            print(e, end=" ")
    try:
        truth(Bad())
    except TypeError as e:
        print(e)


def code_facts(f):
    c = f.__code__
    return c.co_name, c.co_argcount, c.co_flags & 4, c.co_varnames


for _ in range(3):
    print(code_facts(deep), code_facts(length))
try:
    deep.__code__.co_name = 1
except AttributeError as e:
    print(e)

Pair = collections.namedtuple("Pair", "a b")


class Reversed(Pair):
    def __iter__(self):
        return iter((self[1], self[0]))


def unpack(p):
    a, b = p
    return a, b


for _ in range(2):
    print(unpack(Pair(1, 2)), unpack(Reversed(1, 2)), unpack(Tuple("xy")), unpack([3, 4]), unpack((5, 6)))
    for p in Tuple("xyz"), Tuple("x"), Reversed(1, 2)[:1], Pair(1, 2)[1:]:
        try:
            unpack(p)
        except ValueError as e:
            print(e)
Pair.__iter__ = lambda self: iter("no")
print(unpack(Pair(1, 2)))
del Pair.__iter__
print(unpack(Pair(1, 2)))
