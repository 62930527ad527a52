# frame.f_lineno set by a trace function: where a jump may go, what it drops, what it says.
import sys


def run(f, start, to, *, event="line", twice=None):
    base = f.__code__.co_firstlineno
    out, lines, pending = [], [], [to] if twice is None else [to, twice]

    def trace(frame, what, arg):
        if frame.f_code is not f.__code__:
            return None
        line = frame.f_lineno - base
        lines.append(f"{what[0]}{line}")
        while pending and what == event and line == start:
            target = pending.pop(0)
            try:
                frame.f_lineno = target if isinstance(target, str) else base + target
            except ValueError as e:
                lines.append(str(e).replace(str(base + target), "N") if target != "x" else str(e))
            lines.append(f"at {frame.f_lineno - base}")
        return trace

    sys.settrace(trace)
    try:
        result = f(out)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    finally:
        sys.settrace(None)
    print(f.__name__, start, to, out, result, *lines)


class Manager:
    def __init__(self, out, name):
        self.out, self.name = out, name

    def __enter__(self):
        self.out.append("+" + self.name)

    def __exit__(self, *exc):
        self.out.append("-" + self.name)


def loops(out):
    out.append(1)
    for i in (1, 2):
        out.append(i)
        for j in (3, 4):
            out.append(j)
        n = 0
        while n < 2:
            n += 1
    out.append(i)
    return n


def handlers(out):
    try:
        out.append(1)
        raise KeyError(1)
    except ValueError as e:
        out.append(2)
    except KeyError as e:
        out.append(3)
        out.append(sys.exc_info()[0])
    finally:
        out.append(4)
        out.append(sys.exc_info()[0])
    out.append(sys.exc_info()[0])
    return 5


def managers(out):
    with Manager(out, "a"):
        out.append(1)
        for i in (1, 2):
            with Manager(out, "b"):
                out.append(i)
                return i
        out.append(2)
    out.append(3)


def values(out):
    for x in (1, 2):
        try:
            return [x]
        finally:
            out.append(1)
            out.append(2)
    out.append(3)


def unbound(out):
    a = 1
    b = 2
    out.append(a)
    return a + b


def deleted(out):
    a = 1
    out.append(a)
    del a
    out.append(2)


def generator(out):
    def g():
        out.append(1)
        yield 1
        out.append(2)
        yield 2
    base = g.__code__.co_firstlineno
    left = [2]

    def trace(frame, what, arg):
        if frame.f_code is g.__code__ and what == "return" and left:
            frame.f_lineno = base + 1
            left.clear()
            out.append(frame.f_lineno - base)
        return trace

    sys.settrace(trace)
    first = g()
    next(first)
    sys.settrace(None)
    return out


def matches(out):
    out.append(1)
    match out:
        case [2]:
            out.append(2)
        case [x, 1]:
            out.append(3)
        case _:
            out.append(4)
    out.append(5)


for start, to in [(1, 3), (1, 5), (1, 7), (1, 8), (3, 5), (5, 3), (5, 6), (8, 2), (9, 4)]:
    run(matches, start, to)
for start, to in [(1, 8), (8, 1), (5, 2), (5, 3), (5, 9), (1, 3), (1, 5), (1, 7), (8, 4), (9, 5),
                  (1, 0), (1, -1), (1, 50), (1, "x"), (1, 2**40)]:
    run(loops, start, to)
run(loops, 5, 3, twice=9)
run(loops, 5, 9, twice=3)
for start, to in [(1, 2), (2, 4), (2, 5), (2, 7), (2, 10), (7, 5), (8, 10), (8, 12), (8, 1), (8, 6),
                  (10, 11), (11, 1), (12, 10), (1, 13)]:
    run(handlers, start, to)
for start, to in [(2, 8), (2, 7), (2, 5), (5, 7), (5, 8), (7, 1), (3, 2), (1, 2), (8, 7)]:
    run(managers, start, to)
for start, to in [(5, 6), (3, 6), (5, 3), (5, 7), (1, 6)]:
    run(values, start, to)
run(unbound, 1, 3)
run(unbound, 2, 4)
run(unbound, 4, 2)
run(deleted, 4, 2)
run(deleted, 4, 4)
print(generator([]))
for event in "call", "return":
    run(unbound, 0 if event == "call" else 4, 2, event=event)


def returns_in_order():
    def g():
        try:
            yield 1
        finally:
            print("closed")
    try:
        for x in g():
            return x + 1
    finally:
        print("finally")


print(returns_in_order())
frame = sys._getframe()
for value in None, True, 1:
    try:
        frame.f_lineno = value
    except ValueError as e:
        print(e)
try:
    del frame.f_lineno
except AttributeError as e:
    print(e)


def forgets():
    a = 1
    b = 2
    return a + b


def forget(frame, what, arg):
    if what == "line" and frame.f_lineno == frame.f_code.co_firstlineno + 3:
        del frame.f_locals["a"]
    return forget


sys.settrace(forget)
try:
    forgets()
except UnboundLocalError as e:
    print(e)
sys.settrace(None)
