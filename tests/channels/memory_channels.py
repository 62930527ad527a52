# SPDX-License-Identifier: MIT
# Channels themselves, their rings, and what stands for messages in queues count as memory of the interpreter that makes or fills them,
# until they are gone. (Smaller than a channel, and than a ring: what the interpreter's own caches may change by.)
# expect: ok
import channels
from concurrent import interpreters

MB = 1 << 20


def used():
    import gc
    from concurrent import interpreters
    gc.collect()
    return interpreters.get_current().stats()["live_bytes"]


def attempt(f, *args):
    """How far f comes, which keeps what it makes in KEPT, and then memory is short; what is left of it afterwards."""
    import channels
    kept, reserve = [], bytearray(100000)
    try:
        f(kept, *args)
    except MemoryError:
        reserve = None
    else:
        raise AssertionError("no MemoryError")
    n = len(kept)
    for pair in kept:
        for end in pair:
            end.close()
    return n


def open_many(kept):
    import channels
    while True:
        kept.append(channels.open())


def fill_rings(kept):
    import channels
    while True:
        tx, rx = pair = channels.open()
        kept.append(pair)
        for k in range(300):
            tx.send(k)


def fill_one(kept, how):
    import channels
    tx, rx = pair = channels.open()
    kept.append(pair)
    send = {"send": tx.send, "try_send": tx.try_send, "send_many": lambda k: tx.send_many([k] * 100),
            "select": lambda k: channels.select([(tx, k)])}[how]
    k = 0
    while True:
        send(k)
        k += 1


def fill_broadcast(kept, receivers):
    import channels
    tx, rx = channels.broadcast(10**9)
    kept.append((tx, rx, *[rx.dup() for _ in range(receivers - 1)]))
    n = 0
    try:
        while True:
            tx.send(n)
            n += 1
    finally:
        assert n < (16 << 20) / 96 / receivers, n  # each receiver's queue has a block of its own


def move_many(kept):
    import channels
    tx, rx = pair = channels.open()
    kept.append(pair)
    while True:
        tx.send(bytearray(), move=True)


small = interpreters.create(limits={"memory": 16 * MB})
for f, *args in [(open_many,), (fill_rings,), (fill_one, "send"), (fill_one, "try_send"), (fill_one, "send_many"), (fill_one, "select"),
                 (fill_broadcast, 1), (fill_broadcast, 20), (move_many,)]:
    for _ in range(2):  # the error that is kept for when memory is short refers to the last attempt
        small.call(attempt, f, *args)
    small.call(used)
    first = small.call(used)
    n = small.call(attempt, f, *args)
    again = small.call(used)
    assert abs(first - again) < 500, (f.__name__, args, first, again)
    assert f is not open_many or 16 * MB / 4096 < n < 16 * MB / 512, n
    assert f is not fill_rings or n < 16 * MB / (256 * 64), n


# A ring that another interpreter has filled is that one's; it gives it back when it is drained and its receiver waits.
def fill(tx, n):
    for k in range(n):
        tx.send(k)


tx, rx = channels.open()
before = small.call(used)
small.call(fill, tx, 4096)
between = small.call(used)
assert before + 4096 * 64 <= between < before + 4096 * 64 + 9000, (before, between)
assert [rx.recv() for _ in range(4096)] == list(range(4096))
try:
    rx.recv(0.001)
except TimeoutError:
    pass
assert abs(small.call(used) - before) < 500, (before, small.call(used))
small.close()
print("ok")
