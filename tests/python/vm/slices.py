# SPDX-License-Identifier: MIT
# x[a:b] read and assigned on every kind of object and bound; what raises in between.
import sys


class Index:
    def __init__(self, v):
        self.v = v

    def __index__(self):
        print("index", self.v, end="; ")
        return self.v


class Own:
    def __getitem__(self, key):
        return "got", key

    def __setitem__(self, key, value):
        print("set", key, value)

    def __delitem__(self, key):
        print("del", key)


class L(list):
    def __getitem__(self, key):
        return "L", key


class S(str):
    pass


big = 10**30
bounds = [None, 0, 1, 2, 5, 9, -1, -3, -9, True, False, big, -big, sys.maxsize, -sys.maxsize - 1]
for x in ([1, 2, 3, 4, 5], (1, 2, 3, 4, 5), "abcde", "ab\u20acde", b"abcde", bytearray(b"abcde"), range(5), [], "", ()):
    print([x[a:b] for a in bounds for b in bounds])
x = [1, 2, 3]
print(x[:], x[:] is x, x[1:], x[:-1], (1, 2)[:] == (1, 2), "abc"[1:1], memoryview(b"abc")[1:].tobytes())
print(Own()[1:2], Own()[:], Own()["a":], L([1])[0:1], S("abc")[1:], type(S("abc")[0:]))
print(x[Index(1) : Index(2)], "abc"[Index(0) : Index(2)])
for bad in ("a", 1.5, (), Own()):
    for seq in ([1], "a", (1,), b"a", range(2), {}, 5):
        try:
            seq[bad:2]
        except Exception as e:
            print(type(e).__name__, e)
for a in bounds:
    for b in bounds:
        y = [1, 2, 3, 4, 5]
        y[a:b] = "xy"
        print(len(y), y[a:b], end=" ")
print()
y = [1, 2, 3]
y[1:2] = y
print(y)
y[:] = iter(range(3))
print(y)
Own()[1:2] = 5
Own()[:] = None
ba = bytearray(b"abcdef")
ba[1:3] = b"XYZ"
print(ba)
for target, value in (([1], 5), ("abc", "x"), ((1,), [2]), (bytearray(b"a"), "s"), ({}, 1)):
    try:
        target[0:1] = value
    except Exception as e:
        print(type(e).__name__, e)
y = list(range(10))
y[2:4] += [7, 8]
y[8:], z = [1], y[1:3]
print(y, z)
del y[1:3]
del Own()[3:]
print(y)


def local(s, a, b):
    s = s[a:b]
    t = s[a:][:b]
    s[a:b] = t
    return s, t


print(local([1, 2, 3, 4], 1, 3))


class Drop:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("drop", self.n, end=" ")


d = [Drop(1), Drop(2), Drop(3)]
d[0:2] = []
print("|", len(d))
[Drop(4)][0:1]
print("|")
try:
    [Drop(5)][Drop(6) : 1]
except TypeError as e:
    print(e)
e = None
print("end")
d.clear()
