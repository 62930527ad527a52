# SPDX-License-Identifier: MIT
# Many senders and receivers in interpreters of their own: nothing is lost, nothing comes twice, the order of one sender is kept.
# timeout: 120
# expect: ok
import channels
from concurrent import interpreters


def produce(tx, who, n):
    for k in range(n):
        tx.send((who, k))


def consume(rx, out):
    seen = []
    for item in rx:
        seen.append(item)
    out.send(seen)


N = 500
for capacity in (0, 1, 3, None):
    tx, rx = channels.open(capacity)
    out, results = channels.open()
    workers = [interpreters.create() for _ in range(6)]
    threads = [w.call_in_thread(produce, tx, k, N) for k, w in enumerate(workers[:3])]
    threads += [w.call_in_thread(consume, rx, out) for w in workers[3:]]
    for end in (tx, rx, out):
        end.close()
    parts = list(results)
    for t in threads:
        t.result()
    items = [item for part in parts for item in part]
    assert sorted(items) == [(w, k) for w in range(3) for k in range(N)], (capacity, len(items))
    for part in parts:
        for w in range(3):
            mine = [k for who, k in part if who == w]
            assert mine == sorted(mine)
    for w in workers:
        w.close()
    results.close()
assert channels.list_all() == []
print("ok")
