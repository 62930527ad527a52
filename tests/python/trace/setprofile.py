# sys.setprofile: Python and C calls, exceptions out of C functions, generators.
import sys


def profile(func, *args):
    events = []

    def hook(frame, event, arg):
        if event.startswith("c_"):
            arg = arg.__name__
        events.append((frame.f_code.co_name, event, arg))

    sys.setprofile(hook)
    try:
        func(*args)
    except Exception as e:
        events.append(("raised", type(e).__name__))
    sys.setprofile(None)
    return events


def plain(x):
    return len("abc") + x


def methods():
    a = []
    a.append(1)
    "x".upper()
    return sorted([3, 1], key=lambda v: -v)


def fails():
    int("no")
    return [].pop()


def caught():
    try:
        [].pop()
    except IndexError:
        return "caught"


def gen():
    yield 1
    yield 2


def consume():
    return sum(gen())


for func, args in ((plain, (1,)), (methods, ()), (fails, ()), (caught, ()), (consume, ())):
    print("--", func.__name__)
    for e in profile(func, *args):
        print(*e)
print(sys.getprofile())
