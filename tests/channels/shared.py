# SPDX-License-Identifier: MIT
# Shared and cyclic references inside one message survive.
# expect: ok
import channels


def trip(x):
    tx, rx = channels.open()
    tx.send(x)
    return rx.recv()


inner = [1]
text = "some text that is shared"
r = trip([inner, inner, text, [text], {"k": inner}])
assert r[0] is r[1] is r[4]["k"] and r[2] is r[3][0]

loop = [1]
loop.append(loop)
r = trip(loop)
assert r[1] is r and r[0] == 1 and len(r) == 2

d = {}
d["me"] = d
r = trip(d)
assert r["me"] is r

t = ([],)
t[0].append(t)
r = trip(t)
assert r[0][0] is r


class Node:
    def __init__(self, name):
        self.name = name
        self.next = self


a, b = Node("a"), Node("b")
a.next, b.next = b, a
r = trip(a)
assert type(r) is Node and r.name == "a" and r.next.name == "b" and r.next.next is r

s = {a, b}
r = trip((s, a))
assert len(r[0]) == 2 and r[1] in r[0]

deep = []
for _ in range(300):
    deep = [deep]
r, n = trip(deep), 0
while r:
    r, n = r[0], n + 1
assert n == 300
too_deep = []
for _ in range(10**5):
    too_deep = [too_deep]
try:
    trip(too_deep)
except RecursionError:
    pass
else:
    print("no RecursionError")
print("ok")
