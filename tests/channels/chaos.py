# SPDX-License-Identifier: MIT
# Senders and receivers close, are stopped and destroyed at random, messages with ends in flight: what arrives arrives once,
# who is left is told, and nothing stays. Longer: quiver chaos.py ROUNDS SEED
# expect: ok
import random
import sys
import time
import channels
from concurrent import interpreters

ROUNDS, SEED = (int(a) for a in sys.argv[1:] or (4, 7))
rand = random.Random(SEED)


def send(tx, who, n):
    import channels
    k = 0
    try:
        for k in range(n):
            if k % 7 == 3:  # an end inside, whose other side goes at once
                other, end = channels.open()
                other.close()
                tx.send((who, k, end))
                end.close()
            else:
                tx.send((who, k, None), urgent=False)
    except channels.ClosedError:
        return "closed"
    finally:
        tx.close()
    return "all"


def receive(rx, out):
    import channels
    got = []
    try:
        for who, k, end in rx:
            got.append((who, k))
            if end is not None:
                try:
                    end.recv()
                except channels.EndOfStream:
                    pass
                end.close()
            if len(got) == 50:
                out.send(got)
                got = []
    finally:
        rx.close()
    out.send(got)
    out.close()


def end(job):
    try:
        return job.result()
    except Exception as e:
        return type(e).__name__


for round_ in range(ROUNDS):
    tx, rx = channels.open(rand.choice([0, 1, 8, 64, None]))
    out, results = channels.open()
    inside = [interpreters.create() for _ in range(8)]
    takers = [i.call_in_thread(receive, rx, out) for i in inside[:4]]
    givers = [i.call_in_thread(send, tx, who, 400) for who, i in enumerate(inside[4:])]
    rx.close()
    tx.close()
    out.close()
    victims = rand.sample(inside[:4], rand.choice([0, 1, 2, 4])) + rand.sample(inside[4:], rand.choice([0, 1, 2]))
    rand.shuffle(victims)
    for v in victims:
        time.sleep(rand.random() * 0.004)
        v.stop()
        if rand.random() < 0.5:
            try:
                v.close()
            except interpreters.InterpreterError:
                pass  # it is still running: the stop ends it
    ends = [end(j) for j in givers + takers]
    got = [pair for part in results for pair in part]
    assert len(set(got)) == len(got), "twice"
    if not victims:
        assert len(got) == 1600 and ends == ["all"] * 4 + [None] * 4, (len(got), ends)
    results.close()
    for i in inside:
        try:
            i.close()
        except interpreters.InterpreterError:
            pass
assert channels.list_all() == [], channels.list_all()
print("ok")
