# sum, any, all, min, max, sorted and the containers over lists, tuples, ranges, iterators and
# generators (whose frame runs on without suspending when nothing can tell).
import sys


def show(f, *args, **kw):
    try:
        r = f(*args, **kw)
        print(getattr(f, "__name__", f), repr(r), type(r).__name__)
    except Exception as e:
        print(getattr(f, "__name__", f), type(e).__name__, e)


def gen(*values):
    for v in values:
        yield v


def each_form(values):
    yield list(values)
    yield tuple(values)
    yield iter(list(values))
    yield gen(*values)
    yield (v for v in values)
    yield map(lambda v: v, values)


VALUES = [
    [], [1], [1, 2, 3], [1.5, 2], [1, 2.5, True], [True, False, True], [2**62] * 4, [2**63, 1],
    [-2**63, -1], [1, 2**70, 1.5], [-0.0], [0.0, -0.0], [float("inf"), float("-inf")], [1j, 2],
    [[1]], ["a"], [None], [0, 0.0, "", None], [1, "x", None], [2**63 - 1, True], [2**63 - 1, 1],
    ["b", "a", "c"], [3, 1.5, 2], [1, 1.0, True], [1.0, 1, True], [b"x", b"a"], [(1, 2), (1, 1)],
]
for values in VALUES:
    for f in (sum, any, all, min, max, sorted, list, tuple, set, frozenset):
        results = []
        for form in each_form(values):
            try:
                r = f(form)
                results.append((sorted(map(repr, r)) if f in (set, frozenset) else repr(r),
                                type(r).__name__))
            except Exception as e:
                results.append((type(e).__name__, str(e)))
        print(f.__name__, values, results[0], all(r == results[0] for r in results))

