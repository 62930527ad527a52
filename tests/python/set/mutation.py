# set: changes during iteration and in __eq__ / __hash__ of the items; collisions; random walk.

class Random:
    """A small generator: the same numbers everywhere, and no import."""

    def __init__(self, seed):
        self.state = seed

    def randrange(self, a, b=None):
        a, b = (0, a) if b is None else (a, b)
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return a + (self.state >> 33) % (b - a)

    def choice(self, items):
        return items[self.randrange(len(items))]

    def shuffled(self, n):
        items = list(range(n))
        for i in range(n - 1, 0, -1):
            k = self.randrange(i + 1)
            items[i], items[k] = items[k], items[i]
        return items


def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


def loop(change):
    s = {1, 2, 3}
    try:
        for x in s:
            change(s)
    except RuntimeError as e:
        print("RuntimeError:", e)
    else:
        print("end")


loop(lambda s: s.add(len(s) + 10))
loop(lambda s: s.pop())
loop(lambda s: s.clear())
loop(lambda s: s.add(1))
it = iter({1, 2, 3})
print(it.__length_hint__(), next(it), it.__length_hint__(), it.__reduce__()[1], list(it), list(it), it.__length_hint__())


class Evil:
    def __init__(self, action):
        self.action = action

    def __hash__(self):
        return 7

    def __eq__(self, other):
        a, self.action = self.action, None
        if a:
            a()
        return False


s = {Evil(lambda: s.clear())}
s.add(7)
print(len(s))
s = {Evil(lambda: s.update(range(100)))}
print(7 in s, len(s))
s = {Evil(lambda: s.clear())}
s.discard(7)
print(s)
s = {Evil(lambda: s.clear())}
t = {7}
print(t & s, len(s))
s = {Evil(lambda: s.clear()), 3}
print(s == {7, 3}, len(s))


class BadEq:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        raise ZeroDivisionError("in eq")


class BadHash:
    def __hash__(self):
        raise ZeroDivisionError("in hash")


b = {BadEq()}
for f in (b.add, b.remove, b.discard, b.__contains__):
    err(f, 1)
    err(f, BadHash())
err(b.update, [1])
err(b.union, [1])
err(b.intersection, [1])
err(b.difference, [1])
err(b.symmetric_difference, [1])
err(b.issuperset, [1])
err(lambda: b & {1})
err(lambda: b - {1})
err(lambda: b ^ {1})
err(lambda: b == {1})
err(lambda: b <= {1})
err(set, [BadHash()])


def gen():
    yield 1
    raise KeyError("stop here")


err(set, gen())
err(set().update, gen())
err({1}.intersection, gen())
err({1}.difference, gen())


class H:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 42

    def __eq__(self, other):
        return isinstance(other, H) and self.n == other.n


c = {H(i) for i in range(100)}
print(len(c), H(50) in c, H(100) in c, 42 in c)
c -= {H(i) for i in range(0, 100, 2)}
print(len(c), H(50) in c, H(51) in c)

rnd = Random(4)
s, model = set(), []
for step in range(20000):
    k = rnd.choice([rnd.randrange(80), str(rnd.randrange(80)), (rnd.randrange(30),)])
    if rnd.randrange(2):
        s.add(k)
        if k not in model:
            model.append(k)
    else:
        s.discard(k)
        if k in model:
            model.remove(k)
assert len(s) == len(model) and all(k in s for k in model) and all(k in model for k in s)
print("walk ok")


class D:
    def __del__(self):
        log.append(len(w))


log = []
w = {D(), D(), D()}
w.clear()
print(log)
w = {D(), D()}
log.clear()
w.pop()
print(log)
w.intersection_update([])
print(log, w)
r = frozenset([1])


class R(set):
    def __hash__(self):
        return 1


rr = R()
rr.add(rr)
print(rr)
