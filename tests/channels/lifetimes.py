# SPDX-License-Identifier: MIT
# Who is gone and who waits: ends, interpreters and messages end in any order.
# timeout: 120
# expect: ok
import threading
import time
import channels
from concurrent import interpreters
from concurrent.interpreters import ExecutionFailed


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        return e
    raise AssertionError(f"no {error.__name__}")


def wait_until(condition):
    limit = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.002)


# What an interpreter sent outlives it, and so does a channel that it opened.
def send_and_go(tx):
    import channels
    mine, mine_rx = channels.open(3, "of a worker")
    mine.send({"text": "x" * 1000, "list": [1.5] * 100})
    tx.send((mine_rx, "first"))
    tx.send([None])


tx, rx = channels.open()
i = interpreters.create()
i.call(send_and_go, tx)
i.close()
tx.close()
(theirs, word), last = rx
assert word == "first" and last == [None] and theirs.name == "of a worker"
assert list(theirs) == [{"text": "x" * 1000, "list": [1.5] * 100}]


# A worker that fails takes its sender along: the receiver's wait ends.
def fail_soon(tx, rx):
    rx.recv()
    raise KeyError("gone")


tx, rx = channels.open()
go, go_rx = channels.open()
i = interpreters.create()
t = i.call_in_thread(fail_soon, tx, go_rx)
tx.close()
go.send(1)
raises(channels.EndOfStream, rx.recv)
assert "KeyError: 'gone'" in str(raises(ExecutionFailed, t.result))


# A sender that waits hears that the last receiver is gone, and a rendezvous that nobody came.
def fill(tx):
    n = 0
    try:
        while True:
            tx.send(n)
            n += 1
    except channels.ClosedError as e:
        return n, str(e)


for capacity in (0, 1, 5):
    tx, rx = channels.open(capacity)
    i = interpreters.create()
    i.exec("import channels")
    t = i.call_in_thread(fill, tx)
    tx.close()
    wait_until(lambda: len(rx) == capacity and (capacity or rx.stats()["send_waits"]))
    rx.close()
    assert t.result() == (capacity, "nobody can receive from this channel any more"), (capacity, t.result())
    i.close()

# shutdown() ends the waits on both sides.
tx, rx = channels.open()
i = interpreters.create()
t = i.call_in_thread(lambda rx: list(rx), rx)
tx.send_many("ab")
wait_until(lambda: len(rx) == 0)
rx.shutdown()
assert t.result() == ["a", "b"]
raises(channels.ClosedError, tx.send, 1)

# Another thread of the interpreter closes the object that a thread waits on.
for wait in (lambda end: end.recv(), lambda end: next(end), lambda end: channels.select([end]), lambda end: end.recv_many()):
    tx, rx = channels.open()
    result = []

    def waiter():
        try:
            wait(rx)
        except BaseException as e:
            result.append(type(e).__name__)

    thread = threading.Thread(target=waiter)
    thread.start()
    wait_until(lambda: rx.stats()["receive_waits"])
    rx.close()
    thread.join()
    assert result == ["ClosedError"], result

# An end that only a dropped message holds.
tx, rx = channels.open()
inner, inner_rx = channels.open()
tx.send(inner)
inner.close()
assert inner_rx.stats()["senders"] == 1
rx.close()
raises(channels.EndOfStream, inner_rx.recv)

# The interpreter that waits is stopped and goes; what was not received stays for others.
tx, rx = channels.open()
i = interpreters.create()
t = i.call_in_thread(lambda rx: rx.recv(), rx)
wait_until(lambda: rx.stats()["receive_waits"])
i.interrupt()
raises(ExecutionFailed, t.result)
i.close()
tx.send("still there")
assert rx.recv() == "still there"

del tx, rx, inner, inner_rx, theirs, go, go_rx, i, t, thread
import gc
gc.collect()
wait_until(lambda: not channels.list_all())
assert len(interpreters.list_all()) <= 3
print("ok")
