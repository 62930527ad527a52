# list: construction, indexing, methods, error texts, repr.
def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


print(list(), list("abc"), list((1, 2)), list([3]), list({4: 5}), list(range(3)))
err(lambda: list(1, 2))
err(lambda: list(x=1))
err(list, 5)
a = [1, 2, 3]
print(a[0], a[-1], a[True], len(a), 2 in a, 5 in a, not a, bool([]))
err(lambda: a[3])
err(lambda: a[-4])
err(lambda: a["x"])
err(lambda: a[1.0])
err(lambda: a[None])
err(lambda: a[10**30])


class Idx:
    def __init__(self, i):
        self.i = i

    def __index__(self):
        return self.i


print(a[Idx(1)])
a[Idx(1)] = 20
print(a)
err(a.__setitem__, 5, 1)
err(a.__setitem__, "q", 1)
err(a.__delitem__, 5)
err(a.__delitem__, "q")
a.append(4)
a.extend((5, 6))
a.extend(iter("xy"))
print(a)
err(a.extend, 5)
err(a.append)
err(a.append, 1, 2)
a.insert(0, "first")
a.insert(-1, "before last")
a.insert(100, "end")
a.insert(-100, "start")
print(a)
err(a.insert, "a", 1)
print(a.pop(), a.pop(0), a.pop(-2), a)
err(a.pop, 100)
err(a.pop, "a")
err([].pop)
a.remove(20)
print(a)
err(a.remove, 99)
print(a.index("x"), a.index(4, 2), a.index(5, -6, -1))
err(a.index, 99)
err(a.index, "x", 0, 2)
err(a.index, "x", "a")
print([1, 2, 1, True, 1.0].count(1))
b = a.copy()
b.reverse()
print(b, a)
b.clear()
print(b)
print(a + [1], [1] * 3, 2 * [1, 2], [1] * 0, [1] * -1, [] * 5)
err(lambda: a + (1,))
err(lambda: a + 1)
err(lambda: a * "a")
err(lambda: a * 1.5)
err(lambda: [1] * 10**30)
err(lambda: [1] * (2**62))
c = [1]
d = c
c += (2, 3)
c *= 2
print(c, d is c)
err(c.__iadd__, 5)
c *= 0
print(c, d)
# repr
r = [1]
r.append(r)
print(r, repr(["a'b", 'c"d', None, ()]))
r2 = [r, {}]
print(r2)
# comparison
print([1, 2] == [1, 2], [1, 2] != [1, 3], [1, 2] < [1, 3], [1] < [1, 0], [2] > [1, 5], [] <= [], [1] >= [2])
print([1] == (1,), [1] != (1,))
err(lambda: [1] < (1,))
err(lambda: [1] < ["a"])
nan = float("nan")
print([nan] == [nan], [float("nan")] == [float("nan")])
err(hash, [])
err(lambda: {[]: 1})
# iteration while growing
g = [0]
for x in g:
    if x < 5:
        g.append(x + 1)
print(g)
it = iter([1, 2, 3])
print(it.__length_hint__(), next(it), it.__length_hint__(), list(it), list(it))
print(list(reversed([1, 2, 3])), list([1, 2].__reversed__()))


class L(list):
    pass


s = L([1, 2])
s.x = 5
print(s, s.x, type(s), type(s[:]), type(s + [1]), type(s * 2), type(s.copy()), isinstance(s, list))
print(list[int], list[int]([1]))


class Evil:
    def __eq__(self, other):
        e.clear()
        return False


e = [Evil(), 1, 2]
print(1 in e, e)
e = [Evil(), 1, 2]
err(e.remove, 1)
e = [Evil(), 1, 2]
err(e.index, 1)


class Grower:
    def __eq__(self, other):
        if len(gl) < 10:
            gl.append(Grower())
        return False


gl = [Grower()]
print(gl.count(0), len(gl))
x = [1, 2, 3]
x.__init__([7])
print(x)
x.__init__()
print(x)
del x[:]
print([1, 2, 3].__contains__(2), [].__len__(), [5].__getitem__(0))
print([[1, 2], [3]] == [[1, 2], [3]])
print(max([3, 1, 2]), sorted([3, 1, 2]), sum([1, 2, 3]))
