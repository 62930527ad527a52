# SPDX-License-Identifier: MIT
# send_many() and recv_many(): short messages, blocks and ends in one batch, through rings, lists and rows; counters; what fails
# in the middle.
# expect: ok
import random
import threading
import channels
from concurrent import interpreters

rng = random.Random(11)


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        return e
    raise AssertionError(f"no {error.__name__}")


def value(k):
    return k if k % 5 else [k, "x" * 100] if k % 10 else (k, "a")


def collect(rx, out, sizes):
    got = []
    state = 7
    while True:
        state = (state * 1103515245 + 12345) % 2**31
        try:
            got += rx.recv_many(sizes[(state >> 8) % len(sizes)])
        except channels.EndOfStream:
            break
    out.send_many(got)
    out.close()


# From one interpreter to another, through each kind of channel.
other = interpreters.create()
N = 3000
for capacity, sizes in ((0, [None]), (1, [None, 2]), (5, [3]), (64, [None, 1, 64, 65]), (1024, [None]), (None, [None, 100])):
    tx, rx = channels.open(capacity)
    out, results = channels.open()
    job = other.call_in_thread(collect, rx, out, sizes)
    rx.close()
    out.close()
    k = 0
    while k < N:
        n = min(N - k, rng.choice([1, 7, 63, 64, 65, 400]))
        assert tx.send_many([value(j) for j in range(k, k + n)]) == n
        k += n
    tx.close()
    got = list(results)
    assert got == [value(j) for j in range(N)], (capacity, len(got))
    job.result()
other.close()

# What is there comes at once, whatever the queue keeps it in.
tx, rx = channels.open()
for n in (10, 5000, 20000):
    assert tx.send_many(list(range(n))) == n
    assert rx.recv_many() == list(range(n)) and len(rx) == 0
tx.send_many((1, 2, 3))
assert rx.recv_many(2) == [1, 2] and rx.recv_many(2) == [3]
tx.send_many([4, 5])
tx.send(3, urgent=True)
assert rx.recv_many() == [3, 4, 5]
raises(TimeoutError, rx.recv_many, timeout=0)
raises(ValueError, rx.recv_many, 0)
assert tx.send_many([]) == 0

# Counted as if each had been sent for itself.
values = [1, "a" * 300, None, [1.5] * 20, -70000, {"k": b"v"}]
one, many = channels.open(16), channels.open(16)
for v in values:
    one[0].send(v)
many[0].send_many(values)
for key in ("messages", "bytes", "depth", "high_water", "received"):
    assert one[1].stats()[key] == many[1].stats()[key], key
assert [one[1].recv() for _ in values] == many[1].recv_many() == values
assert one[1].stats()["received"] == many[1].stats()["received"] == 6

# Ends inside, in the middle; they are good where they arrive.
inner, inner_rx = channels.open(2)
tx.send_many([1, inner, 2, [inner_rx], 3])
inner.close()
inner_rx.close()
a, inner, b, [inner_rx], c = rx.recv_many()
inner.send("through")
assert (a, b, c) == (1, 2, 3) and inner_rx.recv() == "through"

# What cannot be sent: what stands before it has gone.
e = raises(channels.NotShareableError, tx.send_many, [1, 2, threading.Lock(), 3])
assert rx.recv_many() == [1, 2], e

# A full channel: what had room has gone.
tx, rx = channels.open(3)
raises(TimeoutError, tx.send_many, range(5), timeout=0)
raises(TimeoutError, tx.send_many, [7, 8], 0.001)
assert rx.recv_many() == [0, 1, 2]
raises(TimeoutError, tx.send_many, [5, 6, 7, "x" * 100, 9], timeout=0.001)
assert rx.recv_many() == [5, 6, 7]

# Each receiver of a broadcast gets all.
all_, r1 = channels.broadcast(10)
r2 = r1.dup()
assert all_.send_many([1, "b" * 90, 3]) == 3
assert r1.recv_many() == r2.recv_many() == [1, "b" * 90, 3]


# Receiving runs Python, which may close the receiver: what has been taken by then is there.
class Closes:
    def __init__(self, n):
        self.n = n

    def __setstate__(self, state):
        self.n = state["n"]
        if self.n == 1:
            rx.close()


tx, rx = channels.open()
tx.send_many([Closes(k) for k in range(100)] + list(range(100)))
got = rx.recv_many()
assert rx.closed and [o.n for o in got[:3]] == [0, 1, 2] and len(got) >= 3, len(got)
raises(channels.ClosedError, tx.send_many, [1])


# And sending does, too.
class Shuts:
    def __reduce__(self):
        tx.close()
        return int, ()


tx, rx = channels.open()
raises(channels.ClosedError, tx.send_many, [1, Shuts(), 2])
assert list(rx) == []

# Four senders, four receivers, batches of all sizes: each message once, in the order of its sender.
tx, rx = channels.open(100)
parts = []


def give(who):
    rand = random.Random(who)
    k = 0
    while k < 1000:
        n = min(1000 - k, rand.randrange(1, 130))
        tx.send_many([(who, j) for j in range(k, k + n)])
        k += n


def take():
    got = []
    try:
        while True:
            got += rx.recv_many()
    except channels.EndOfStream:
        parts.append(got)


takers = [threading.Thread(target=take) for _ in range(4)]
givers = [threading.Thread(target=give, args=(who,)) for who in range(4)]
for t in takers + givers:
    t.start()
for t in givers:
    t.join()
tx.close()
for t in takers:
    t.join()
assert sorted(sum(parts, [])) == [(who, k) for who in range(4) for k in range(1000)]
for part in parts:
    for who in range(4):
        mine = [k for w, k in part if w == who]
        assert mine == sorted(mine)
rx.close()


# A sender that goes on and on does not keep one recv_many() of a bounded channel.
def flood(tx, n):
    batch = list(range(512))
    for _ in range(n):
        tx.send_many(batch)
    tx.close()


tx, rx = channels.open(1024)
worker = interpreters.create()
task = worker.call_in_thread(flood, tx, 300)
tx.close()
sizes = []
while sum(sizes) < 300 * 512:
    sizes.append(len(rx.recv_many()))
assert max(sizes) < 20000, sizes
task.result()
worker.close()
print("ok")
