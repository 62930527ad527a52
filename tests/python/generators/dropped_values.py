# What is sent to a yield that nobody looks at ends when it would otherwise; the frame tells the same
# lines; throwing and closing find their place.
import sys
import traceback


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("end of", self.name)


def plain():
    yield 1
    print("between")
    yield 2
    try:
        yield 3
    except KeyError as e:
        print("caught", e, [l.lineno - plain.__code__.co_firstlineno
                            for l in traceback.extract_tb(e.__traceback__)])
    yield 4
    yield Loud("yielded")
    yield 6


g = plain()
print(next(g), g.gi_frame.f_lineno - plain.__code__.co_firstlineno)
print(g.send(Loud("sent")), g.gi_frame.f_lineno - plain.__code__.co_firstlineno)
print(g.send(Loud("sent again")))
print(g.throw(KeyError("thrown")))
print(g.send(None).name)
print("before the last")
print(next(g), next(g, "over"))


def kept():
    got = yield 1
    print("got", got)
    got = (yield 2), (yield 3)
    print("got", got)
    yield (yield (yield 4))


g = kept()
print([next(g)] + [g.send(x) for x in ("a", "b", "c", "d", "e")])
try:
    g.send("f")
except StopIteration as e:
    print("stop", e.value)


def delegating():
    yield 0
    x = yield from plain_list()
    yield x
    yield from [7, 8]
    yield 9


def plain_list():
    yield "in"
    return "result"


print(list(delegating()), [x for x in delegating()], sum(1 for _ in delegating()))


def in_try():
    try:
        yield 1
        yield 2
    finally:
        print("finally")
    yield 3


for stop in range(4):
    out = []
    for x in in_try():
        out.append(x)
        if x == stop:
            break
    print(out)
g = in_try()
next(g)
g.close()
g = in_try()
next(g), next(g)
try:
    g.throw(ValueError, "v")
except ValueError as e:
    print([l.lineno - in_try.__code__.co_firstlineno for l in traceback.extract_tb(e.__traceback__)][1:])


# A generator that ends the loop's own iterator variable, or is looked at while it runs.
def looks():
    yield sys._getframe().f_back.f_code.co_name
    yield sum(1 for _ in traceback.walk_stack(sys._getframe()))
    raise ValueError("inside")


def runs():
    out = []
    try:
        for x in looks():
            out.append(x)
    except ValueError as e:
        out.append([l.name for l in traceback.extract_tb(e.__traceback__)])
    return out


print(runs()[0], runs()[2])


def nested(n):
    if n:
        for x in nested(n - 1):
            yield x
        yield n


print(list(nested(30)) == list(range(1, 31)), [x for x in nested(3)])

# Deep recursion ends with an error and not otherwise.
def deep():
    for x in deep():
        yield x


try:
    for x in deep():
        pass
except RecursionError as e:
    print("RecursionError", e)


def deep_sum():
    yield sum(deep_sum())


try:
    sum(deep_sum())
except RecursionError as e:
    print("RecursionError", str(e)[:32])
