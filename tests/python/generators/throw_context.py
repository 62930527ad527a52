# throw(): the context is what the generator handles; the delegating frame is on the stack.
import sys


def handling():
    try:
        raise KeyError("a")
    except KeyError:
        yield


def outer():
    try:
        raise KeyError("b")
    except KeyError:
        yield from inner()


def inner():
    yield


for make in handling, outer:
    g = make()
    next(g)
    try:
        g.throw(ValueError)
    except ValueError as e:
        print(repr(e.__context__))


def inside():
    try:
        raise KeyError("c")
    except KeyError as key:
        try:
            yield
        except ValueError as e:
            print(e.__context__ is key)
            yield repr(e.__context__)


g = inside()
next(g)
print(g.throw(ValueError))


def names():
    f = sys._getframe(1)
    while f:
        yield f.f_code.co_name
        f = f.f_back


def leaf():
    try:
        yield
    except RuntimeError:
        print([n for n in names()])


def stem():
    yield from leaf()


class Other:
    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def throw(self, *args):
        print(list(names()))
        raise StopIteration(5)


def over_other():
    return (yield from Other())


for make in stem, over_other:
    g = make()
    next(g)
    try:
        g.throw(RuntimeError)
    except StopIteration as e:
        print("stop", e.value)


class Bad(Exception):
    def __new__(cls, *args):
        return cls


g = leaf()
try:
    g.throw(Bad)
except TypeError as e:
    print(str(e).split(" of ")[0])
print(list(g))


def catcher():
    try:
        yield
    except TypeError as e:
        print("caught", str(e).split(" of ")[0])


g = catcher()
next(g)
try:
    g.throw(Bad)
except StopIteration:
    print("done")
