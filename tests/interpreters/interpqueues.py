# SPDX-License-Identifier: MIT
# _interpqueues: each function and error as CPython 3.13 has them; unbound items; waiting.
# expect: ok
import threading
import time

import _interpqueues as Q
import _interpreters as I

REMOVE, ERROR, REPLACE = 1, 2, 3


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        assert type(e) is error, type(e)
        return str(e)
    raise AssertionError(f"no {error.__name__}")


class Empty(Exception):
    pass


class Full(Exception):
    pass


class Named:
    def __init__(self, id):
        self._id = id


# Names.
assert Q.QueueNotFoundError.__mro__[1:3] == (Q.QueueError, RuntimeError)
assert (Q.QueueError.__module__, Q.QueueError.__name__) == ("concurrent.interpreters", "QueueError")

# create, list_all, destroy.
before = Q.list_all()
raises(TypeError, Q.create)
raises(TypeError, Q.create, "x", 0, 1)
assert raises(OverflowError, Q.create, 2**70, 0, 1) == "Python int too large to convert to C ssize_t"
for op in (0, -1, 4, 9):
    assert raises(ValueError, Q.create, 0, 0, op) == f"unsupported unboundop {op}"
a = Q.create(-1, -7, REMOVE)
b = Q.create(maxsize=2, fmt=1, unboundop=REPLACE)
assert b == a + 1
assert Q.list_all() == [(b, 1, REPLACE), (a, -7, REMOVE), *before]
assert Q.get_maxsize(a) == -1 and not Q.is_full(a) and Q.get_queue_defaults(a) == (-7, REMOVE)
assert Q.destroy(a) is None
assert raises(Q.QueueNotFoundError, Q.destroy, a) == f"queue {a} not found"

# Numbers.
for f in (Q.bind, Q.release, Q.destroy, Q.get_count, Q.get_maxsize, Q.is_full, Q.get_queue_defaults, Q.get):
    assert raises(Q.QueueNotFoundError, f, 10**9) == "queue 1000000000 not found"
    assert raises(TypeError, f, "x") == "queue ID must be an int, got str"
    assert raises(ValueError, f, -1) == "queue ID must be a non-negative int, got -1"
    assert raises(ValueError, f, -(2**70)) == f"queue ID must be a non-negative int, got {-(2**70)}"
    assert raises(OverflowError, f, 2**64) == f"max queue ID is {2**63 - 1}, got {2**64}"
raises(Q.QueueNotFoundError, Q.put, 10**9, 1, 0, REMOVE)


class Index:
    def __index__(self):
        return b


assert Q.get_count(Index()) == 0

# put and get; the exceptions are the registered ones.
raises(TypeError, Q._register_heap_types)
assert raises(TypeError, Q._register_heap_types, 1, Empty, Full) == "expected a type for 'queuetype'"
assert raises(TypeError, Q._register_heap_types, Named, 1, Full) == "expected an exception type for 'emptyerror'"
assert raises(TypeError, Q._register_heap_types, Named, Empty, int) == "expected an exception type for 'fullerror'"
try:
    Q.get(b)  # nothing is registered: those of concurrent.interpreters
except RuntimeError as e:
    from concurrent.interpreters import QueueEmpty
    assert type(e) is QueueEmpty
Q._register_heap_types(Named, Empty, Full)
assert raises(Empty, Q.get, b) == f"queue {b} is empty"
raises(TypeError, Q.put, b, 1, 0)
assert raises(ValueError, Q.put, b, 1, 0, 9) == "unsupported unboundop 9"
raises(TypeError, Q.put, b, 1, "x", REMOVE)
raises(I.NotShareableError, Q.put, b, threading.Lock(), 0, REMOVE)
assert Q.put(b, {"a": [1, 2]}, 4, REMOVE) is None and not Q.is_full(b)
Q.put(qid=b, obj="z", fmt=-5, unboundop=ERROR)
assert Q.is_full(b) and Q.get_count(b) == 2
assert raises(Full, Q.put, b, 3, 0, REMOVE) == f"queue {b} is full"
assert Q.get(b) == ({"a": [1, 2]}, 4, None) and Q.get(qid=b) == ("z", -5, None)

# References: a queue goes with the last one.
assert raises(Q.QueueError, Q.release, b) == f"queue {b} never bound"
Q.bind(b)
Q.bind(b)
Q.release(b)
assert Q.get_count(b) == 0
Q.release(b)
raises(Q.QueueNotFoundError, Q.release, b)

# A registered class is sent by its _id.
q = Q.create(0, 0, REPLACE)
Q.put(q, [Named(q)], 0, REMOVE)
back = Q.get(q)[0][0]
assert type(back) is Named and back._id == q

# What has been put by an interpreter that ends, or is reset.
for op, left in ((REMOVE, []), (ERROR, [(None, 4, 2)]), (REPLACE, [(None, 4, 3)])):
    for end in (I.destroy, I.reset):
        i = I.create()
        assert I.run_string(i, f"import _interpqueues as Q; Q.put({q}, 5, 4, {op})") is None
        Q.put(q, "mine", 6, REMOVE)
        assert I.run_string(i, f"import _interpqueues as Q; Q.put({q}, 5, 4, {REMOVE})") is None
        assert Q.get_count(q) == 3
        end(i)
        assert Q.get_count(q) == len(left) + 1, (op, end)
        got = [Q.get(q) for _ in range(Q.get_count(q))]
        assert got == [*left, ("mine", 6, None)], got
        if end is I.reset:
            I.destroy(i)

# Waiting: fractions of a second, woken at once; ended by destroy().
start = time.monotonic()
raises(Empty, Q.get, q, timeout=0.03)
assert 0.025 < time.monotonic() - start < 5
raises(ValueError, Q.get, q, timeout=-1)
raises(ValueError, Q.put, q, 1, 0, REMOVE, timeout=float("nan"))
raises(TypeError, Q.get, q, timeout="1")
c = Q.create(1, 0, REMOVE)
i = I.create()
I.run_string(i, f"import _interpqueues as Q; Q.put({c}, 1, 0, {REMOVE})")
raises(Full, Q.put, c, 2, 0, REMOVE, timeout=0.01)
got = []
putter = threading.Thread(target=lambda: Q.put(c, 2, 0, REMOVE, timeout=None))
putter.start()
I.destroy(i)  # removes the item: there is room
putter.join()
assert Q.get(c) == (2, 0, None)


def wait(error, f, *args):
    got.append(raises(error, f, *args, timeout=None))


getters = [threading.Thread(target=wait, args=(Q.QueueNotFoundError, Q.get, c)) for _ in range(3)]
for t in getters:
    t.start()
time.sleep(0.01)
Q.destroy(c)
for t in getters:
    t.join()
assert got == [f"queue {c} not found"] * 3

# An interpreter with fewer capabilities cannot guess numbers.
child = I.create(options={"deny": ["interpreter"]})
info = I.run_string(child, f"import _interpqueues as Q; Q.get({q})")
assert info.type.__name__ == "PermissionError", info
I.destroy(child)
Q.destroy(q)
assert Q.list_all() == before
print("ok")
