# SPDX-License-Identifier: MIT
# Receiving from the first of several channels that has something.
# expect: ok
import channels
from concurrent import interpreters


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        return str(e)
    raise AssertionError(f"no {error.__name__}")


a, ra = channels.open()
b, rb = channels.open()
raises(TimeoutError, channels.select, [ra, rb], 0)
raises(TimeoutError, channels.select, [ra, rb], timeout=0.02)
b.send("b")
r, value = channels.select([ra, rb])
assert r is rb and value == "b"
raises(ValueError, channels.select, [])
raises(TypeError, channels.select, [a])
raises(TypeError, channels.select, ra)
b.send("twice")
assert channels.select(iter([ra, rb, rb])) == (rb, "twice")


def feed(tx, n):
    for k in range(n):
        tx.send(k)


w1, w2 = interpreters.create(), interpreters.create()
t1 = w1.call_in_thread(feed, a, 1000)
t2 = w2.call_in_thread(feed, b, 1000)
a.close()
b.close()
got = {ra: [], rb: []}
while True:
    try:
        r, value = channels.select([ra, rb])
    except channels.EndOfStream:
        break
    got[r].append(value)
assert got[ra] == got[rb] == list(range(1000))
t1.result()
t2.result()
print("ok")
