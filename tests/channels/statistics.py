# SPDX-License-Identifier: MIT
# Counters of each side of a channel, at any time, by whatever way messages go.
# expect: ok
import threading
import time
import channels
from concurrent import interpreters


def waiting(end, key, n=1):
    while end.stats()[key] < n:
        time.sleep(0.001)


def both(rx):
    s = rx.stats()
    assert s["bytes"] == s["received_bytes"] > 0 and s["messages"] == s["received"], s
    return s["messages"]


# Short messages, blocks, ends, urgent ones, batches: what has come is what was sent.
for capacity in (None, 4, 1000):
    tx, rx = channels.open(capacity, "counted")
    other, other_rx = channels.open()
    for value in (1, "x" * 500, other, [other_rx], None):
        tx.send(value)
        half = rx.stats()
        assert half["messages"] == half["received"] + 1 and half["bytes"] > half["received_bytes"]
        rx.recv()
    tx.send(bytearray(1000), move=True)
    rx.recv()
    tx.send("first", urgent=True)
    channels.select([rx])
    channels.select([(tx, "selected")])
    rx.try_recv()
    tx.send_many([1, "y" * 300, 3])
    rx.recv_many()
    assert both(rx) == 11
    s = tx.stats()
    assert s["name"] == "counted" and s["depth"] == 0 and s["high_water"] == 3 and s["waits"] == 0
    assert s["send_wait_seconds"] == s["receive_wait_seconds"] == s["wait_seconds"] == 0.0
    assert s == channels.list_all()[0], (s, channels.list_all())
    for end in (tx, rx, other, other_rx):
        end.close()

# Handed to who sleeps, by both sides, also in a select and a rendezvous: waits and their time are of the side that waited.
for capacity in (1, 0):
    for receive in (lambda rx: rx.recv(), lambda rx: channels.select([rx])[1], lambda rx: rx.recv_many()[0]):
        tx, rx = channels.open(capacity)
        t = threading.Thread(target=receive, args=(rx,))
        t.start()
        waiting(rx, "receive_waits")
        time.sleep(0.002)
        tx.send("come")
        t.join()
        s = rx.stats()
        assert both(rx) == 1 and s["send_waits"] == 0 == s["send_wait_seconds"], s
        assert s["wait_seconds"] == s["receive_wait_seconds"] > 0.001 and s["receive_waits"] >= 1, s
    for send in (lambda tx: tx.send("go"), lambda tx: channels.select([(tx, "go")]), lambda tx: tx.send_many(["go"])):
        tx, rx = channels.open(capacity)
        if capacity:
            tx.send("full")
        t = threading.Thread(target=send, args=(tx,))
        t.start()
        waiting(tx, "send_waits")
        time.sleep(0.002)
        got = [rx.recv() for _ in range(1 + capacity)]
        t.join()
        s = tx.stats()
        assert both(rx) == 1 + capacity and got[-1] == "go" and s["send_wait_seconds"] > 0.001, s

# Of a broadcast: what all receivers have.
all_, one = channels.broadcast(4)
two = all_.subscribe()
all_.send("for all")
one.recv()
two.recv()
s = all_.stats()
assert s["messages"] == 1 and s["received"] == 2 and s["received_bytes"] == 2 * s["bytes"] and s["receivers"] == 2, s

# Read from elsewhere while it goes on, and after its other side has gone.
tx, rx = channels.open(8)
i = interpreters.create()
job = i.call_in_thread(lambda tx: [tx.send(k) for k in range(2000)] and None, tx)
tx.close()
seen = []
for k in rx:
    s = rx.stats()
    seen.append((s["messages"], s["received"], s["depth"]))
    assert s["messages"] == s["received"] + s["depth"] and s["depth"] <= 8, s
job.result()
assert seen == sorted(seen, key=lambda s: s[1]) and seen[-1][:2] == (2000, 2000)
i.close()
print("ok")
