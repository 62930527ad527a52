# SPDX-License-Identifier: MIT
# Hand-overs between threads that look for the next message before they sleep: values short and long
# in turns, other threads of the same interpreter, descriptors and urgent messages in between.
# expect: ok
import threading
import time
from concurrent import interpreters

import channels

VALUES = [0, -1, 63, 64, -65, 2**31, -(2**63), 2**63 - 1, 2**63, 10**30, 0.0, -0.0, 1e300, True, False,
          None, "", "a", "xyz", "\xe4\xff", "\u20ac", "\U0001f600", "s" * 52, "s" * 53, "\xe9" * 60, b"",
          b"bytes", b"y" * 53, b"y" * 60, (), (1, "two", 3.0), [1, [2, [3]]], {"id": 1, "v": [1.5, 2.5]},
          {"long": "x" * 200}, list(range(100)), range(3), 2j, ..., "x" * 5000]

other = interpreters.create()
tx, other_rx = channels.open(4)
other_tx, rx = channels.open(1)
other.prepare_main(rx=other_rx, tx=other_tx)
other_rx.close()
other_tx.close()
thread = threading.Thread(target=other.exec, args=("for value in rx:\n    tx.send(value)\n",))
thread.start()


def same(a, b):
    return type(a) is type(b) and repr(a) == repr(b)


for turn in range(20):
    for value in VALUES:
        tx.send(value)
        got = rx.recv()
        assert same(value, got), (value, got)

# Several on the way: order, also of what is sent one by one and received many at a time.
got = []
for k in range(2000):
    tx.send(k if k % 3 else [k, "x" * (k % 90)])
    if k - len(got) >= 3:
        got += [rx.recv()] if k % 5 else rx.recv_many(3)
while len(got) < 2000:
    got += rx.recv_many()
assert [g if type(g) is int else g[0] for g in got] == list(range(2000))

# Another thread of this interpreter computes meanwhile, and both get on.
stop, turns = False, 0


def compute():
    global turns
    while not stop:
        turns += 1


busy = threading.Thread(target=compute)
busy.start()
before = turns
for k in range(100):
    tx.send(k)
    assert rx.recv() == k
while turns == before:
    time.sleep(0.001)
stop = True
busy.join()

# From the time on that a descriptor is there, each message is shown by it.
fd = rx.fileno()
for k in range(50):
    tx.send(k)
    assert rx.recv() == k
assert rx.fileno() == fd

s = rx.stats()
assert s["messages"] == s["received"] == 20 * len(VALUES) + 2000 + 150, s
tx.close()
thread.join()
other.close()

# Depth, high-water mark and bytes of short messages; urgent ones in front.
tx, rx = channels.open(100)
for k in range(30):
    tx.send(k)
tx.send("first", urgent=True)
tx.send("second", urgent=True)
s = tx.stats()
assert (s["depth"], s["high_water"], s["messages"], len(rx)) == (32, 32, 32, 32), s
assert s["bytes"] > 60, s
assert rx.peek() == "first" and rx.recv() == "first" and rx.peek() == "second"
assert rx.recv_many(4) == ["second", 0, 1, 2] and rx.peek() == 3
tx.send_many(range(30, 80))
assert list(rx.recv_many()) == list(range(3, 80))
assert tx.stats()["high_water"] == 77 and tx.try_send(1) and rx.try_recv() == 1

# More than the channel's ring takes.
tx, rx = channels.open()
tx.send_many(range(5000))
for k in range(5000, 10000):
    tx.send(k)
assert len(rx) == 10000
assert [rx.recv() for _ in range(6000)] == list(range(6000))
tx.send(10000)
tx.close()
assert list(rx) == list(range(6000, 10001))

# A receiver that looks, or sleeps, hears a stop, a close and the end of the stream.
for pause in 0, 0.002:
    tx, rx = channels.open(8)
    mine, theirs = channels.open(8)
    i = interpreters.create()
    i.prepare_main(rx=rx, tx=mine)
    mine.close()
    t = threading.Thread(target=lambda: i.exec("for v in rx: tx.send(v + 1)"))
    t.start()
    for k in range(300):
        tx.send(k)
        assert theirs.recv() == k + 1
    time.sleep(pause)
    tx.close()
    t.join()
    rx.close()
    i.close()
    try:
        theirs.recv(timeout=10)
    except channels.EndOfStream:
        pass
    else:
        raise AssertionError
print("ok")
