# SPDX-License-Identifier: MIT
# Broadcast channels: each receiver gets each message from then on; what a slow one does to the sender.
# expect: ok
import asyncio
import threading
import channels
from concurrent import interpreters


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        return type(e).__name__
    raise AssertionError(f"no {error.__name__}")


tx, rx = channels.broadcast(4, "news")
assert tx.name == rx.name == "news" and tx.capacity == 4
tx.send([1])
late = rx.dup()
tx.send({"k": [2]})
assert rx.recv_many() == [[1], {"k": [2]}] and late.recv_many() == [{"k": [2]}]
third = tx.subscribe()
tx.send_many("abc")
assert [list(map(r.recv, [None] * 3)) for r in (rx, late, third)] == [list("abc")] * 3
tx.send("urgent", urgent=True)
assert third.peek() == "urgent" == third.recv() == rx.recv() and len(tx) == 1 == len(late)
late.close()
third.close()
assert tx.stats()["receivers"] == 1 and tx.stats()["messages"] == 6
rx.close()
assert raises(channels.ClosedError, tx.send, 1) == "ClosedError"
again = tx.subscribe()
tx.send(1)
tx.close()
assert list(again) == [1]
assert raises(channels.EndOfStream, again.dup().recv) == "EndOfStream"
again.close()
assert channels.list_all() == [], channels.list_all()

for wrong in ((0,), (-1,), (1, 2)):
    raises((ValueError, TypeError), channels.broadcast, *wrong)
raises(ValueError, channels.broadcast, slow="no")
raises(ValueError, channels.open()[0].subscribe)

# Policies.
tx, fast = channels.broadcast(2)
slow = fast.dup()
tx.send_many([0, 1])
assert fast.recv_many() == [0, 1]
assert not tx.try_send(2) and raises(TimeoutError, tx.send, 2, timeout=0.01) == "TimeoutError"
assert len(fast) == 0  # all or nobody
t = threading.Thread(target=tx.send, args=(2,))
t.start()
assert slow.recv() == 0 and fast.recv() == 2
t.join()
t = threading.Thread(target=tx.send, args=(3,))
before = tx.stats()["send_waits"]
t.start()
slow.close()  # who goes holds nobody up
t.join()
assert fast.recv() == 3
assert channels.select([fast.dup(), fast], 0) if tx.try_send(4) else False
tx.close()
fast.close()

tx, a = channels.broadcast(2, slow="drop")
b = a.dup()
tx.send_many([0, 1])
assert a.recv_many() == [0, 1]
tx.send_many([2, 3])
assert a.recv_many() == [2, 3] == b.recv_many() and b.stats()["dropped"] == 2 == tx.stats()["dropped"]

tx, a = channels.broadcast(1, slow="error")
b = a.dup()
tx.send(0)
a.recv()
assert raises(channels.WouldBlock, tx.send, 1) == "WouldBlock" and not tx.try_send(1)
assert len(a) == 0 and b.recv() == 0

# A thread that waits is told when its end is closed.
tx, a = channels.broadcast(1)
tx.send(1)
seen = []
t = threading.Thread(target=lambda: seen.append(raises(channels.ClosedError, tx.send, 2)))
t.start()
while not tx.stats()["send_waits"] and not seen:
    pass
tx.close()
t.join()
assert seen == ["ClosedError"] and list(a) == [1]


# In other interpreters: a receiver sent is another receiver. Several senders, one order for all.
def listen(rx):
    return list(rx)


def talk(tx, who):
    for k in range(100):
        tx.send((who, k))
    tx.close()


tx, rx = channels.broadcast(8)
workers = [interpreters.create() for _ in range(3)]
jobs = [w.call_in_thread(listen, rx) for w in workers]
talkers = [threading.Thread(target=talk, args=(tx.dup(), who)) for who in range(3)]
while tx.stats()["receivers"] < 4:
    pass
for t in talkers:
    t.start()
tx.close()


async def read():
    return [obj async for obj in rx]


heard = [asyncio.run(read())] + [j.result() for j in jobs]
assert all(h == heard[0] for h in heard) and len(heard[0]) == 300
assert all([k for w, k in heard[0] if w == who] == list(range(100)) for who in range(3))
print("ok")
