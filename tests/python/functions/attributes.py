# Attributes of functions, methods and cells; their constructors.
import types


def f(a, b=1, *args, c: int = 2, **kw) -> str:
    "doc"
    return a


def outer(x):
    def inner():
        return x
    return inner


def show(source):
    try:
        r = repr(eval(source, globals()))
        print(source, "->", r if " at 0x" not in r else r.split(" at 0x")[0])
    except Exception as e:
        print(source, "->", type(e).__name__ + ":", e)


def run(source):
    try:
        exec(source, globals())
        print(source.replace("\n", "; "), "-> ok")
    except Exception as e:
        print(source.replace("\n", "; "), "->", type(e).__name__ + ":", e)


F, M, C = types.FunctionType, types.MethodType, types.CellType
for source in ["f", "f.__name__", "f.__qualname__", "outer(1)", "outer(1).__qualname__", "f.__module__", "f.__doc__",
               "f.__defaults__", "f.__kwdefaults__", "f.__annotations__", "f.__closure__", "f.__dict__",
               "outer(5).__closure__[0].cell_contents", "f.__globals__ is globals()", "F(1, 2)", "F(f.__code__, 2)",
               "F(f.__code__, {}, 1)", "F(f.__code__, {}, None, 1)", "F(f.__code__, {}, None, None, 1)",
               "F(f.__code__, {}, None, None, ())", "F(outer(1).__code__, {})", "F(outer(1).__code__, {}, None, None, ())",
               "F(outer(1).__code__, {}, None, None, (1,))", "F(outer(1).__code__, {}, None, None, (C(7),))()", "F()",
               "F(f.__code__, {}, 'n').__name__", "F(f.__code__, {}, 'n').__qualname__", "F(f.__code__, {}).__module__",
               "F(f.__code__, {'__name__': 'q'}).__module__", "F(f.__code__, {}, argdefs=(1, 2))()", "f.x", "type(f)",
               "M(1, 2)", "M(f, None)", "M(f)", "M(len, 'abc')()", "M(f, 1).__func__ is f", "M(f, 1).__self__", "M(f, 1)",
               "M(f, 1).__name__", "M(f, 1).__doc__", "M(f, 1)()", "M(f, 1).__reduce__()[1]", "M(print, 1)",
               "M(f, 1) == M(f, 1)", "M(f, 1) == M(f, 1.0)", "M(f, 1) == M(f, 2)", "hash(M(f, 1)) == hash(M(f, 1))",
               "M(f, 1).nope", "M(f, 1) < M(f, 2)", "C(1, 2)", "C(1).cell_contents", "C().cell_contents", "C()",
               "C() < C(1)", "C(1) == C(1)", "C(1) < C(2)", "C(1) == 1", "hash(C())", "C(x=1)"]:
    show(source)
for source in ["f.__code__ = 1", "f.__code__ = outer(1).__code__", "f.__defaults__ = 1", "f.__kwdefaults__ = 1",
               "f.__annotations__ = 1", "f.__name__ = 1", "f.__qualname__ = 1", "f.__closure__ = 1", "f.__globals__ = 1",
               "f.__builtins__ = 1", "del f.__name__", "del f.__code__", "f.__dict__ = 1", "del f.__dict__",
               "m = M(f, 1)\nm.x = 1", "m = M(f, 1)\nm.__func__ = 1", "c = C(1)\ndel c.cell_contents\nc.cell_contents",
               "c = C()\nc.cell_contents = 3\nassert c.cell_contents == 3"]:
    run(source)
f.__defaults__ = (10, 20)
print(f())
f.__defaults__ = None
f.__kwdefaults__ = None
run("f(1)")
run("f()")
f.__code__ = (lambda a: a * 2).__code__
print(f(4))
f.__name__, f.__qualname__ = "renamed", "A.renamed"
print(repr(f).split(" at")[0])
f.attr = 1
print(f.__dict__, f.attr)
del f.__doc__, f.__module__, f.__defaults__, f.__annotations__
print(f.__doc__, f.__module__, f.__defaults__, f.__annotations__)


class A:
    def m(self, *args, **kw):
        return self, args, kw

    def __repr__(self):
        return "<A>"


a = A()
print(a.m, a.m(1, k=2), A.m(a), a.m == a.m, a.m is a.m)
print(a.m(*range(20), **{"k": 1})[1][-1])
