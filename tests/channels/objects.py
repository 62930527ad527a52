# SPDX-License-Identifier: MIT
# Instances go by class and state; __reduce_ex__ and its relatives are honoured.
# expect: ok
import channels


def trip(x):
    tx, rx = channels.open()
    tx.send(x)
    return rx.recv()


class Plain:
    pass


p = Plain()
p.x, p.y = [1], "two"
r = trip(p)
assert type(r) is Plain and r.__dict__ == {"x": [1], "y": "two"}
for k in range(100):
    setattr(p, f"a{k}", k)
assert trip(p).__dict__ == p.__dict__
assert trip(Plain()).__dict__ == {}


class Slotted:
    __slots__ = ("a", "b")


s = Slotted()
s.a = 3
r = trip(s)
assert r.a == 3 and not hasattr(r, "b")


class WithState:
    def __getstate__(self):
        return {"z": 9}

    def __setstate__(self, state):
        self.__dict__.update(state)
        self.y = 1


r = trip(WithState())
assert r.z == 9 and r.y == 1


class List(list):
    pass


x = List([1, 2, 3])
x.k = 5
x.append(x)
r = trip(x)
assert r[:3] == [1, 2, 3] and r.k == 5 and r[3] is r and type(r) is List


class Dict(dict):
    pass


r = trip(Dict(a=1))
assert r == {"a": 1} and type(r) is Dict


class Int(int):
    pass


r = trip(Int(7))
assert r == 7 and type(r) is Int


class Reduced:
    def __init__(self, n):
        self.n = n

    def __reduce__(self):
        return Reduced, (self.n + 1,), {"more": True}


r = trip(Reduced(1))
assert r.n == 2 and r.more


class Broken:
    def __reduce__(self):
        raise RuntimeError("own error")


try:
    trip(Broken())
except RuntimeError as e:
    assert str(e) == "own error"
else:
    print("not raised")

assert trip(len) is len and trip(int) is int and trip(Plain) is Plain and trip(channels) is channels
assert trip("abc".upper)() == "ABC" and trip(str.upper)("x") == "X"
assert trip(Plain.__init__) is object.__init__
print("ok")
