# sys.settrace: call, line, return and exception events, local trace functions, f_trace, changes of
# locals, errors in hooks, nested tracing.
import sys


def events_of(func, *args, skip=()):
    events = []

    def tracer(frame, event, arg):
        if event == "exception":
            arg = arg[0].__name__, str(arg[1]), arg[2] is not None
        events.append((frame.f_code.co_name, event,
                       frame.f_lineno - frame.f_code.co_firstlineno, arg))
        return None if frame.f_code.co_name in skip else tracer

    sys.settrace(tracer)
    try:
        func(*args)
    except Exception as e:
        events.append(("raised", type(e).__name__))
    finally:
        sys.settrace(None)
    return [e for e in events if e[0] != "events_of"]


def show(title, events):
    print("--", title)
    for e in events:
        print(*e)


def loops(x):
    y = x + 1
    for i in range(2):
        if i:
            continue
        y += i
    while y:
        y -= 1
        if y == 1:
            break
    else:
        y = 7
    return y


def handlers():
    try:
        1 / 0
    except ZeroDivisionError:
        pass
    try:
        x = 1
    finally:
        x = 2
    try:
        [].pop()
    except IndexError as e:
        x = e.args
    return None


def numbers(n):
    while n:
        yield n
        n -= 1


def delegate():
    yield from numbers(2)


def user():
    total = 0
    for n in numbers(2):
        total += n
    for n in delegate():
        total += n
    return total


def outer():
    def inner(a, b=2):
        return a + b
    return inner(1) + inner(1, 3)


def raiser():
    helper()


def helper():
    raise KeyError("k")


class Manager:
    def __enter__(self):
        return 7

    def __exit__(self, *exc):
        return False


def with_block():
    with Manager() as m:
        x = 1
    return x


def body():
    class C:
        attr = 1

        def method(self):
            return self.attr
    return C().method()


show("loops", events_of(loops, 1))
show("handlers", events_of(handlers))
show("generators", events_of(user))
show("closures", events_of(outer))
show("skipped", events_of(outer, skip=("outer",)))
show("exceptions", events_of(raiser))
show("with", events_of(with_block))
show("class", events_of(body))


def changed():
    z = 1
    w = 2
    return z, w


def changer(frame, event, arg):
    if event == "line" and "z" in frame.f_locals and "w" not in frame.f_locals:
        frame.f_locals["z"] = 99
    return changer


sys.settrace(changer)
result = changed()
sys.settrace(None)
print(result)


def broken(frame, event, arg):
    if event == "line":
        raise ValueError("from the hook")
    return broken


sys.settrace(broken)
try:
    changed()
except ValueError as e:
    print("caught", e, sys.gettrace())

log = []


def quiet(frame, event, arg):
    log.append(event)
    frame.f_trace_lines = False
    frame.f_trace_opcodes = False
    return quiet


sys.settrace(quiet)
changed()
sys.settrace(None)
print(log)


def late():
    sys._getframe().f_trace = note
    sys.settrace(note)
    a = 1
    b = 2
    sys.settrace(None)
    return a + b


def note(frame, event, arg):
    print("late", event, frame.f_lineno - frame.f_code.co_firstlineno)
    return note


late()


print(sys.call_tracing(outer, ()))
try:
    sys._getframe().f_trace_lines = 1
except TypeError as e:
    print(e)
try:
    sys.call_tracing(outer, [])
except TypeError as e:
    print(e)