# start, key, default, keywords, wrong arguments
show(sum, [1, 2], 10)
show(sum, [1, 2], start=10)
show(sum, [1, 2], 10.5)
show(sum, [[1], [2]], [])
show(sum, ["a"], "")
show(sum, [b"a"], b"")
show(sum, [b"a"], bytearray())
show(sum, 5, "")
show(sum)
show(sum, [1], 2, 3)
show(sum, iterable=[1])
show(sum, [1], begin=2)
show(min)
show(min, [])
show(min, [], default=7)
show(max, [], default=None)
show(min, 3, 1, 2)
show(max, 3, 1, 2)
show(min, 3, 1, 2, default=4)
show(min, 3, "a")
show(max, [1, "a"])
show(max, 5)
show(max, 2, 2.0)
show(max, 2.0, 2)
show(min, 1, True)
show(max, 1, 2.5, 2)
show(max, float("nan"), 1.0)
show(max, 1.0, float("nan"))
show(max, "b", "abc", key=len)
show(max, ["b", "abc", "ccc"], key=len)
show(min, [3, -5, 4], key=abs)
show(min, [3, -5], key=None)
show(max, 1, 2, key=None)
show(min, [1, 2], foo=3)
show(max, (), key=len)
show(max, "ab", key=lambda c: 1 // 0)
show(sorted, [2, 1], reverse=True)
show(sorted, [2, 1], key=None, reverse=False)
show(sorted, [2, 1], reverse="x")
show(any)
show(all, 3)
show(any, [1], [2])

# ranges in closed form
for r in (range(0), range(10), range(5, 5), range(10, 0, -3), range(-5, 6), range(2**62, 2**62 + 3),
          range(2**70, 2**70 + 2), range(0, 2**62, 2**60), range(10**6), range(3, 10**9, 10**7)):
    print(r, sum(r), sum(r, 5), sum(r, 0.5) == 0.5 + sum(r), sum(iter(r)))


# The generator is where it should be, whatever took its values.
def counting(log):
    for i in range(5):
        log.append(i)
        got = yield i
        log.append(got)


log = []
g = counting(log)
print(any(x == 2 for x in g), log, next(g), log)
log = []
g = counting(log)
next(g)
print(g.send("in"), sum(g), log)
log = []
g = counting(log)
print(all(x < 1 for x in g), g.gi_running, g.gi_frame is not None, list(g))


def closing():
    try:
        yield 0
        yield 1
        yield 2
    finally:
        print("closed")


print(any(closing()))
print(sum(closing()))


def delegating():
    x = yield from gen(1, 2)
    print("got", x)
    x = yield from [3, 4]
    print("got", x)
    yield from range(2)
    return "value"


print(sum(delegating()))
print(list(delegating()))
print(max(delegating()))


# Items that run Python see the generator suspended.
class Num:
    def __init__(self, n):
        self.n = n

    def __radd__(self, other):
        print("radd", other, g.gi_running, sys._getframe(1).f_code.co_name)
        return other + self.n

    def __bool__(self):
        print("bool", g.gi_running, sys._getframe(1).f_code.co_name)
        return self.n > 1

    def __hash__(self):
        print("hash", g.gi_running)
        return self.n

    def __eq__(self, other):
        print("eq", g.gi_running)
        return isinstance(other, Num) and self.n == other.n

    def __lt__(self, other):
        print("lt", g.gi_running)
        return self.n < other.n


def mixed():
    yield 1
    yield Num(2)
    yield 3


g = mixed()
print(sum(g))
g = gen(0, Num(1), None, Num(2), 5)
print(any(g), next(g))
g = gen(1, 2, Num(1), 3, Num(1), 1, "s", 2)
print(len(set(g)))
g = gen(Num(3), Num(1))
print(min(g).n)


# Errors inside, with their context and place.
def failing(n):
    for i in range(n):
        yield i
    raise ValueError("at the end")


for f in (sum, any, all, min, max, sorted, list, tuple, set, dict, "".join):
    show(f, failing(3) if f is not all else failing(0))


def stops():
    yield 1
    raise StopIteration


for f in (sum, list, max, set, tuple):
    show(f, stops())


def itself():
    yield 1
    try:
        print(sum(me))
    except ValueError as e:
        print(e)
    yield 2


me = itself()
print(sum(me))
me = itself()
print(list(me))


def handled():
    try:
        1 / 0
    except ZeroDivisionError:
        yield 1
        yield 2
        print(repr(sys.exc_info()[1]))
    yield 3


print(sum(handled()), sys.exc_info())

# Nested in each other.
print(sum(sum(x for x in range(y)) for y in range(6)))
print([max(x * y for x in range(4)) for y in (1, -1)])
print(sum(len([z for z in gen(*range(n))]) for n in range(5)))
print(dict((k, v) for k, v in zip("abc", range(3))))
print(",".join(str(x) for x in range(4)))
print(sorted((x % 3, x) for x in range(7)))


# A list that its own generator changes.
def changes(l):
    for i in range(6):
        l.append(-i)
        yield i
        if i == 3:
            l.clear()


l = []
l.extend(changes(l))
print(l)
l = [1, 2, 3]
print(sum(l.append(1) or x for x in l if len(l) < 9), l)
s = set()


def adds():
    for i in range(30):
        s.add(-i)
        yield i


s.update(adds())
print(len(s), sorted(s)[:3], sorted(s)[-3:])

# Collisions and equal keys in a set built from numbers and strings.
print(sorted(set(x % 8 for x in range(100))), len(set(str(x) for x in range(100))))
print(set(x for x in (1, 1.0, True, 2)), len(frozenset(x * 8 for x in range(50))))

# Traced: every yield is an event.
events = []


def tracer(frame, event, arg):
    if frame.f_code.co_name in ("traced", "gen"):
        events.append((frame.f_code.co_name, event, arg if event == "return" else None))
        return tracer


def traced():
    return sum(gen(1, 2))


sys.settrace(tracer)
traced()
sys.settrace(None)
print(events)
events = []
sys.setprofile(lambda f, e, a: events.append((f.f_code.co_name, e)))
sum(x for x in (1, 2))
sys.setprofile(None)
print(events)

import inspect
print(inspect.signature(sorted), inspect.signature(sum), [].sort.__text_signature__)
