# SPDX-License-Identifier: MIT
# Functions go by name when they can be imported, else by code with defaults, cells and the globals that they name.
# expect: ok
import channels
import sys


def trip(x):
    tx, rx = channels.open()
    tx.send(x)
    return rx.recv()


n = 5
unsendable = (k for k in ())


def add(a, b=2, *, k=3):
    "Adds."
    return a + b + k + n


g = trip(add)
assert g is not add and g(1) == 11 and g(1, 1, k=1) == 8 and g.__doc__ == "Adds."
assert g.__globals__ is not globals() and g.__name__ == "add" and g.__module__ == "__main__"
assert "unsendable" not in g.__globals__ and g.__globals__["n"] == 5


def fact(x):
    return 1 if x < 2 else x * fact(x - 1)


assert trip(fact)(5) == 120


def even(k):
    return True if k == 0 else odd(k - 1)


def odd(k):
    return False if k == 0 else even(k - 1)


assert trip(even)(10) and not trip(odd)(10)


def counter():
    c = 0

    def inc():
        nonlocal c
        c += 1
        return c

    def get():
        return c

    return inc, get


inc, get = trip(counter())
inc()
inc()
assert get() == 2


def make_recursive():
    def down(k):
        return 0 if k == 0 else 1 + down(k - 1)
    return down


assert trip(make_recursive())(5) == 5


def uses_unsendable():
    return unsendable


f = trip(uses_unsendable)
try:
    f()
except NameError as e:
    assert str(e) == "name 'unsendable' is not defined"
else:
    print("no NameError")


def h1():
    return n


def h2():
    return [h1() for _ in range(2)]


a, b = trip((h1, h2))
assert a.__globals__ is b.__globals__ and b() == [5, 5] and b.__globals__["h1"] is a


def uses_module():
    return sys.version_info[:2]


assert trip(uses_module)() == sys.version_info[:2]
assert trip(lambda x, *a, **k: (x, a, k))(1, 2, z=3) == (1, (2,), {"z": 3})


def gen():
    yield 1
    yield n


assert list(trip(gen)()) == [1, 5]


class C:
    def method(self):
        return self.v


c = C()
c.v = 7
assert trip(c.method)() == 7
print("ok")
