# SPDX-License-Identifier: MIT
# concurrent.interpreters.create_queue() and Queue.
# expect: ok
import pickle
import queue
import threading
import time

from concurrent import interpreters
from concurrent.interpreters import (
    UNBOUND, UNBOUND_ERROR, UNBOUND_REMOVE, ItemInterpreterDestroyed, Queue, QueueEmpty, QueueError,
    QueueFull, QueueNotFoundError, create_queue,
)


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        return str(e)
    raise AssertionError(f"no {error.__name__}")


assert issubclass(QueueEmpty, QueueError) and issubclass(QueueEmpty, queue.Empty)
assert issubclass(QueueFull, QueueError) and issubclass(QueueFull, queue.Full)
assert issubclass(QueueNotFoundError, QueueError) and issubclass(ItemInterpreterDestroyed, QueueError)

# One object for each number; the queue ends with it.
q = create_queue(2)
assert (q.maxsize, q.unbounditems, q.qsize()) == (2, UNBOUND, 0) and q.empty() and not q.full()
assert repr(q) == f"Queue({q.id})" and hash(q) == hash(q.id) and Queue(q.id) is q
assert pickle.loads(pickle.dumps(q)) is q
raises(TypeError, Queue, "1")
raises(AttributeError, setattr, q, "id", 3)
raises(QueueNotFoundError, Queue, 10**9)
raises(NotImplementedError, create_queue, unbounditems=3)
gone = create_queue()
assert gone.maxsize == 0 and not gone.full()
number = gone.id
del gone
raises(QueueNotFoundError, Queue, number)

# put and get.
q.put({"a": (1, 2.5)})
q.put_nowait([None])
assert q.full() and q.qsize() == 2
assert raises(QueueFull, q.put_nowait, 1) == f"queue {q.id} is full"
raises(QueueFull, q.put, 1, False)
start = time.monotonic()
raises(QueueFull, q.put, 1, timeout=0.03)
assert 0.025 < time.monotonic() - start < 5
raises(ValueError, q.put, 1, timeout=-1)
assert q.get() == {"a": (1, 2.5)} and q.get_nowait() == [None]
assert raises(QueueEmpty, q.get_nowait) == f"queue {q.id} is empty"
raises(QueueEmpty, q.get, True, 0.001)
raises(interpreters.NotShareableError, q.put, threading.Lock())
q.put(q)
assert q.get() is q
q.put(UNBOUND)
assert q.get() is UNBOUND

# A queue in flight lives as long as the message that has it.
inner = create_queue()
inner.put("inside")
number = inner.id
q.put([inner, inner])
del inner
got = q.get()
assert got[0] is got[1] and got[0].id == number and got[0].get() == "inside"
del got
raises(QueueNotFoundError, Queue, number)
first = create_queue()  # one inside the other, many times: they go one after the other
number = first.id
for _ in range(3000):
    outer = create_queue()
    outer.put(first)
    first = outer
del first, outer
raises(QueueNotFoundError, Queue, number)


# In both directions, each waiting for the other.
def echo(rx, tx):
    while (item := rx.get()) is not None:
        tx.put((item, rx.id))


back = create_queue(1)
i = interpreters.create()
t = i.call_in_thread(echo, q, back)
for k in range(300):
    q.put(k)
    assert back.get() == (k, q.id)
q.put(None)
t.join()
t.result()

# More senders and receivers than cores: nothing is lost or comes twice.
many = create_queue(3)


def send(q, base):
    for k in range(100):
        q.put(base + k)


def drain(q, out):
    got = []
    while (item := q.get()) is not None:
        got.append(item)
    out.put(got)


out = create_queue()
workers = [interpreters.create() for _ in range(6)]
senders = [w.call_in_thread(send, many, 1000 * n) for n, w in enumerate(workers[:3])]
drains = [w.call_in_thread(drain, many, out) for w in workers[3:]]
for t in senders:
    t.result()
for _ in drains:
    many.put(None)
for t in drains:
    t.result()
lists = [out.get() for _ in drains]
assert sorted(sum(lists, [])) == [1000 * n + k for n in range(3) for k in range(100)]
for got in lists:  # in the order of each sender
    for n in range(3):
        mine = [k for k in got if k // 1000 == n]
        assert mine == sorted(mine)


# What has been put by an interpreter that ends.
def leave(q, default, error, remove):
    q.put(1)
    q.put(2, unbounditems=error)
    q.put(3, unbounditems=remove)


q = create_queue()
w = workers[0]
w.call(leave, q, UNBOUND, UNBOUND_ERROR, UNBOUND_REMOVE)
q.put("mine")
assert q.qsize() == 4
w.close()
assert q.qsize() == 3 and q.get() is UNBOUND
assert raises(ItemInterpreterDestroyed, q.get) == "item's original interpreter destroyed"
assert q.get() == "mine" and q.empty()
assert repr(UNBOUND).endswith(".UNBOUND>")

# An interrupt ends the wait.
t = workers[1].call_in_thread(q.get)
while not t.is_alive():
    pass
time.sleep(0.01)
workers[1].interrupt()
try:
    t.result()
    raise AssertionError
except interpreters.ExecutionFailed as e:
    assert e.excinfo.type.__name__ == "KeyboardInterrupt", e
q.put(1)
assert q.get() == 1

# All of the process's: an interpreter that has another family sees none (tests/embed), this one all.
from concurrent.interpreters import _queues
assert q in _queues.list_all() and many in _queues.list_all()
ns = {}
exec("from concurrent.interpreters import *", ns)
assert ns["create_queue"] is create_queue and ns["Queue"] is Queue
assert "Queue" in dir(interpreters)
raises(AttributeError, getattr, interpreters, "nothing")
print("ok")
