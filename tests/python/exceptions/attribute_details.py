# AttributeErrors that descriptors and __getattribute__ raise know what was asked for.
class D:
    def __get__(self, o, t): raise AttributeError("from a descriptor")
class A:
    d = D()
    p = property()
    @property
    def q(self): return self.qqq
    @property
    def r(self): raise AttributeError("told", name="mine", obj=5)
class B:
    def __getattribute__(self, n): raise AttributeError
for o, n in ((A(), "d"), (A(), "p"), (A(), "q"), (A(), "r"), (B(), "foo"), (A, "zz")):
    for how in (lambda: getattr(o, n), lambda: eval("o." + n, {"o": o}), lambda: eval("o." + n + "()", {"o": o})):
        try:
            how()
        except AttributeError as e:
            print(n, e, e.name, e.obj is o)
class M(type):
    def mro(cls): return []
try:
    class C(metaclass=M): pass
except TypeError as e:
    print(e)
import types
try:
    types.TracebackType(1, 2, 3, 4)
except TypeError as e:
    print(e)
