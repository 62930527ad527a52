# Dispatch of binary operators: reflected operands, subclasses, sequences, in-place forms, errors.
def show(source, **names):
    try:
        print(source, "->", repr(eval(source, names)))
    except Exception as e:
        print(source, "->", type(e).__name__ + ":", e)


def run(source):
    names = {}
    try:
        exec(source, names)
        print(source.replace("\n", "; "), "->", repr(names["x"]))
    except Exception as e:
        print(source.replace("\n", "; "), "->", type(e).__name__ + ":", e)


for op in "+ - * @ / // % << >> & | ^ **".split():
    show(f"1 {op} 'a'")
    show(f"None {op} 1.5")
    run(f"x = object\nx {op}= []")
for expression in ["'a' + 1", "[1] + 1", "(1,) + [2]", "[1] * 'a'", "'a' * 'b'", "3 * [1]", "[1] * -1",
                   "2 ** 'a'", "pow(2, 'a', 3)", "pow(2, 3, 'a')", "divmod(1, 'a')", "print >> 1",
                   "len >> 1", "-'a'", "+[]", "~1.5", "abs('a')", "True + True", "[1] * True",
                   "[1] * 1.0", "b'a' + 'a'", "1 << -1", "[1] * (10 ** 100)"]:
    show(expression)
for source in ["x = [1]\nx += (2, 3)", "x = [1]\nx *= 3", "x = (1,)\nx += (2,)", "x = [1]\nx *= 'a'",
               "x = [1]\nx += 1", "x = 2\nx **= 10", "x = 1\nx @= 2", "x = 3\nx *= [1]",
               "x = {1}\nx |= {2}", "x = {1: 2}\nx |= {3: 4}", "x = 'a'\nx %= 1"]:
    run(source)


class Log:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name

    def __add__(self, other):
        print("  add", self, other)
        return NotImplemented

    def __radd__(self, other):
        print("  radd", self, other)
        return "r"

    def __iadd__(self, other):
        print("  iadd", self, other)
        return NotImplemented

    def __pow__(self, other, mod=None):
        print("  pow", self, other, mod)
        return NotImplemented

    def __rpow__(self, other, mod=None):
        print("  rpow", self, other, mod)
        return "p"


class Sub(Log):
    def __radd__(self, other):
        print("  sub radd", self, other)
        return NotImplemented


class Same(Log):
    pass


a, b, s, t = Log("a"), Log("b"), Sub("s"), Same("t")
for expression in ["a + b", "a + s", "a + t", "s + a", "1 + a", "a + 1", "a ** b", "a ** 2", "2 ** a",
                   "a ** t", "pow(a, 2, 3)"]:
    print(expression)
    show(expression, a=a, b=b, s=s, t=t)
x = a
try:
    x += 1
except TypeError as e:
    print(e)


class IntSub(int):
    def __radd__(self, other):
        return ("radd", int(other))

    __rmul__ = None


print(1 + IntSub(2), 10 ** 30 + IntSub(2))
show("2 * i", i=IntSub(3))


class Seq(list):
    def __add__(self, other):
        return ("Seq.add", other)

    def __mul__(self, n):
        return NotImplemented


show("s + 1", s=Seq())
show("s * 2", s=Seq([1]))
show("2 * s", s=Seq([1]))


class Index:
    def __init__(self, v):
        self.v = v

    def __index__(self):
        return self.v


show("[1, 2] * i", i=Index(2))
show("[1, 2][i]", i=Index(1))
show("[1, 2] * i", i=Index("a"))
show("range(i)", i=Index(None))
