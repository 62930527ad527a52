# What a tracer hears when generators end in `for`, `yield from` and `await`; f_trace set, and
# tracing begun again, in the middle of a line.
import sys

base = None


def trace(frame, event, arg):
    if frame.f_code.co_name.startswith("t_"):
        if event == "exception":
            arg = arg[0].__name__, str(arg[1]), arg[2] is None
        print(frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno, event, arg)
    return trace


def t_value():
    yield 1
    return "v"


def t_none():
    yield 1


def t_for():
    for x in t_value():
        pass
    for x in t_none():
        pass


def t_from():
    x = yield from t_value()
    yield from t_none()
    return x


async def t_coro():
    return 5


async def t_empty():
    pass


async def t_await():
    x = await t_coro()
    await t_empty()
    return x


def t_drive():
    list(t_from())
    try:
        t_await().send(None)
    except StopIteration as e:
        return e.value


def run(f):
    sys.settrace(trace)
    try:
        f()
    finally:
        sys.settrace(None)


run(t_for)
run(t_drive)


def lines(frame, event, arg):
    print("lines", frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno, event)
    return lines


def inner():
    sys._getframe(1).f_trace = lines


def no_lines(frame, event, arg):
    return no_lines if frame.f_code is inner.__code__ else None


def outer():
    inner()
    return 1


sys.settrace(no_lines)
outer()
sys.settrace(None)


def begin():
    sys._getframe(1).f_trace = lines
    sys.settrace(lines)


def end():
    sys.settrace(None)
    sys._getframe(1).f_trace = None


def again():
    for i in range(2):
        begin()
        x = 1
        end()
        x = 2


again()
