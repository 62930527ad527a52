# Line events of statements that need no code, or whose code stands elsewhere.
import sys


def events(f):
    seen = []
    first = f.__code__.co_firstlineno

    def trace(frame, event, arg):
        if frame.f_code is f.__code__:
            seen.append((frame.f_lineno - first, event))
        return trace

    sys.settrace(trace)
    try:
        f()
    except Exception as e:
        seen.append(type(e).__name__)
    finally:
        sys.settrace(None)
    print(f.__name__, *seen)


def constants():
    x = 1
    while 0:
        pass
    if 0:
        pass
    if 1:
        x = 2
    "text"
    ...


def forever():
    n = 0
    while True:
        n += 1
        if n == 2:
            continue
        if n > 3:
            break


def handler():
    try:
        1 / 0
    except ZeroDivisionError as e:
        pass


def bare():
    try:
        1 / 0
    except:
        pass
    x = 1


def final():
    try:
        1 / 0
    finally:
        pass


def other():
    try:
        1 / 0
    except TypeError as e:
        pass


def leave():
    for x in range(3):
        try:
            if x:
                break
        finally:
            y = x
    for x in range(2):
        try:
            continue
        finally:
            y = x
    try:
        return
    finally:
        y = 1


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False


def with_break():
    while True:
        with Manager():
            break
    x = 1


def with_raise():
    with Manager():
        1 / 0


def star():
    try:
        raise ValueError(1)
    except* TypeError:
        x = 1
    except* ValueError as e:
        x = 2
    else:
        x = 3
    x = 4


def branches():
    a = 5
    if a == 5:
        b = 1
    else:
        pass


def wildcard():
    match 1:
        case 2:
            x = 1
        case _:
            x = 2


def captured():
    x = 1

    def inner():
        return x

    inner()


for f in (constants, forever, handler, bare, final, other, leave, with_break, with_raise, star,
          branches, wildcard, captured):
    events(f)


# A generator that is closed: called again at its yield.
def gen():
    try:
        yield 1
    finally:
        "end"


seen = []


def trace(frame, event, arg):
    if frame.f_code is gen.__code__:
        seen.append((frame.f_lineno - gen.__code__.co_firstlineno, event))
    return trace


sys.settrace(trace)
g = gen()
next(g)
g.close()
sys.settrace(None)
print(seen)


# Where a frame stood when an exception left it.
def stands(f):
    try:
        f()
    except Exception as e:
        tb = e.__traceback__.tb_next
        print(f.__name__, tb.tb_frame.f_lineno - f.__code__.co_firstlineno,
              tb.tb_lineno - f.__code__.co_firstlineno)


def again():
    try:
        1 / 0
    except ZeroDivisionError:
        1 / 0
        pass


for f in final, other, with_raise, again:
    stands(f)
