# dict views: set operations, comparison, iteration, repr, mapping; mappingproxy.
MappingProxyType = type(type.__dict__)


def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


d = {1: "a", 2: "b", 3: "c"}
k, v, i = d.keys(), d.values(), d.items()
print(k, v, i)
print(len(k), len(v), len(i), 1 in k, 9 in k, "a" in v, (1, "a") in i, (1, "b") in i, 5 in i, (1, 2, 3) in i)
d[4] = "d"
print(k, len(v), list(i)[-1])
print(list(reversed(k)), list(reversed(v)), list(reversed(i)))
print(k & {1, 2, 99}, k & [1, 1, 2], {1, 2, 99} & k, k & {1: 0}.keys())
print(k | {9}, k | [9], {9} | k, k - {1}, k - [1, 2], {1, 9} - k, k ^ {1, 9}, {1, 9} ^ k)
print([1, 9] - k, [1, 9] | k, [1, 9] & k, [1, 9] ^ k)
print(sorted(i & {(1, "a"), (2, "z")}), sorted(i - {(1, "a")}), sorted(i | {(0, "z")}))
print(sorted(i ^ {1: "a", 2: "x", 7: "y"}.items()))
u1, u2 = {1: [1], 2: [2]}, {1: [1]}
err(lambda: u1.items() ^ u2.items())
print({1: [1]}.items() ^ {1: [1]}.items())
err(lambda: k & 1)
err(lambda: k | 1)
err(lambda: k - 1)
err(lambda: k ^ 1)
err(lambda: k + {1})
err(lambda: v & {1})
err(lambda: u1.items() | set())
print(k == {1, 2, 3, 4}, k == frozenset({1}), k != {1}, k < {1, 2, 3, 4, 5}, k <= k, k > {1}, k >= {1, 9})
print(k == d.keys(), i == d.items(), v == v, v == d.values(), k == [1, 2, 3, 4], i == set(i))
err(lambda: k < 1)
err(lambda: v < v)
print(k.isdisjoint([7, 8]), k.isdisjoint({1}), i.isdisjoint([(1, "a")]), k.isdisjoint(k), {}.keys().isdisjoint({}.keys()))
err(k.isdisjoint, 5)
err(hash, k)
err(hash, i)
print(isinstance(hash(v), int))
print(type(k), type(iter(k)), type(iter(v)), type(iter(i)), type(reversed(k)), type(reversed(v)), type(reversed(i)))
err(lambda: type(k)())
err(lambda: type(k)({}))
r = {1: 2}
r["k"] = r.keys()
r["v"] = r.values()
print(r["k"])
print(r["v"])
print({}.keys(), {}.values(), {}.items())

m = k.mapping
print(m, type(m), m[1], len(m), m.get(1), m.get(77), m.get(77, "x"), list(m), 1 in m)
print(m.keys(), list(m.values()), list(m.items())[0], m.copy() is not d, m.copy() == d, m == d, m != d)
print(list(reversed(m)), m | {5: "e"} == {**d, 5: "e"}, ({5: "e"} | m)[5], type(m | m))
err(lambda: m.__setitem__)
err(lambda: m | 5)
err(lambda: m < m)


def ior():
    global m
    m |= {1: 2}


err(ior)
err(hash, m)
err(MappingProxyType, 1)
err(MappingProxyType, [])
err(MappingProxyType, ())
err(MappingProxyType)
err(lambda: m[99])


class Map:
    def __getitem__(self, key):
        return key * 2

    def __len__(self):
        return 3

    def keys(self):
        return "keys!"


p = MappingProxyType(Map())
print(p[4], len(p), p.keys())
print(str(MappingProxyType({1: 2})), repr(MappingProxyType({1: 2})))
print(MappingProxyType[int, str])
it = iter(i)
print(next(it), it.__length_hint__(), list(it))
print(sum(1 for _ in d.values()), dict(d.items()) == d, set(d) == d.keys(), sorted(k, reverse=True))
