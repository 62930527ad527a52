# len, subscription, membership, iteration, unpacking: fallbacks and error texts.
import operator



def show(source, **names):
    try:
        print(source, "->", repr(eval(source, names)))
    except Exception as e:
        print(source, "->", type(e).__name__ + ":", e)


def run(source, **names):
    try:
        exec(source, names)
        print(source.replace("\n", "; "), "-> ok")
    except Exception as e:
        print(source.replace("\n", "; "), "->", type(e).__name__ + ":", e)


one = 1
for expression in ["len(one)", "one[0]", "int[3]", "list[int]", "type[int]", "one in one", "iter(one)",
                   "next(one)", "one()", "list(one)", "tuple(one)", "[*one]", "(lambda: 0)[1]",
                   "None[0]", "[1, 2]['a']", "(1, 2)['a']", "'ab'[None]", "[1][5]", "{}[1]"]:
    show(expression, one=one)
for source in ["one[1] = 2", "del one[1]", "(1,)[0] = 1", "del (1,)[0]", "'a'[0] = 'b'", "del 'a'[0]",
               "del range(3)[0]", "x = int\nx[1] = 2",
               "a, b = 1", "a, b = [1]", "a, b = 1, 2, 3", "a, b = iter([1, 2, 3])", "a, *b, c = []",
               "a, *b, c = [1]", "a, *b, c = 1, 2\nassert b == []", "a, b = {1: 2, 3: 4, 5: 6}",
               "[a, b], c = 1, 2", "a, *b = None", "for a, b in [1]: pass", "() = [1]", "[] = ()",
               "*a, = 'abc'\nassert a == ['a', 'b', 'c']"]:
    run(source, one=one)


class G:
    def __getitem__(self, i):
        if i > 3:
            raise IndexError
        return i * 10


print(list(G()), 20 in G(), 25 in G(), operator.length_hint(iter(G()), 7))
a, *b = G()
print(a, b)


class Bad:
    def __iter__(self):
        return 1

    def __len__(self):
        return -1

    def __bool__(self):
        return 1


show("list(Bad())", Bad=Bad)
run("a, b = Bad()", Bad=Bad)
show("len(Bad())", Bad=Bad)
show("bool(Bad())", Bad=Bad)
show("1 in Bad()", Bad=Bad)


class Blocked:
    __iter__ = None
    __contains__ = None
    __getitem__ = None
    __len__ = None
    __hash__ = None
    __reversed__ = None


for expression in ["iter(b)", "1 in b", "b[1]", "len(b)", "hash(b)", "reversed(b)"]:
    show(expression, b=Blocked())
run("a, b = Blocked()", Blocked=Blocked)


class OnlyIter:
    __contains__ = None

    def __iter__(self):
        return iter([1])


class NoIter:
    __iter__ = None

    def __getitem__(self, i):
        return i


show("1 in b", b=OnlyIter())
show("1 in b", b=NoIter())
show("list(b)", b=NoIter())


class Raising:
    def __iter__(self):
        raise TypeError("mine")


run("a, b = r", r=Raising())
show("1 in r", r=Raising())


class Hint:
    def __init__(self, v):
        self.v = v

    def __length_hint__(self):
        if isinstance(self.v, Exception):
            raise self.v
        return self.v


for v in [5, -1, "a", NotImplemented, TypeError("t"), ValueError("v")]:
    show("operator.length_hint(h, 3)", h=Hint(v), operator=operator)


class Item:
    def __class_getitem__(cls, key):
        return (cls.__name__, key)


print(Item[1], Item[1, 2])


class Meta(type):
    def __getitem__(cls, key):
        return ("meta", key)


class WithMeta(metaclass=Meta):
    pass


print(WithMeta[1])


class Gone:
    def __init__(self):
        self.n = 0

    def __next__(self):
        self.n += 1
        if self.n > 2:
            raise StopIteration("end")
        return self.n

    def __iter__(self):
        return self


g = Gone()
print(next(g), next(g), next(g, "dflt"))
try:
    next(g)
except StopIteration as e:
    print("stop", e.value)
print(list(Gone()))
