# dict: changes during iteration, in __eq__ and __hash__ of keys, in __del__ of values.
def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


def loop(view, change):
    d = {1: "a", 2: "b", 3: "c"}
    seen = []
    try:
        for x in view(d):
            seen.append(x)
            change(d)
    except RuntimeError as e:
        print("RuntimeError:", e, seen)
    else:
        print("end", seen)


def add(d):
    d[len(d) + 1] = 0


def remove(d):
    d.popitem()


def replace(d):
    del d[1], d[2], d[3]
    d[4] = d[5] = d[6] = 0


def swap(d):
    d[1] = "A"
    del d[3]
    d[3] = "C"


def clear(d):
    d.clear()


views = [dict.__iter__, dict.keys, dict.values, dict.items, reversed]
for view in views:
    for change in (add, remove, clear):
        loop(view, change)


def once(f):
    done = []

    def g(d):
        if not done:
            done.append(1)
            f(d)

    return g


for view in views[:4]:
    loop(view, once(replace))
for view in views[:4]:
    loop(view, swap)

it = iter({1: 2, 3: 4})
print(it.__length_hint__(), next(it), it.__length_hint__(), list(it), it.__length_hint__())
it = iter({1: 2, 3: 4}.items())
print(it.__reduce__()[1], next(it), it.__reduce__()[1], next(it), it.__reduce__()[1])
pairs = list({1: 2, 3: 4}.items())
print(pairs, pairs[0] is not pairs[1])
i = iter({1: 2, 3: 4}.items())
p = next(i)
q = next(i)
print(p, q)


class Evil:
    """Equal hash to all others; comparing it changes the dict."""

    def __init__(self, action):
        self.action = action

    def __hash__(self):
        return 7

    def __eq__(self, other):
        a, self.action = self.action, None
        if a:
            a()
        return False


d = {}
d[Evil(lambda: d.clear())] = 1
d[7] = "seven"
print(len(d), d.get(7))
d = {}
d[Evil(lambda: d.update({i: i for i in range(100)}))] = 1
print(d.get(7), len(d))
d = {Evil(lambda: d.pop(7)): 0, 7: 1}
print(d.get(7, "gone"), len(d))
d = {Evil(lambda: d.clear()): 0, 7: 1}
err(d.pop, 7)
print(len(d))
d = {Evil(lambda: d.clear()): 0}
print(d.setdefault(7, "dflt"), d)


class BadEq:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        raise ZeroDivisionError("in eq")


class BadHash:
    def __hash__(self):
        raise ZeroDivisionError("in hash")


b = {BadEq(): 1}
err(b.get, 1)
err(b.__setitem__, 1, 2)
err(b.pop, 1)
err(lambda: 1 in b)
err(lambda: b == {1: 1})
err(b.get, BadHash())
err(b.__setitem__, BadHash(), 1)
err(dict.fromkeys, [BadHash()])
err(lambda: {BadHash(): 1})
print(len(b))


class Val:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append((self.name, sorted(w)))


log = []
w = {"a": Val("a"), "b": Val("b"), "c": Val("c")}
w["a"] = 1
print(log)
del w["b"]
print(log)
w.clear()
print(log)
w = {"x": Val("x"), "y": Val("y")}
log.clear()
w.update(x=1, y=2)
print(log)
w["z"] = Val("z")
log.clear()
w.pop("z")
print(log)


class Mut:
    def __init__(self, d):
        self.d = d

    def __hash__(self):
        return 3

    def __eq__(self, other):
        self.d[object()] = 1
        return False


src = {}
src[Mut(src)] = 1
dst = {3: 1}
err(dst.update, src)


class Eq:
    def __eq__(self, other):
        left.clear()
        return True


left = {1: Eq(), 2: Eq()}
print(left == {1: 1, 2: 2}, left)
