# set and frozenset: construction, methods, operators, comparison, error texts, repr.
def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


print(set(), {1, 2, 3}, set([3, 3, 1]), sorted(set("hello")), frozenset(), frozenset([2, 1]), {None}, {(1, 2)})
err(lambda: set(1, 2))
err(lambda: set(x=1))
err(lambda: frozenset(1, 2))
err(lambda: frozenset(x=1))
err(set, 5)
err(frozenset, 5)
err(lambda: {[]})
err(lambda: set([{}]))
s = {1, 2, 3}
s.add(4)
s.add(2)
err(s.add, [])
err(s.add)
print(s, len(s), 2 in s, 9 in s, 2.0 in s, True in s)
err(lambda: [] in s)
s.remove(4)
err(s.remove, 4)
err(s.remove, [])
s.discard(99)
s.discard(1)
err(s.discard, [])
print(s)
n = {frozenset({1}), 5}
print({1} in n, frozenset({1}) in n, {2} in n)
n.remove({1})
err(n.remove, {1})
n.discard({7})
print(n)
err(set().pop)
p = {5}
print(p.pop(), p)
a, b = {1, 2, 3, 4}, {3, 4, 5}
print(a | b, a & b, a - b, a ^ b, b - a)
print(a.union(b, [7], (8,)), a.intersection(b, [3]), a.difference([1], {2}), a.symmetric_difference([1, 9]))
print(a.union(), a.intersection(), a.difference())
err(lambda: a | [1])
err(lambda: a & [1])
err(lambda: a - (1,))
err(lambda: a ^ "a")
err(lambda: [1] | a)
err(a.union, 5)
err(a.intersection, 5)
err(a.difference, 5)
err(a.symmetric_difference, 5)
err(a.symmetric_difference)
c = set(a)
c.update([10], {11}, (12,))
c.intersection_update([1, 2, 10, 11], {1, 10, 11})
print(c)
c.difference_update([1], (11,))
c.symmetric_difference_update([10, 20])
print(c)
c |= {1}
c &= {1, 20}
c -= {20}
c ^= {1, 2}
print(c)
err(c.__ior__, [1])
try:
    c |= [1]
except TypeError as e:
    print(e)
try:
    c -= 5
except TypeError as e:
    print(e)
d = {1, 2, 3}
d -= d
print(d)
d = {1, 2}
d ^= d
print(d)
d |= d
d &= d
print(d, a.union(a) == a, a - a, a ^ a, a & a == a)
print(a.isdisjoint({9}), a.isdisjoint([1]), a.issubset([1, 2, 3, 4, 5]), a.issubset({1}), a.issuperset([1, 2]), a.issuperset({99}))
err(a.issubset, 5)
err(a.issuperset, 5)
err(a.isdisjoint, 5)
err(a.issuperset, [[]])
print({1} < {1, 2}, {1} <= {1}, {1, 2} > {1}, {1} >= {1, 2}, {1} == frozenset({1}), {1} != {2}, {1} < {2}, {1} > {2})
print({1} == [1], {1} != [1])
err(lambda: {1} < [1])
err(hash, set())
print(hash(frozenset([1, 2, 3])) == hash(frozenset([3, 2, 1])), {frozenset([1, 2]): "x"}[frozenset([2, 1])])
print(frozenset([1]) | {2}, {2} | frozenset([1]), type(frozenset([1]) | {2}), type({2} | frozenset([1])))
f = frozenset([1, 2])
print(f.copy() is f, frozenset(f) is f, f.union([3]), f - {1}, f & {1}, f ^ {1, 5}, 1 in f, len(f))
err(lambda: f.add)
err(lambda: f.pop)
g = f
g |= {3}
print(f, g, type(g))


class S(set):
    pass


class F(frozenset):
    pass


x = S([1, 2])
x.attr = 5
print(x, x.attr, type(x | {3}), type(x.copy()), type(x - x), S(), F([1]), type(F([1]) | F()), type(F([1]).copy()))
print(S([1]) == {1}, F([1]) == {1}, hash(F([1])) == hash(frozenset([1])), F([1]) in {frozenset([1])})


class Weird(set):
    def __init__(self, it, flag=None):
        super().__init__(it)
        self.flag = flag


print(Weird([1], flag=3).flag)
print({1, 2}.__contains__(1), {1}.__len__(), set[int], frozenset[str])
print({1}.__reduce__(), frozenset({2}).__reduce__(), x.__reduce__())
r = {1}
fr = S([0])
print(set({1: 2, 3: 4}), {3, 1} | set({5: 6}), {1, 3}.difference({1: 2}), {1, 3}.symmetric_difference({1: 2, 7: 8}))
s = {1, 2, 3}
s.clear()
print(s, len(s), list(s))
s.__init__([4, 5])
print(s)
