# super() where its result is not at once asked for an attribute.
class A:
    def f(self):
        return "A.f"


class B(A):
    def f(self):
        s = super()
        return s.f()

    def renamed(self):
        other = super
        return other().f()

    def captured(self):
        def read():
            return self

        s = super()
        return read() is self, s.f()

    def reset(self):
        self = 5
        return super()

    def deleted(self):
        del self
        return super()

    def cell(self):
        return super()

    def nothing():
        return super()

    @classmethod
    def make(cls):
        s = super()
        return s.__self_class__.__name__

    gen = lambda self: list(super() for _ in (1,))


def attempt(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__, e)


b = B()
attempt(b.f)
attempt(b.renamed)
attempt(b.captured)
attempt(b.reset)
attempt(b.deleted)
attempt(B.nothing)
attempt(B.make)
attempt(b.gen)


def closure():
    k = B()

    def g():
        return k

    return g


attempt(B.cell, closure().__closure__[0])


class Mine(super):
    def __init__(self, *args):
        super().__init__(*args)


attempt(lambda: Mine(B, b).f())
attempt(lambda: super())


def early():
    class X:
        def f(x):
            nonlocal __class__
            del __class__
            super()

    X().f()


attempt(early)
