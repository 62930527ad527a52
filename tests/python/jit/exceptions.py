# Hot code with handlers, finally, with, assertions, cells.
import sys


def lookup(d, k):
    try:
        return d[k]
    except KeyError:
        return -1
    finally:
        d["n"] = d.get("n", 0) + 1


d = {1: 10}
for n in range(1000):
    lookup(d, n % 3)
print(lookup(d, 1), lookup(d, 2), d["n"])


def classify(k):
    try:
        if k == 0:
            raise ValueError("zero")
        if k == 1:
            raise KeyError
        if k == 2:
            raise OSError("two") from ValueError("cause")
        if k == 3:
            [][k]
        if k == 4:
            assert k != 4, "four"
        if k == 5:
            1 / 0
        return "none"
    except (ValueError, KeyError) as e:
        return repr(e)
    except OSError as e:
        return repr(e), repr(e.__cause__)
    except Exception as e:
        return type(e).__name__, e.__traceback__.tb_lineno - classify.__code__.co_firstlineno
    else:
        return "else"


for n in range(1200):
    classify(n % 7)
print([classify(k) for k in range(7)])


def again(k):
    try:
        try:
            raise ValueError(k)
        except ValueError:
            if k % 2:
                raise
            raise KeyError(k)
        finally:
            k += 1
    except Exception as e:
        lines = []
        tb = e.__traceback__
        while tb:
            lines.append(tb.tb_lineno - again.__code__.co_firstlineno)
            tb = tb.tb_next
        return repr(e), repr(e.__context__), lines, repr(sys.exc_info()[1])


for n in range(500):
    again(n)
print(again(1), again(2), sys.exc_info())


def bad_match(k):
    try:
        try:
            raise ValueError(k)
        except k:
            return "matched"
    except TypeError as e:
        return str(e)


for n in range(300):
    bad_match(ValueError)
print(bad_match(ValueError), bad_match(3))


class Manager:
    def __init__(self, swallow):
        self.swallow = swallow
        self.log = []

    def __enter__(self):
        self.log.append("enter")
        return self.log

    def __exit__(self, kind, exc, tb):
        self.log.append(repr(exc))
        return self.swallow


def managed(m, fail):
    m.log.clear()
    with m as log:
        log.append("body")
        if fail:
            raise ValueError(fail)
        return "returned"
    return "swallowed"


m = Manager(True)
for n in range(600):
    managed(m, n % 2)
print(managed(m, 0), m.log, managed(m, 7), m.log)


class Failing(Manager):
    def __exit__(self, kind, exc, tb):
        raise KeyError("exit")


def failing(m, k):
    try:
        with m:
            if k:
                raise ValueError(k)
    except Exception as e:
        return repr(e), repr(e.__context__)


f = Failing(False)
for n in range(300):
    failing(f, n % 2)
print(failing(f, 0), failing(f, 1))
print(failing(m, 1))
try:
    managed(Manager(False), 5)
except ValueError as e:
    print(repr(e), e.__traceback__.tb_next.tb_lineno - managed.__code__.co_firstlineno)


def group(k):
    try:
        raise ExceptionGroup("g", [ValueError(k), KeyError(k)])
    except* ValueError as e:
        out = ["value", len(e.exceptions)]
    except* KeyError as e:
        out.append("key")
    return out


for n in range(200):
    group(n)
print(group(1))


def nothing_to_raise():
    raise


for n in range(100):
    try:
        nothing_to_raise()
    except RuntimeError as e:
        text = str(e)
print(text)


class Log:
    lines = []

    def __del__(self):
        Log.lines.append(repr(sys.exc_info()[1]))


def dies(k):
    x = Log()
    if k:
        raise ValueError(k)


def see(k):
    Log.lines.clear()
    try:
        dies(k)
    except ValueError as e:
        pass
    return list(Log.lines)


for n in range(200):
    see(n % 2)
print(see(0), see(1))


# Cells and locals.
def cells(n):
    total = 0

    def add(k):
        nonlocal total
        total += k

    for k in range(n):
        add(k)
    return total, (lambda: k)()


for n in range(300):
    cells(5)
print(cells(10))


def unbound(k):
    x = k
    f = lambda: x
    if k > 2:
        del x
    y = k
    del y
    try:
        if k == 3:
            return f()
        return y
    except NameError as e:
        return str(e)


for n in range(300):
    unbound(n % 5)
print([unbound(k) for k in range(5)])


def raises_deep(n):
    if n == 0:
        raise ValueError("deep")
    return raises_deep(n - 1)


for n in range(100):
    try:
        raises_deep(n % 20)
    except ValueError as e:
        depth = 0
        tb = e.__traceback__
        while tb:
            depth += 1
            tb = tb.tb_next
print(depth)
