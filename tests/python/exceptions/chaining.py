# __context__, __cause__, cycles, the handled exception.
import sys


def chain(e):
    names = []
    while e is not None:
        names.append(f"{e}{'!' if e.__suppress_context__ else ''}")
        e = e.__cause__ or e.__context__
    return names


try:
    try:
        raise ValueError("a")
    except ValueError:
        raise KeyError("b")
except KeyError as e:
    print(chain(e), e.__context__, e.__cause__)
try:
    try:
        raise ValueError("a")
    except ValueError as a:
        raise KeyError("b") from a
except KeyError as e:
    print(chain(e), e.__context__ is e.__cause__)
try:
    try:
        raise ValueError("a")
    except ValueError:
        raise KeyError("b") from None
except KeyError as e:
    print(chain(e), e.__context__, e.__cause__, e.__suppress_context__)
# Cycles are cut.
a, b, c = ValueError("a"), ValueError("b"), ValueError("c")
try:
    try:
        try:
            raise a
        except ValueError:
            raise b
    except ValueError:
        raise c
except ValueError:
    pass
print(chain(c))
try:
    try:
        raise c
    except ValueError:
        raise a
except ValueError as e:
    print(chain(e), c.__context__, b.__context__)
try:
    try:
        raise a
    except ValueError as e:
        raise e
except ValueError as e:
    print(e.__context__ is e, e is a)
# Errors raised in C take the handled exception as context.
try:
    try:
        {}["k"]
    except KeyError:
        1 / 0
except ZeroDivisionError as e:
    print(repr(e.__context__))
try:
    try:
        raise ValueError("first")
    finally:
        [][0]
except IndexError as e:
    print(repr(e.__context__))
print(sys.exc_info())
try:
    raise ValueError("x")
except ValueError:
    print(sys.exc_info()[0], sys.exc_info()[1])
    try:
        raise KeyError
    except KeyError:
        print(sys.exc_info()[0])
    print(sys.exc_info()[0])


def generator():
    try:
        yield sys.exc_info()[0]
        raise KeyError("inside")
    except KeyError as e:
        yield repr(e.__context__)


try:
    raise ValueError("outer")
except ValueError:
    g = generator()
    print(next(g), next(g))
e = ValueError()
e.__cause__ = KeyError("c")
print(e.__suppress_context__, e.__context__)
e.__cause__ = None
print(e.__suppress_context__)
e.__context__ = e
print(e.__context__ is e)
