# SPDX-License-Identifier: MIT
# Chains of `yield from` and `await`: what each link shows, hands on, raises and ends with.
import sys


def show(*args):
    print(*args)


def chain(depth, inner):
    if depth == 0:
        return (yield from inner)
    return (yield from chain(depth - 1, inner)) + 1


def echo():
    got = yield "start"
    while got != "end":
        got = yield ("echo", got)
    return 100


g = chain(20, echo())
show(next(g), g.send(1), g.send([2]))
try:
    g.send("end")
except StopIteration as e:
    show("value", e.value)
try:
    next(g)
except StopIteration as e:
    show("again", e.value)


# What is running, and who waits for whom.
def looks():
    f = sys._getframe()
    names = []
    while f and f.f_code.co_name != "<module>":
        names.append(f.f_code.co_name)
        f = f.f_back
    yield names
    yield outer.gi_running, middle.gi_running, inner.gi_running, outer.gi_yieldfrom
    for x in outer, middle, inner:
        try:
            x.send(None)
        except ValueError as e:
            yield str(e)


inner = looks()


def link(it):
    return (yield from it)


middle = link(inner)
outer = link(middle)
show(next(outer))
show(outer.gi_yieldfrom is middle, middle.gi_yieldfrom is inner, inner.gi_yieldfrom)
show(outer.gi_running, outer.gi_suspended, middle.gi_suspended)
show(next(outer))
show(next(outer), next(outer), next(outer), list(outer))

# Somebody else moves an inner one.
inner = echo()
outer = link(link(inner))
show(next(outer), inner.send("aside"), outer.send("on"))
inner.close()
try:
    show(outer.send("after"))
except StopIteration as e:
    show("ended", e.value)

# Not started, but sent a value.
fresh = echo()
outer = link(fresh)
try:
    outer.send(5)
except TypeError as e:
    show(e)


def direct(it):
    yield 0
    return (yield from it)


d = direct(echo())
show(next(d), d.send(7), d.send(8))


# Exceptions: through the links, caught in the middle, with context.
def bad():
    yield 1
    raise KeyError("bad")


def catches(it):
    try:
        yield from it
    except KeyError as e:
        tb, names = e.__traceback__, []
        while tb:
            names.append(tb.tb_frame.f_code.co_name)
            tb = tb.tb_next
        got = yield ("caught", e.args, names)
        show("sys.exc_info", sys.exc_info()[0], got)
        try:
            raise ValueError("second")
        except ValueError as e2:
            yield repr(e2.__context__)
        yield from bad()


o = link(catches(link(bad())))
show(next(o), next(o), o.send("in handler"), next(o))
try:
    next(o)
except KeyError as e:
    show("out", repr(e), repr(e.__context__))


def stops():
    yield 1
    raise StopIteration("inside")


o = link(link(stops()))
next(o)
try:
    next(o)
except RuntimeError as e:
    show(repr(e), repr(e.__cause__))


# throw and close in the middle of a chain.
def guarded(log):
    try:
        while True:
            try:
                log.append((yield "ready"))
            except LookupError as e:
                log.append(repr(e))
    finally:
        log.append("closed")


log = []
o = chain(5, guarded(log))
show(next(o), o.send(1), o.throw(IndexError("x")), o.send(2))
o.close()
show(log)
log = []
o = chain(5, guarded(log))
next(o)
try:
    o.throw(OSError("through"))
except OSError as e:
    show(e, log)
log = []
o = chain(3, guarded(log))
next(o)
del o
show(log)

# The exception that is being handled is each generator's own.
def handler():
    try:
        raise ValueError("mine")
    except ValueError:
        yield sys.exc_info()[1]
        yield sys.exc_info()[1]


def between():
    yield sys.exc_info()[1]
    yield from handler()
    yield sys.exc_info()[1]


o = link(between())
show(repr(next(o)))
try:
    raise KeyError("theirs")
except KeyError:
    show(repr(next(o)), repr(sys.exc_info()[1]))
show(repr(next(o)), sys.exc_info()[1], next(o))


# Consumers that take a generator's values without stopping it.
def tree(depth):
    if depth == 0:
        yield 1
        return depth
    a = yield from tree(depth - 1)
    b = yield from tree(depth - 1)
    return a + b + 1


show(sum(tree(6)), list(tree(2)), set(tree(3)), max(tree(3)), any(tree(3)), all(tree(4)))
t = tree(5)
show(next(t), sum(t), next(t, "over"))


def mixed(depth):
    if depth:
        yield depth
        yield from mixed(depth - 1)
        yield 2.5
    else:
        yield from [10, 20]
        yield True
        yield 2**70


show(sum(mixed(3)), list(mixed(2)), max(mixed(3)))


def taken():  # some go to the sum, then to a for loop
    yield 1
    yield from tree(1)
    raise ZeroDivisionError


t = link(taken())
try:
    sum(t)
except ZeroDivisionError:
    show("raised")


def peeks(it):
    for x in it:
        yield x
        if x == 3:
            return (yield from it)


show(sum(link(peeks(link(iter(range(8)))))))
t = link(tree(3))
show(any(x == 0 for x in t), next(t, None))

# Depth: no C stack is needed, and the limit holds.
sys.setrecursionlimit(3000)
o = chain(2500, iter([1]))
show(next(o))
try:
    next(o)
except StopIteration as e:
    show(e.value) if e.value is None else None
except TypeError as e:
    show("TypeError", e)
o = chain(2500, echo())
next(o)
try:
    o.send("end")
except StopIteration as e:
    show(e.value)


def endless():
    yield from endless()


try:
    next(endless())
except RecursionError:
    show("RecursionError")


# Coroutines.
class Pause:
    def __await__(self):
        return (yield self)


async def leaf(n):
    total = 0
    for i in range(n):
        total += await Pause()
    return total


async def nest(depth, n):
    return await leaf(n) if depth == 0 else await nest(depth - 1, n) + 1


c = nest(10, 3)
show(type(c.send(None)).__name__, type(c.send(1)).__name__, c.cr_await.cr_await.__name__)
c.send(2)
try:
    c.send(3)
except StopIteration as e:
    show(e.value)
try:
    c.send(None)
except RuntimeError as e:
    show(e)


async def twice(c):
    await c


async def reuse():
    c = leaf(1)
    a, b = twice(c), twice(c)
    a.send(None)
    try:
        b.send(None)
    except RuntimeError as e:
        show(e)
    a.close()
    try:
        await c
    except RuntimeError as e:
        show(e)


try:
    reuse().send(None)
except StopIteration:
    pass


# Tracing that begins while a chain stands still, and inside it.
def events(frame, event, arg):
    if frame.f_code.co_name in ("link", "traced"):
        seen.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno))
    return events


def traced():
    yield 1
    yield 2
    return 3


seen = []
o = link(link(traced()))
next(o)
sys.settrace(events)
next(o)
sys.settrace(None)
try:
    next(o)
except StopIteration as e:
    show(e.value)
show(*seen)


def starts():
    yield 1
    sys.settrace(events)
    yield 2
    sys.settrace(None)
    yield 3


seen = []
show(list(link(link(starts()))))
show(*seen)
