# Generators that are dropped or closed while suspended, where nothing handles the exit and where
# something does.
import sys


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("end of", self.name)


def plain(n):
    first, second = Loud("first"), Loud("second")
    for i in range(n):
        yield i
    print("not reached")


def guarded():
    outer = Loud("outer")
    try:
        yield 1
    finally:
        print("finally")
    yield 2


def after():
    try:
        yield 1
    except ValueError:
        print("no")
    inner = Loud("inner")
    yield 2  # no handler covers this one


def outer(g):
    kept = Loud("kept")
    yield from g
    print("not reached")


for make in (lambda: plain(3), guarded, after, lambda: outer(guarded()), lambda: outer(plain(2))):
    g = make()
    print(next(g))
    del g
    g = make()
    print(next(g), next(g, "none"))
    print(g.close(), g.gi_frame, list(g), g.close())
    g = make()
    next(g)
    frame = g.gi_frame
    g.close()
    print(sorted(frame.f_locals))
    del frame, g

print(all(x < 3 for x in range(10)), any(x > 3 for x in range(10)), next(x for x in range(5)))


def last_word():
    try:
        yield 1
    except GeneratorExit:
        yield "stubborn"


g = last_word()
next(g)
try:
    g.close()
except RuntimeError as e:
    print(e)

events = []


def profile(frame, event, arg):
    if frame.f_code is plain.__code__:
        events.append(event)


g = plain(2)
sys.setprofile(profile)
next(g)
g.close()
sys.setprofile(None)
print(events)


async def waits():
    first = Loud("awaited")
    await Pause()


class Pause:
    def __await__(self):
        mine = Loud("pause")
        yield 1


c = waits()
print(c.send(None))
c.close()
print(c.cr_frame, c.cr_running)
