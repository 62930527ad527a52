# SPDX-License-Identifier: MIT
# Sums of lists that nobody else has: what goes into the result, and what stays as it was.
a, b = [1, 2, 3], [4, 5]
print(a[1:] + a[:1], a[:] + b, b + a[:], a + b, a, b)
print(a + b + a + b, (a + b) + (b + a), a[:1] + [] + b, [] + a[:], [] + [] + [])
c = a[:] + a[:]
c.append(9)
print(c, a)

# The result is no list that has a name.
d = [7] + a
e = a + [7]
print(d is a, e is a, d, e, a)
x = [1]
y = x + x
y.append(2)
print(x, y)
x = x + x
print(x)
x = [0] + x
x = x + [1]
print(x)


def rotate(n):
    data = list(range(10))
    for _ in range(n):
        data = data[1:] + data[:1]
    return data


print(rotate(3), rotate(10) == list(range(10)))


def merged(out, left, right):
    return out + left[1:] + right[2:]


print(merged([1], [2, 3], [4, 5, 6]))


class Sub(list):
    def __add__(self, other):
        return "Sub+"

    def __radd__(self, other):
        return "+Sub"


print([1][:] + Sub([2]), Sub([1]) + [2][:], [1] + Sub([2]))
for bad in (lambda: [1][:] + (2,), lambda: [1] + None, lambda: (1,) + [2]):
    try:
        bad()
    except TypeError as error:
        print(error)

# Packed ones, and such beside ordinary ones.
big = list(range(3000))
print(len(big[1:] + big[:1]), (big[1:] + ["x"])[-2:], (["x"] + big[:2000])[:3], big[:3], len(big))
print((big[:2] + big[1500:])[:4], (big[1500:] + big[:2])[-3:])
floats = [0.5] * 2000
print(sum(floats[:1500] + floats[:600]), (floats[:1500] + big[:3])[-2:])

# Large ones are copied piece by piece.
large = [None] * 200000
total = large[1:] + large[:2]
print(len(total), total.count(None), len(large))


class Loud:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("gone", self.n)


def pair():
    return [Loud(1)] + [Loud(2)]


kept = pair()
print(len(kept))
kept = kept[1:] + kept[:1]
print([k.n for k in kept])
del kept
kept = [Loud(3), Loud(4)][:1] + [Loud(5)]
print("end", len(kept))
kept.clear()


def grow(depth):
    return [depth] + grow(depth - 1) + [depth] if depth else []


print(grow(4))


def walk():
    got = yield [1]
    yield got + [2] + got


g = walk()
print(next(g), g.send([5]))
