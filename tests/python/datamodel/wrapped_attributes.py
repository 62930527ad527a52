# classmethod and staticmethod take over what a function shows; how they bind what they wrap.
from types import MethodType


def f(a: int) -> str:
    "doc"


f.extra = 1
for wrap in classmethod, staticmethod:
    w = wrap(f)
    print(sorted(vars(w)), w.__annotations__ is f.__annotations__)
    print(sorted(vars(wrap(len))))


class A:
    def foo(self, cls):
        return cls.__name__


class B:
    bar = classmethod(A().foo)


print(B.bar(), hasattr(MethodType, "__get__"))


class Bind:
    def __init__(self, func):
        self.func = func

    def __call__(self, cls):
        return self.func(cls)

    def __get__(self, instance, owner=None):
        return MethodType(self, owner if owner is not None else type(instance))


class C:
    @classmethod
    @Bind
    def f(cls):
        return cls

    @classmethod
    @classmethod
    def g(cls):
        return cls


print(C.f() is C, C().f() is C, C.g() is C)


# An AttributeError of the look-up of a comparison counts as absence.
def fail(self):
    raise AttributeError("no")


class E:
    __eq__ = property(fail)
    __lt__ = property(fail)
    __add__ = property(fail)


print(E() == E())
for op in "<", "+":
    try:
        print(eval(f"E() {op} E()"))
    except Exception as e:
        print(type(e).__name__, str(e)[:30])
