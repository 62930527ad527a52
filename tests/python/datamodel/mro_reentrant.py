# mro() that assigns __bases__ meanwhile, gives the class another place, or goes away.
steps = 0


class M(type):
    def mro(cls):
        global steps
        if cls.__mro__ is not None and cls.__name__ == "B" and steps < 10:
            steps += 1
            A.__bases__ += ()
        return type.mro(cls)


class A(metaclass=M):
    pass


class B(A):
    pass


B.__bases__ += ()
print(B.__mro__, steps)


class Incomplete(type):
    first = True

    def mro(cls):
        if Incomplete.first:
            Incomplete.first = False
            print(cls.__mro__)
            cls.__bases__ += ()
        return type.mro(cls)


class C(metaclass=Incomplete):
    pass


print(C.__mro__, C.__bases__)


class Reversed(type):
    def mro(cls):
        return list(reversed(type.mro(cls)))


class Base:
    def f(self):
        return "Base"


class X(Base, metaclass=Reversed):
    def f(self):
        return "X"


print(X.__mro__, X().f())


class Gone(type):
    def mro(cls):
        del Gone.mro
        return (Base,)


try:

    class Y(metaclass=Gone):
        pass

except TypeError as e:
    print(e)

# A cycle through bases whose mro is not made yet; an error in the middle leaves the old state.
ready = False


class R(type):
    def mro(cls):
        if ready and cls.__name__ == "B1":
            B2.__bases__ = (B1,)
        if ready and cls.__name__ == "B2":
            B1.__bases__ = (B2,)
        return type.mro(cls)


class D(metaclass=R):
    pass


class B1(D):
    pass


class B2(D):
    pass


ready = True
try:
    B1.__bases__ += ()
except TypeError as e:
    print(e)
print(B1.__bases__, B2.__bases__)


class Fails(type):
    def mro(cls):
        if fail and cls.__name__ == "Sub":
            raise ValueError("no")
        return type.mro(cls)


fail = False


class Top(metaclass=Fails):
    a = 1


class Other(metaclass=Fails):
    a = 2


class Mid(Top):
    pass


class Sub(Mid):
    pass


print(Sub.a)
fail = True
try:
    Mid.__bases__ = (Other,)
except ValueError as e:
    print(e, Mid.__mro__, Sub.a, Top.__subclasses__(), Other.__subclasses__())
fail = False
Mid.__bases__ = (Other,)
print(Sub.__mro__, Sub.a, Top.__subclasses__(), Other.__subclasses__())
