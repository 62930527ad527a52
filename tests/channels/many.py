# SPDX-License-Identifier: MIT
# Many senders, many receivers: each message arrives once, each sender's in order. Longer: quiver many.py 8 1000000
# expect: ok
import sys
import threading
import channels
from concurrent import interpreters

SIDE, EACH = (int(a) for a in sys.argv[1:] or (4, 400))


def send(tx, who, n):
    for k in range(n):
        tx.send((who, k))
    tx.close()


def receive(rx, senders):
    last = [-1] * senders
    total = count = 0
    for who, k in rx:
        assert k > last[who], (who, k, last[who])
        last[who] = k
        total += who * 1_000_003 + k
        count += 1
    rx.close()
    return count, total


def run(capacity):
    tx, rx = channels.open(capacity)
    inside = [interpreters.create() for _ in range(2 * SIDE)]
    takers = [i.call_in_thread(receive, rx, SIDE) for i in inside[:SIDE]]
    givers = [i.call_in_thread(send, tx, who, EACH) for who, i in enumerate(inside[SIDE:])]
    rx.close()
    tx.close()
    for job in givers:
        job.result()
    got = [job.result() for job in takers]
    assert sum(n for n, _ in got) == SIDE * EACH, got
    assert sum(t for _, t in got) == sum(w * 1_000_003 * EACH + EACH * (EACH - 1) // 2
                                         for w in range(SIDE))
    for i in inside:
        i.close()


for capacity in (0, 1, 64, None) if len(sys.argv) < 3 else (64,):
    run(capacity)
assert channels.list_all() == [], channels.list_all()
print("ok")
