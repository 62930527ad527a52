# SPDX-License-Identifier: MIT
# Receivers that only queues hold which nobody can receive from: the channels end.
# expect: ok
import channels


def closed(tx):
    try:
        tx.send(0)
    except channels.ClosedError:
        return True
    return False


def live():
    return len(channels.list_all())


tx, rx = channels.open()  # through its own channel
tx.send(rx)
assert not closed(tx)
rx.close()
assert closed(tx) and tx.stats()["receivers"] == 0
tx.close()
assert live() == 0, channels.list_all()

a, ra = channels.open()  # in a ring of two, three, with other things around
b, rb = channels.open()
c, rc = channels.open()
d, rd = channels.open()
a.send([rb, 1])
b.send([rc, 2])
c.send([ra, "x" * 1000])
c.send(rd)
d.send("kept by c")
ra.close()
rb.close()
rd.close()
assert not closed(a) and not closed(b) and not closed(d)  # rc can still get all
rc.close()
assert closed(a) and closed(b) and closed(c) and closed(d)
for tx in (a, b, c, d):
    tx.close()
assert live() == 0, channels.list_all()

a, ra = channels.open()  # taken out again in time
b, rb = channels.open()
a.send(rb)
b.send(ra)
rb.close()
got_b = ra.recv()
ra.close()
got_a = got_b.recv()
a.send("both alive")
assert got_a.recv() == "both alive"
for end in (got_a, got_b, a, b):
    end.close()

meet, rmeet = channels.open(1)  # a channel whose last receiver is in the queue of a live one
other, rother = channels.open()
other.send(rmeet)
meet.send(rother.dup())
rmeet.close()
assert not closed(other)
rother.recv().recv().close()
for end in (meet, other, rother):
    end.close()
assert live() == 0, channels.list_all()
print("ok")
