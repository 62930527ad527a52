# SPDX-License-Identifier: MIT
# Bounded channels: waiting, timeouts, forms that do not wait.
# expect: ok
import time
import channels


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        return str(e)
    raise AssertionError(f"no {error.__name__}")


tx, rx = channels.open(2, "jobs")
assert (tx.capacity, tx.name, rx.name, tx.id) == (2, "jobs", "jobs", rx.id)
assert repr(tx) == f"<channels.Sender of channel {tx.id} 'jobs', 0 queued>", repr(tx)
assert bool(rx) and len(rx) == 0
tx.send(1)
assert tx.try_send(2) is True and tx.try_send(3) is False and len(tx) == 2
start = time.monotonic()
assert raises(TimeoutError, tx.send, 4, timeout=0.05) == "the channel is full"
assert 0.04 < time.monotonic() - start < 5
raises(TimeoutError, tx.send, 4, timeout=0)
assert rx.recv_many() == [1, 2] and rx.try_recv(7) == 7 and rx.try_recv(None) is None
raises(channels.WouldBlock, rx.try_recv)
start = time.monotonic()
assert raises(TimeoutError, rx.recv, 0.05) == "nothing came through the channel"
assert 0.04 < time.monotonic() - start < 5
raises(TimeoutError, rx.recv, timeout=0)
raises(ValueError, rx.recv, -1)
raises(ValueError, rx.recv, float("nan"))
raises(TypeError, rx.recv, "1")
assert tx.send_many(iter("ab")) == 2 and rx.recv_many(1) == ["a"] and rx.recv() == "b"
s = rx.stats()
assert s["messages"] == 4 == s["received"] and s["high_water"] == 2 and s["depth"] == 0 and s["waits"] == 2 and s["wait_seconds"] > 0.08, s

free, frx = channels.open()
assert free.capacity is None
free.send_many(range(10000))
assert len(frx) == 10000 and frx.recv_many(10) == list(range(10)) and len(frx.recv_many()) == 9990

meet, mrx = channels.open(0)  # a rendezvous: nobody is there to meet
assert meet.try_send(1) is False
raises(TimeoutError, meet.send, 1, timeout=0.01)
raises(ValueError, channels.open, -1)
raises(TypeError, channels.open, "x")
raises(ValueError, channels.open, 1, "a\0b")
raises(TypeError, channels.Sender)
print("ok")
