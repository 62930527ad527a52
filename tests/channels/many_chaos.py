# SPDX-License-Identifier: MIT
# Many senders and receivers, half of them by batches, while guests come, send or receive with them, close their ends, or are
# stopped and destroyed at any moment: nothing comes twice, nothing is lost but what a guest had in its hands when it was stopped.
# Longer: quiver many_chaos.py 8 1000000 SEED
# timeout: 200
# expect: ok
import random
import sys
import threading
import time
import channels
from concurrent import interpreters

SIDE, EACH, SEED = (int(a) for a in (sys.argv[1:] + [4, 2500, 1][len(sys.argv) - 1:]))
rand = random.Random(SEED)


def send(tx, who, n):
    if who % 2:
        for k in range(n):
            tx.send((who, k))
    else:
        for k in range(0, n, 100):
            tx.send_many([(who, j) for j in range(k, min(k + 100, n))])
    tx.close()


def receive(rx, out, number, senders, n):
    """Marks each message that has come; those of guests are counted: {guest: (count, last)}."""
    marks = [bytearray(n) for _ in range(senders)]
    last = [-1] * senders
    guests = {}

    def note(who, k):
        if who >= senders:
            count, before = guests.get(who, (0, -1))
            assert k > before, (who, k, before)
            guests[who] = count + 1, k
        else:
            assert k > last[who], (who, k, last[who])
            last[who] = k
            marks[who][k] = 1

    if number % 2:
        for who, k in rx:
            note(who, k)
    else:
        try:
            while True:
                for who, k in rx.recv_many(500):
                    note(who, k)
        except EOFError:
            pass
        except Exception as e:
            if type(e).__name__ != "EndOfStream":
                raise
    rx.close()
    out.send([[bytes(m) for m in marks], guests])
    out.close()


def guest_receive(rx, out, most):
    for _, message in zip(range(most), rx):
        out.send(message)
    rx.close()


def guest_send(tx, who):
    k = 0
    while True:
        tx.send((who, k))
        k += 1


def destroy(i):
    while True:
        try:
            return i.close()
        except interpreters.InterpreterError:
            time.sleep(0.001)  # the stop is on its way


class Party(threading.Thread):
    """Guests of one kind, one after the other, until it is over."""

    def __init__(self, tx, rx, out, number):
        super().__init__()
        self.tx, self.rx, self.out = tx, rx, out
        self.number, self.rand = number, random.Random(SEED + number)
        self.guests, self.receivers, self.over = 0, 0, False

    def run(self):
        while not self.over:
            i = interpreters.create()
            if self.number % 2:
                self.receivers += 1
                job = i.call_in_thread(guest_receive, self.rx, self.out, self.rand.choice([0, 3, 40, 10**9]))
            else:
                job = i.call_in_thread(guest_send, self.tx, 100 + 4 * self.guests + self.number)
            self.guests += 1
            time.sleep(self.rand.random() * 0.005)
            i.stop()
            try:
                job.result()
            except interpreters.ExecutionFailed as e:
                assert e.excinfo.type.__name__ == "KeyboardInterrupt", e
            destroy(i)


tx, rx = channels.open(64)
out, results = channels.open()
visits, visited = channels.open()
inside = [interpreters.create() for _ in range(2 * SIDE)]
takers = [i.call_in_thread(receive, rx, out, k, SIDE, EACH) for k, i in enumerate(inside[:SIDE])]
parties = [Party(tx.dup(), rx.dup(), visits.dup(), k) for k in range(4)]
for p in parties:
    p.start()
givers = [i.call_in_thread(send, tx, who, EACH) for who, i in enumerate(inside[SIDE:])]
rx.close()
tx.close()
out.close()
visits.close()
for job in givers:
    job.result()
for p in parties:
    p.over = True
for p in parties:
    p.join()
    for end in (p.tx, p.rx, p.out):
        end.close()
everything = [bytearray(EACH) for _ in range(SIDE)]
guests = {}
for who, k in visited:  # what guests have received
    if who < SIDE:
        assert not everything[who][k], ("twice", who, k)
        everything[who][k] = 1
    else:
        count, last = guests.get(who, (0, -1))
        guests[who] = count + 1, max(last, k)
for marks, theirs in results:
    for who, mark in enumerate(marks):
        before, now = int.from_bytes(everything[who], "little"), int.from_bytes(mark, "little")
        assert before & now == 0, ("twice", who)
        everything[who] = (before | now).to_bytes(EACH, "little")
    for who, (count, last) in theirs.items():
        both = guests.get(who, (0, -1))
        guests[who] = both[0] + count, max(both[1], last)
for job in takers:
    job.result()
lost = sum(EACH - sum(marks) for marks in everything) + sum(last + 1 - count for count, last in guests.values())
assert all(last + 1 >= count for count, last in guests.values()), guests
hands = sum(p.receivers for p in parties)
assert 0 <= lost <= hands, (lost, hands)
if len(sys.argv) > 1:
    print(f"{SIDE} x {SIDE} x {EACH} messages, {sum(c for c, _ in guests.values())} of {sum(p.guests for p in parties)} guests; "
          f"{lost} went with one of {hands} stopped receivers")
for i in inside:
    i.close()
del inside, parties, p, i
visited.close()
results.close()
assert channels.list_all() == [], channels.list_all()
print("ok")
