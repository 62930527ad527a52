# Comparison: order of attempts, fallbacks, identity shortcuts, errors.
def show(source, **names):
    try:
        print(source, "->", repr(eval(source, names)))
    except Exception as e:
        print(source, "->", type(e).__name__ + ":", e)


for expression in ["1 < 'a'", "[] >= ()", "None > None", "object() == object()", "1 != 'a'", "1 == 1.0",
                   "(1, 'a') < (1, 2)", "[1, 2] < [1, 3]", "{} < {}", "1j < 2", "b'a' < 'a'",
                   "type < type", "{1} < {1, 2}", "'a' < 'b' < 'c'", "1 < 2 > 'a'"]:
    show(expression)


class C:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


def method(op):
    def f(self, other):
        print(" ", op, self, other)
        return NotImplemented
    return f


for op in "lt le eq ne gt ge".split():
    setattr(C, f"__{op}__", method(op))


class D(C):
    pass


for op in ["<", "<=", "==", "!=", ">", ">="]:
    show(f"c {op} d", c=C("c"), d=D("d"))
    show(f"c {op} 1", c=C("c"))


class NoBool:
    def __eq__(self, other):
        return self

    def __bool__(self):
        raise ValueError("no truth")


n = NoBool()
print(n in [n], [n] == [n], [n].index(n), [1, n].count(n) if False else "skipped")
show("[n] == [NoBool()]", n=n, NoBool=NoBool)
show("1 in [n]", n=n)


class OnlyEq:
    def __eq__(self, other):
        return True


show("hash(OnlyEq())", OnlyEq=OnlyEq)
show("OnlyEq() != 1", OnlyEq=OnlyEq)
show("hash([])")
show("hash({})")
show("hash((1, []))")


class BadHash:
    def __hash__(self):
        return "a"


show("hash(BadHash())", BadHash=BadHash)
nan = float("nan")
print(nan == nan, [nan] == [nan], nan in [nan], (nan,) == (nan,))
a, b = [], []
for i in range(50000):
    a, b = [a], [b]
try:
    a == b
except RecursionError as e:
    print("RecursionError", e)
try:
    repr(a)
except RecursionError as e:
    print("RecursionError", e)
