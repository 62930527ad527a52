# SPDX-License-Identifier: MIT
# What a script makes the process keep for it counts, too: each of these would grow without end.
# timeout: 60
# not in: tsan
# expect: ok
import os
import resource
from concurrent import interpreters

LIMIT = 4 << 20
KIND = os.environ.get("QV_TEST_KIND")  # ASan keeps what is freed for a while


def messages():
    import channels
    tx, rx = channels.open()
    while True:
        tx.send("x" * 10000)


def small_messages():
    import channels
    tx, rx = channels.open()
    while True:
        tx.send_many(range(100))


def urgent_messages():
    import channels
    tx, rx = channels.open()
    while True:
        tx.send([1, 2, "three"] * 100, urgent=True)


def moved():
    import channels
    tx, rx = channels.open()
    while True:
        tx.send(bytearray(100000), move=True)


def moved_small():
    import channels
    tx, rx = channels.open()
    while True:
        tx.send(bytearray(400), move=True)


def shared():
    import channels
    kept = []
    while True:
        kept.append(channels.share(bytes(100000)))


def shared_sent():
    import channels
    tx, rx = channels.open()
    while True:
        tx.send(channels.share(bytes(100000)))


def broadcasts():
    import channels
    tx, rx = channels.broadcast(1 << 30)
    while True:
        tx.send(bytes(50000))


def many_channels():
    import channels
    kept = []
    while True:
        kept.append(channels.open(name="a channel of many"))


def subscribers():
    import channels
    tx, rx = channels.broadcast(10)
    kept = []
    while True:
        kept.append(rx.dup())


def chain():
    import channels
    tx, rx = channels.open()
    while True:
        tx2, rx2 = channels.open()
        tx2.send(rx)
        rx = rx2


def queue():
    from concurrent import interpreters
    q = interpreters.create_queue()
    while True:
        q.put([1.5] * 1000)


def queues():
    import _interpqueues
    while True:
        _interpqueues.create(0, 1, 1)


def old_channels():
    import _interpchannels
    kept = []
    while True:
        kept.append(_interpchannels.create(1))


def wide_table():
    import channels
    tx, rx = channels.open()
    one = [[] for _ in range(60000)]
    tx.send([one, one] + [(x, x) for x in one])
    while True:
        tx.send(one + one)


def children_send():
    # Each child fills a channel and ends: what it has left there is not free yet.
    import channels
    from concurrent import interpreters
    tx, rx = channels.open()

    def fill(tx):
        n = 0
        try:
            while True:
                tx.send("x" * 10000)
                n += 1
        except MemoryError:
            return n
    sent = 0
    for _ in range(40):
        i = interpreters.create()
        sent += i.call(fill, tx)
        i.close()
    if not 3_000_000 < sent * 10000 < 4 << 20:
        raise ValueError(sent)
    while rx.try_recv(None):  # what has arrived is the maker's again
        sent -= 1
    i = interpreters.create()
    if sent or i.call(fill, tx) < 150:
        raise ValueError(sent)
    raise MemoryError


def recursion():
    import sys
    sys.setrecursionlimit(190000)

    def deep(a, b, c, d, e, f):
        g = h = i = j = k = l = m = n = o = p = q = r = s = t = u = v = w = x = y = z = a
        return deep(a, b, c, d, e, f)
    while True:
        deep(1, 2, 3, 4, 5, 6)


def threads():
    import _thread
    import time
    go = _thread.allocate_lock()
    go.acquire()

    def wait():
        with go:
            pass
    try:
        while True:
            _thread.start_new_thread(wait, ())
    finally:
        go.release()
        while _thread._count():
            time.sleep(0.001)


def normalized():
    import unicodedata
    while True:
        unicodedata.normalize("NFKD", "\ufdfa" * 500000)
        unicodedata.normalize("NFD", "a" + "\u0301\u0327" * 1000000)


def collated():
    import locale
    while True:
        locale.strxfrm("x" * 3000000)


def formatted():
    while True:
        "%.3000000f" % 1.5
        format(1.5, ".9000000f")


def grouped():
    while True:
        format(1.5, "09000000,.3f")


def marshalled():
    import marshal
    code = compile("f(" + ",".join(f"'{n:0100}'" for n in range(20000)) + ")", "x", "eval")
    while True:
        marshal.dumps(code)
        code = compile("x = " + repr(list(range(200000))), "x", "exec")



BOMBS = [messages, small_messages, urgent_messages, moved, moved_small, shared, shared_sent,
         broadcasts, many_channels, subscribers, chain, queue, queues, old_channels, wide_table,
         children_send, recursion, threads, normalized, collated,
         formatted, grouped, marshalled]


def bomb(f):
    interp = interpreters.create(limits={"memory": LIMIT, "time": 20})
    try:
        interp.call(f)
        print(f.__name__, "ended")
    except interpreters.ExecutionFailed as e:
        if "MemoryError" not in str(e):
            print(f.__name__, str(e)[:300])
    stats = interp.stats()
    if stats["peak_bytes"] > LIMIT:
        print(f.__name__, stats["peak_bytes"])
    # What it has sent is gone with its ends: it can do the same again.
    if interp.call(sum, [1, 2]) != 3:
        print(f.__name__, "left")
    interp.close()


def fill():
    held = []
    while True:
        held.append([held])  # and a cycle: it is freed by the collector alone


# The error comes across wherever the memory ends, though frames hold all of it.
for k in range(40):
    interp = interpreters.create(limits={"memory": (1 << 20) + 1000 * k})
    try:
        interp.call(fill)
    except interpreters.ExecutionFailed as e:
        if "MemoryError" not in str(e):
            print("fill", k, str(e)[:300])
    interp.close()

bomb(messages)  # what all need is there now
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for f in BOMBS:
    bomb(f)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if KIND != "asan" and after - before > 12 * LIMIT >> 10:  # freed memory that the allocator keeps
        print(f.__name__, "grew by", after - before, "KiB")
        before = after
print("ok")
