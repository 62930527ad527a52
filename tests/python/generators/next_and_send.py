# SPDX-License-Identifier: MIT
# next(x) and x.send(v) at sites that meet generators, coroutines and other things in turn.
import sys
import traceback


def take(it):
    return next(it)


def give(it, value):
    return it.send(value)


def count(n):
    for i in range(n):
        yield i
    return "end"


def echo():
    got = None
    while got != "stop":
        got = yield got
    return "stopped"


def shown(f, *args):
    try:
        return f(*args)
    except BaseException as e:
        return repr(e)


g = count(3)
print([shown(take, g) for _ in range(6)])
print([shown(take, x) for x in (iter([1]), iter([]), count(1), {}, iter("s"), count(0), map(abs, [-1]))])
e = echo()
print(shown(give, e, 1), [shown(give, e, x) for x in (None, 1, "a", [2], "stop", 3)])


class Sender:
    def send(self, value):
        return "own", value


class Returns:
    def __await__(self):
        return (yield "paused")


async def coroutine():
    return [await Returns(), await Returns()]


c, d = coroutine(), coroutine()
print([shown(give, x, v) for x, v in ((c, None), (Sender(), 1), (c, 1), (d, 5), (c, 2), (c, 3), (d, None))])
d.close()


# Who looks at whom; exceptions and their tracebacks.
def looks():
    f = sys._getframe()
    yield f.f_back.f_code.co_name, f.f_back.f_back.f_code.co_name
    yield shown(take, me), me.gi_running
    yield sys.exc_info()[1]
    raise LookupError("inside")


me = looks()
print(take(me), take(me))
try:
    raise ValueError("handled")
except ValueError:
    print(repr(take(me)))
try:
    take(me)
except LookupError as error:
    print([frame.name for frame in traceback.extract_tb(error.__traceback__)])
print(shown(take, me))


def bad():
    yield next(iter(()))


print(shown(take, bad()))


# Temporaries go when they should.
class Named:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


def holds(x):
    try:
        got = yield x.name
        print("got", got.name)
        del got
        yield "second"
    finally:
        print("closed", x.name)


print(next(holds(Named("a"))))
h = holds(Named("b"))
print(next(h), h.send(Named("sent")), "still")
del h
print(shown(next, (i for i in (Named("c").name,))))


# The default, a name of one's own, and keywords.
print(next(count(0), "default"), shown(lambda: next(5)), shown(lambda: next()))


def shadowed(next):
    return next(count(2))


print(shadowed(list), shadowed(next))
real_next = next
for next in real_next, (lambda it: "mine"), real_next:
    print(take(count(1)))
del next


# Depth.
def deep(n):
    yield next(deep(n - 1)) + 1 if n else 0


print(take(deep(50)), shown(take, deep(10**6))[:16])


def sends(n):
    value = yield
    if n:
        inner = sends(n - 1)
        inner.send(None)
        yield inner.send(value) + 1
    yield value


s = sends(40)
s.send(None)
print(s.send(2))

# Tracing begins and ends inside.
events = []


def tracer(frame, event, arg):
    events.append((frame.f_code.co_name, event))
    return tracer


def switches():
    yield 1
    sys.settrace(tracer)
    yield 2
    yield 3
    sys.settrace(None)
    yield 4


s = switches()
print(take(s), take(s), take(s), take(s))
print(events)

# A generator that others step meanwhile.
shared = count(10)


def steps():
    while True:
        yield next(shared), next(shared)


a, b = steps(), steps()
print(next(a), next(b), next(a), next(shared), shown(next, b), shown(next, b), shown(next, a))
