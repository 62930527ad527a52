# int(), float(), operator.index() and friends on any object.
import operator



def show(source, **names):
    try:
        r = eval(source, {"operator": operator, **names})
        print(source, "->", repr(r), type(r).__name__)
    except Exception as e:
        print(source, "->", type(e).__name__ + ":", e)


class A:
    def __init__(self, **results):
        for k, v in results.items():
            setattr(type(self), k, (lambda v: lambda self: v)(v))


def make(**methods):
    return type("A", (), {k: (lambda v: lambda self: v)(v) for k, v in methods.items()})()


class I(int):
    pass


class F(float):
    pass


for f in ("int(a)", "float(a)", "operator.index(a)", "complex(a)", "round(a)"):
    for methods in ({"__int__": 5}, {"__int__": "x"}, {"__int__": I(6)}, {"__int__": True}, {"__index__": 7},
                    {"__index__": 1.5}, {"__index__": I(8)}, {"__float__": 1.5}, {"__float__": 2},
                    {"__float__": F(2.5)}, {"__trunc__": 9}, {"__trunc__": "x"}, {}):
        print(methods, end=" ")
        show(f, a=make(**methods))
for expression in ["int('12')", "int(' 12\\n')", "int('1_000')", "int('x')", "int('')", "int(b'12')", "int(b'x')",
                   "int(bytearray(b'7'))", "int('٣٤')", "int([])", "int(None)", "int(1.9)", "int(-1.9)",
                   "int(float('inf'))", "int(float('nan'))", "float('1.5')", "float(' 1e3 ')", "float('x')",
                   "float('')", "float(b'2.5')", "float('٣.٥')", "float([])", "float(None)", "float(10 ** 400)",
                   "float('1_0.5')", "operator.index(True)", "operator.index(1.0)", "operator.index('a')",
                   "int(I)", "int(memoryview(b'42'))", "float(True)"]:
    show(expression, I=I)
for expression in ["range(1.5)", "[1, 2][1.0]", "'a' * 2.0", "chr('a')", "[].insert('a', 1)", "bytes(10 ** 100)",
                   "'abc'[10 ** 100]", "'abc'[:10 ** 100]", "'abc'[-10 ** 100:]", "hex(1.5)"]:
    show(expression)
