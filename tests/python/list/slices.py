# list: slices, read, assigned and deleted, with every kind of step; error texts.
def err(f, *args):
    try:
        r = f(*args)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


a = list(range(10))
for sl in (
    slice(None), slice(2, 5), slice(-3, None), slice(None, -3), slice(5, 2), slice(None, None, 2),
    slice(None, None, -1), slice(8, 2, -2), slice(100, -100, -3), slice(-100, 100, 4),
    slice(0, 0), slice(10, None), slice(None, None, 10**30), slice(None, None, -(10**30)),
    slice(-(10**30), 10**30), slice(3, None, -1), slice(None, 3, -1), slice(True, None, None),
):
    print(sl, a[sl])


def assign(n, sl, value):
    x = list(range(n))
    try:
        x[sl] = value
        print(sl, x)
    except Exception as e:
        print(sl, type(e).__name__ + ":", e, x)


assign(5, slice(1, 3), "abcd")
assign(5, slice(1, 3), [])
assign(5, slice(1, 3), (9,))
assign(5, slice(5, 2), "x")
assign(5, slice(3, 1), "xy")
assign(5, slice(None), iter("pq"))
assign(5, slice(100, 200), [1])
assign(5, slice(-100, -50), [1])
assign(6, slice(None, None, 2), "abc")
assign(6, slice(None, None, 2), "ab")
assign(6, slice(None, None, -1), range(6))
assign(6, slice(4, None, -2), "xyz")
assign(6, slice(5, 2, 2), [])
assign(6, slice(5, 2, 2), [1])
assign(6, slice(0, 3), 5)
assign(6, slice(0, 3, 2), 5)
assign(6, slice(0, 3, 0), [])
assign(6, slice("a", 3), [])
assign(6, slice(0, 3), {7: 8})
assign(6, slice(0, None, 3), {"k": 1, "l": 2})
x = [1, 2, 3]
x[1:1] = x
print(x)
x[::2] = x[::-2]
print(x)
x[:] = x
print(x)
x[::-1] = x
print(x)


def delete(n, sl):
    x = list(range(n))
    del x[sl]
    print(sl, x)


delete(10, slice(2, 5))
delete(10, slice(None))
delete(10, slice(None, None, 2))
delete(10, slice(1, None, 3))
delete(10, slice(None, None, -2))
delete(10, slice(8, 1, -3))
delete(10, slice(5, 2))
delete(10, slice(5, 2, 2))
delete(10, slice(0, 1, 100))
delete(100, slice(1, None))
delete(3, slice(None, None, -1))

# __index__ that changes the list while a slice is worked out
class Clearer:
    def __index__(self):
        y.clear()
        return 0


y = [1, 2, 3]
print(y[Clearer():], y)
y = [1, 2, 3]
y[Clearer():] = [5]
print(y)
y = [1, 2, 3]
err(y.__getitem__, slice(Clearer(), None, 2))


# an iterable that changes the list it is assigned to
def gen():
    z.clear()
    yield 1


z = [1, 2, 3]
z[0:2] = gen()
print(z)


# dropped items see a consistent list
class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        seen.append((self.n, len(w)))


seen = []
w = [D(i) for i in range(6)]
w[1:4] = [0]
print(seen, len(w))
seen.clear()
del w[::2]
print(seen, len(w))
seen.clear()
w[:] = []
print(sorted(seen), w)
w = [D(1), D(2), D(3)]
seen.clear()
w.clear()
print(sorted(seen))
err(lambda: [1][1:2:0])
err(lambda: [1][1.0:2])
