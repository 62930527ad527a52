# dict: construction, access, methods, error texts, repr, order.
def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


print(dict(), dict(a=1, b=2), dict({1: 2}), dict([(1, 2), [3, 4]]), dict(["ab", "cd"]), dict({1: 2}, x=3))
print(dict(zip("abc", range(3))), {**{"a": 1}, "b": 2, **{"a": 3}})
err(lambda: dict(1, 2))
err(dict, 1)
err(dict, [1])
err(dict, [(1, 2, 3)])
err(dict, [(1, 2), (3,)])
err(dict, ["abc"])
d = {"a": 1, 2: "two", None: 3, (1, 2): 4, 1.5: 5}
print(d, len(d), d["a"], d[None], d[(1, 2)], d[2.0], "a" in d, "b" in d, bool({}))
err(lambda: d["zz"])
err(lambda: d[[]])
err(lambda: [] in d)
err(d.__setitem__, [], 1)
err(d.__delitem__, "zz")
err(d.__delitem__, {})
print(d.get("a"), d.get("q"), d.get("q", 9))
err(d.get)
err(d.get, [])
print(d.setdefault("a", 5), d.setdefault("n"), d.setdefault("m", []), d)
print(d.pop("n"), d.pop("n", "gone"), d.pop("m"))
err(d.pop, "n")
err(d.pop)
err(d.pop, [])
err(d.pop, 1, 2, 3)
print(d.popitem(), d.popitem(), d)
err({}.popitem)
d.update({"x": 1})
d.update([("y", 2)], z=3)
d.update(w=4)
d.update()
print(d)
err(d.update, 1)
err(d.update, 1, 2)
err(d.update, [1])


class M:
    def keys(self):
        return ["k1", "k2"]

    def __getitem__(self, k):
        return k.upper()


d.update(M())
print(d)
print({1: 2} | {3: 4} | {1: 5}, {1: 2}.__or__({}))
err(lambda: {} | [])
err(lambda: [] | {})
e = f = {1: 2}
e |= [(3, 4)]
e |= {5: 6}
print(e, e is f)
err(e.__ior__, 5)
print(dict.fromkeys("abc"), dict.fromkeys([1, 2], 0), dict.fromkeys({1: 2}, "v"), dict.fromkeys({7}))
err(dict.fromkeys, 5)
err(dict.fromkeys)
c = d.copy()
c["new"] = 1
print("new" in d, c == d, d == d.copy(), {1: 1} == {1: 1.0}, {1: 2} != {1: 3}, {1: 2} == {2: 1})
err(lambda: {} < {})
c.clear()
print(c, len(c))
err(hash, {})
r = {1: 2}
r["me"] = r
print(r, {1: [r]})
# numbers that are equal are one key
n = {1: "int"}
n[1.0] = "float"
n[True] = "bool"
print(n, {0: 1, False: 2, 0.0: 3}, {2**70: 1}[2.0**70], {-1: "a", -2: "b"})
# order
o = {}
for k in "qwerty":
    o[k] = k
del o["e"]
o["e"] = 1
o["q"] = 2
print(list(o), list(reversed(o)))
print(list(o.items()), list(reversed(o.items())), list(reversed(o.values())))


class D(dict):
    def __missing__(self, key):
        return ("missing", key)


s = D(a=1)
s.attr = 2
print(s["a"], s["b"], s.get("b"), "b" in s, s, type(s.copy()), type(s | {}), D.fromkeys("x"))


class BadMissing(dict):
    def __missing__(self, key):
        raise LookupError("none of that")


err(lambda: BadMissing()[1])


class OnInstance(dict):
    pass


oi = OnInstance()
oi.__missing__ = lambda k: 5
err(lambda: oi["x"])
print(dict[int, str], repr({"a": "b'c"}))
print({}.__class_getitem__(int))


class Over(dict):
    def __getitem__(self, k):
        return "over"

    def __setitem__(self, k, v):
        super().__setitem__(k, v * 2)


ov = Over(a=1)
ov["b"] = 5
print(dict(ov), ov.get("b"), ov["b"], {**ov}, Over.fromkeys("ab", 3).get("a"))


def kw(**k):
    return k


print(kw(**{"a": 1}, b=2))
err(lambda: kw(**{"a": 1}, **{"a": 2}))
err(lambda: kw(**5))
err(lambda: kw(**{1: 2}))
print({}.__contains__(1), {1: 2}.__len__(), {1: 2}.__getitem__(1))
x = {}
x.__init__({1: 2}, a=3)
print(x)
