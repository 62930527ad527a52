# SPDX-License-Identifier: MIT
# Senders of a broadcast: acknowledgement by all receivers, a descriptor, a part in select().
# expect: ok
import select
import threading
import time
import channels


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        return str(e)
    raise AssertionError(f"no {error.__name__}")


def readable(fd):
    return bool(select.select([fd], [], [], 0)[0])


class Fussy:
    def __reduce__(self):
        return (int, ("x",))


# ack: when the last receiver has made its value.
tx, a = channels.broadcast(4)
b, c = a.dup(), tx.subscribe()
got = []
t = threading.Thread(target=lambda: got.append(tx.send("hello", ack=True)))
t.start()
assert a.recv() == "hello" and b.recv() == "hello"
time.sleep(0.01)
assert got == []
assert c.recv() == "hello"
t.join()
assert got == [None]
raises(TimeoutError, tx.send, 1, 0.01, ack=True)
assert [r.recv() for r in (a, b, c)] == [1, 1, 1]


def later(f):
    t = threading.Thread(target=f)
    t.start()
    return t


t = later(lambda: got.append(raises(channels.DroppedError, tx.send, 2, ack=True)))
assert a.recv() == b.recv() == 2
c.close()  # never receives it
t.join()
t = later(lambda: got.append(raises(channels.DroppedError, tx.send, Fussy(), ack=True)))
raises(ValueError, a.recv)
raises(ValueError, b.recv)
t.join()
assert len(got) == 3
a.close(), b.close()
raises(channels.ClosedError, tx.send, 3, ack=True)
tx, a = channels.broadcast(1, slow="drop")
t = later(lambda: got.append(raises(channels.DroppedError, tx.send, 1, ack=True)))
while not len(a):
    pass
tx.send(2)
t.join()
assert a.recv() == 2

# A descriptor: readable while a send would not wait.
tx, a = channels.broadcast(2)
b = a.dup()
tx.send(0)
fd = tx.fileno()
assert tx.dup().fileno() == fd and readable(fd)
tx.send(1)
assert not readable(fd)
a.recv()
assert not readable(fd)
b.recv()
assert readable(fd)
tx.send(2)
assert not readable(fd)
c = tx.subscribe()
a.recv(), b.recv()
tx.send(3)
assert not readable(fd)
a.close()
assert not readable(fd)
b.close()
assert readable(fd)
tx.send(4)
assert not readable(fd)
c.close()
assert readable(fd)  # to fail
raises(channels.ClosedError, tx.send, 5)
tx, a = channels.broadcast(1)
tx.send(1)
fd = tx.fileno()
assert not readable(fd)
tx.shutdown()
assert readable(fd)
tx, a = channels.broadcast(1, slow="drop")
tx.send(1)
assert readable(tx.fileno())

# select(): among others, and by itself.
tx, a = channels.broadcast(1)
b = a.dup()
other, rx = channels.open()
assert channels.select([(tx, 1)], 0) == (tx, None)
raises(TimeoutError, channels.select, [rx, (tx, 2)], 0.01)
other.send("x")
assert channels.select([rx, (tx, 2)]) == (rx, "x")
t = later(lambda: got.append(channels.select([rx, (tx, "two")])))
time.sleep(0.005)
assert a.recv() == 1
time.sleep(0.005)
assert b.recv() == 1
t.join()
assert got.pop() == (tx, None) and a.recv() == b.recv() == "two"
tx.send(3)
t = later(lambda: got.append(raises(channels.ClosedError, channels.select, [(tx, 4)])))
time.sleep(0.005)
a.close()
time.sleep(0.005)
b.close()
t.join()
tx, a = channels.broadcast(1, slow="error")
tx.send(1)
raises(TimeoutError, channels.select, [(tx, 2)], 0.01)
a.recv()
assert channels.select([(tx, 2)], 1) == (tx, None)

# The statistics of a select count what it has sent.
from concurrent import interpreters


def talk(n):
    import channels
    tx, rx = channels.open()
    for _ in range(n):
        channels.select([(tx, bytes(1000))])
    return tx.stats()["bytes"]


assert 10000 < interpreters.create().call(talk, 10) < 11000
print("ok")
