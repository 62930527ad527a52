# SPDX-License-Identifier: MIT
# Select over sends and receives; each ready one has its turn; ends that close are passed over.
# expect: ok
import threading
import channels


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        return type(e).__name__
    raise AssertionError(f"no {error.__name__}")


a, ra = channels.open(1)
b, rb = channels.open(1)
assert channels.select([ra, (b, "to b")]) == (b, None)
assert rb.recv() == "to b"
b.send(1)  # full
assert raises(TimeoutError, channels.select, [ra, (b, 2)], 0.01) == "TimeoutError"
assert raises(TimeoutError, channels.select, [ra, (b, 2)], 0) == "TimeoutError"
a.send("from a")
assert channels.select([(b, 2), ra]) == (ra, "from a")
for wrong in ([b], [(ra, 1)], [(b, 1, 2)], [(b,)], [1]):
    raises(TypeError, channels.select, wrong)
raises(TypeError, channels.select, [(b, threading.Lock())])
assert len(rb) == 1

# Fair: among what is always ready, each has its turn.
many = [channels.open() for _ in range(4)]
for tx, _ in many:
    tx.send_many(range(100))
got = [channels.select([rx for _, rx in many])[0].id for _ in range(200)]
assert all(got.count(rx.id) == 50 for _, rx in many), got

# While it waits, whichever comes first; a rendezvous of two selects.
meet, rmeet = channels.open(0)
results = []
t = threading.Thread(target=lambda: results.append(channels.select([(meet, "hi"), ra])))
t.start()
assert channels.select([rmeet, (b, 3)]) == (rmeet, "hi")
t.join()
assert results == [(meet, None)] and len(rb) == 1
# It does not meet itself.
assert raises(TimeoutError, channels.select, [rmeet, (meet, 1), (meet, 2)], 0.02) == "TimeoutError"
t = threading.Thread(target=lambda: results.append(rmeet.recv()))
t.start()
assert channels.select([(b, 4), (meet, "self")]) == (meet, None)
t.join()
assert results[1] == "self"
t = threading.Thread(target=lambda: results.append(channels.select([(b, "room"), rmeet])))
t.start()
while b.stats()["send_waits"] == 0:
    pass
assert rb.recv() == 1 and rb.recv() == "room"
t.join()

# Both kinds, many threads: all arrive once.
p, rp = channels.open(2)
q, rq = channels.open(0)
sent = [0, 0]


def feed(base):
    for k in range(300):
        end, _ = channels.select([(p, base + k), (q, base + k)])
        sent[end is q] += 1


threads = [threading.Thread(target=feed, args=(1000 * k,)) for k in range(3)]
for t in threads:
    t.start()
values = [channels.select([rp, rq])[1] for _ in range(900)]
for t in threads:
    t.join()
assert sorted(values) == [1000 * k + n for k in range(3) for n in range(300)]

# Ends that close.
t = threading.Thread(target=lambda: results.append(raises(channels.ClosedError, channels.select,
                                                          [(b, 1), ra])))
b.send("full")
t.start()
while b.stats()["send_waits"] < 2:
    pass
rb.close()  # broken: passed over
a.close()   # and now all are
t.join()
assert results[-1] == "EndOfStream", results
assert raises(channels.ClosedError, channels.select, [(b, 1)]) == "ClosedError"
assert raises(channels.ClosedError, channels.select, [ra, (b, 1)]) == "EndOfStream"
ra.close()
assert raises(channels.ClosedError, channels.select, [ra]) == "ClosedError"
print("ok")
