# SPDX-License-Identifier: MIT
# Urgent messages go in front, in their order; a look at the next message leaves it there.
# expect: ok
import threading
import channels


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        return type(e).__name__
    raise AssertionError(f"no {error.__name__}")


tx, rx = channels.open()
tx.send_many("ab")
tx.send("U1", urgent=True)
tx.send("U2", urgent=True)
tx.send("c")
assert rx.peek() == "U1" and len(rx) == 5
assert rx.recv() == "U1" == "U1" and rx.peek() == "U2"
tx.send("U3", urgent=True)
assert rx.recv_many(3) == ["U2", "U3", "a"]
assert tx.try_send("U4", urgent=True) and rx.recv_many() == ["U4", "b", "c"]
tx.send("U5", urgent=True)  # into an empty queue, and an ordinary one behind it
tx.send("d")
assert rx.recv_many() == ["U5", "d"]
assert rx.peek(7) == 7 and raises(channels.WouldBlock, rx.peek) == "WouldBlock"

# Looking at containers, and at ends, which are the same channel's both times.
tx.send([1, {"k": b"x" * 100_000}])
assert rx.peek() == rx.peek() == rx.recv()
a, ra = channels.open()
tx.send((a, "end"))
a.close()
seen = rx.peek()[0]
seen.send(1)
seen.close()
got = rx.recv()[0]
got.send(2)
got.close()
assert list(ra) == [1, 2]

# Senders that wait: urgent ones first.
tx, rx = channels.open(1)
tx.send(0)
threads = []
for k, urgent in ((1, False), (2, False), (3, True), (4, True)):
    t = threading.Thread(target=tx.send, args=(k,), kwargs={"urgent": urgent})
    t.start()
    threads.append(t)
    while tx.stats()["send_waits"] < k:
        pass
assert [rx.recv() for _ in range(5)] == [0, 3, 4, 1, 2]
for t in threads:
    t.join()

# A rendezvous can be looked at while its sender waits.
tx, rx = channels.open(0)
t = threading.Thread(target=tx.send, args=("here",))
t.start()
while rx.peek(None) is None:
    pass
assert rx.peek() == "here" == rx.recv()
t.join()
tx.close()
assert raises(channels.ClosedError, rx.peek) == "EndOfStream"
rx.close()
assert raises(channels.ClosedError, rx.peek) == "ClosedError"
print("ok")
