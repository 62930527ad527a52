# SPDX-License-Identifier: MIT
# send(ack=True) returns when the message has been received, and tells when it never will be.
# expect: ok
import threading
import channels
from concurrent import interpreters


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        return str(e)
    raise AssertionError(f"no {error.__name__}")


tx, rx = channels.open()
assert "not been received" in raises(TimeoutError, tx.send, 1, timeout=0.01, ack=True)
assert "not been received" in raises(TimeoutError, tx.send, 2, timeout=0, ack=True)
assert rx.recv_many() == [1, 2]  # they had been sent

order = []


def send(obj, **kw):
    try:
        tx.send(obj, ack=True, **kw)
    except Exception as e:
        order.append(type(e).__name__)
    else:
        order.append("acknowledged")


def start(obj, **kw):
    t = threading.Thread(target=send, args=(obj,), kwargs=kw)
    t.start()
    while len(rx) == 0:
        pass
    return t


t = start("x")
assert rx.peek() == "x" and order == []  # a look is no receipt
assert rx.recv() == "x"
t.join()
assert order.pop() == "acknowledged"

# In another interpreter, urgent, in a batch.
with_other = interpreters.create()


def take(rx):
    return rx.recv_many(1) + [next(rx)]


job = with_other.call_in_thread(take, rx)
tx.send("b", ack=True)
tx.send("a", ack=True, urgent=True)
assert job.result() == ["b", "a"]

# The receiver cannot make the value.
class Here:
    pass


bad = start(Here())
try:
    with_other.call(next, rx)
except Exception as e:
    pass
else:
    raise AssertionError("made from nothing")
bad.join()
assert order.pop() == "DroppedError", order

# Nobody will receive it.
t = start("lost")
rx.close()
t.join()
assert order.pop() == "DroppedError" and order == []
assert "nobody can receive" in raises(channels.ClosedError, tx.send, 1, ack=True)

# Hidden from the list of channels, and nothing stays.
assert len(channels.list_all()) == 1, channels.list_all()
print("ok")
