# dict: growth, deletion, reuse, popitem in a loop, presized copies, many sizes and key types.

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


def check(d, model):
    assert len(d) == len(model), (len(d), len(model))
    assert list(d.items()) == model
    for k, v in model:
        assert d[k] == v


for n in (0, 1, 4, 5, 6, 10, 11, 20, 21, 40, 100, 159, 160, 161, 1000, 40960, 41000, 100000):
    d = {}
    for i in range(n):
        d[i] = i * 2
    assert len(d) == n and all(d[i] == i * 2 for i in range(n)) and n not in d
    c = d.copy()
    for i in range(0, n, 2):
        del d[i]
    assert len(d) == n // 2 and list(d) == list(range(1, n, 2))
    c2 = d.copy()
    assert c2 == d and list(c2) == list(d)
    assert len(c) == n and list(c) == list(range(n))
    for i in range(0, n, 2):
        d[i] = i
    assert list(d) == list(range(1, n, 2)) + list(range(0, n, 2))
    s = {str(i): i for i in range(n)}
    assert len(s) == n and all(s[str(i)] == i for i in range(n))
    while c:
        k, v = c.popitem()
        assert k * 2 == v
    assert len(c) == 0 and list(c) == []
print("sizes ok")

# popitem and insertion for ever in a small table
d = {i: i for i in range(4)}
for i in range(10000):
    d.popitem()
    d["k%d" % i] = i
print(len(d), list(d))
d = {}
for i in range(10000):
    d[i] = 1
    d[-i - 2] = 2
    d.popitem()
    d.popitem()
print(len(d), d)
for i in range(10000):
    d[i] = i
    if i > 5:
        del d[i - 5]
print(d)

# a random walk against a list of pairs
rnd = Random(3)
d, model = {}, []
for step in range(6000):
    op = rnd.randrange(6)
    k = rnd.choice([rnd.randrange(60), str(rnd.randrange(60)), (rnd.randrange(20), "t"), rnd.randrange(60) + 0.5])
    at = next((i for i, (x, _) in enumerate(model) if x == k), -1)
    if op <= 2:
        d[k] = step
        if at >= 0:
            model[at] = (model[at][0], step)
        else:
            model.append((k, step))
    elif op == 3:
        r = d.pop(k, None)
        assert r == (model[at][1] if at >= 0 else None)
        if at >= 0:
            del model[at]
    elif op == 4 and rnd.randrange(10) < 3 and model:
        assert d.popitem() == model.pop()
    else:
        r = d.setdefault(k, -step)
        if at >= 0:
            assert r == model[at][1]
        else:
            assert r == -step
            model.append((k, -step))
    if step % 100 == 0:
        check(d, model)
check(d, model)
print("walk ok", len(d) == len(model))


# keys that all collide
class H:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 42

    def __eq__(self, other):
        return isinstance(other, H) and self.n == other.n


d = {H(i): i for i in range(200)}
d[42] = "int"
d["x"] = "str"
print(len(d), d[H(150)], d[42], H(500) in d)
for i in range(0, 200, 3):
    del d[H(i)]
print(len(d), H(0) in d, d[H(199)], d[H(1)])
m = {}
m.update(d)
m.update({H(1): "new", "y": 1})
print(len(m), m[H(1)], list(m)[-1])
big = {i << 32: i for i in range(1000)}
print(len(big), big[999 << 32], (1000 << 32) in big)
neg = {i: -i for i in range(-500, 500)}
print(neg[-500], neg[499], len(neg))
