# SPDX-License-Identifier: MIT
# Threads of one interpreter do everything at random with others: create, run, call, on threads of
# their own, channels, limits, interrupt, stop, reset, close, while others do it with the same ones.
# Usage: churn.py [SECONDS [SEED [THREADS]]]
# timeout: 180
import gc
import random
import sys
import threading
import time

import channels
from concurrent import interpreters

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
THREADS = int(sys.argv[3]) if len(sys.argv) > 3 else 8

shared = [None] * 4  # interpreters that all use
wrong = []
# What another thread may have done to the interpreter meanwhile.
MEANWHILE = interpreters.InterpreterError, channels.Error, MemoryError


def square(jobs, results):
    for n in jobs:
        results.send((n, n * n))


def spin(seconds):
    import time
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
    return seconds


def deep(n):
    return [deep(n - 1)] if n else []


def through_channels(interp):
    give, jobs = channels.open(2)
    results, take = channels.open()
    thread = interp.call_in_thread(square, jobs, results)
    jobs.close()
    results.close()
    try:
        for n in range(20):
            give.send(n, timeout=5)
        give.close()
        got = list(take)
        thread.result(timeout=30)
    except BaseException:
        try:
            thread.result(timeout=30)
        except BaseException:
            pass
        raise
    if got != [(n, n * n) for n in range(20)]:
        wrong.append(f"{got} came through")


def step(rng):
    k = rng.randrange(len(shared))
    interp = shared[k]
    what = rng.randrange(14)
    if what == 0 or interp is None:
        limits = {}
        if rng.random() < 0.3:
            limits["memory"] = rng.randrange(1, 16) << 20
        if rng.random() < 0.2:
            limits["time"] = rng.random() / 20
        shared[k] = interpreters.create(limits=limits, sandbox=rng.random() < 0.2)
    elif what == 1:
        interp.close()
    elif what == 2:
        interp.reset()
    elif what == 3:
        interp.interrupt()
    elif what == 4:
        interp.stop()
    elif what == 5:
        interp.set_limit(rng.choice(["time", "fuel", "cpu"]), rng.choice([None, 1000, 100000]))
    elif what == 6:
        if interp.call(sum, [1, 2, 3]) != 6:
            wrong.append("sum")
    elif what == 7:
        interp.exec("x = [[]] * 100\nimport json\nassert json.loads('[1]') == [1]")
    elif what == 8:
        interp.exec("class E:\n    def __del__(self): self.me = [self]\ne = E(); e.e = e\n1/0")
    elif what == 9:
        through_channels(interp)
    elif what == 10:
        thread = interp.call_in_thread(spin, rng.random() / 100)
        rng.choice([interp.stop, interp.interrupt, interp.is_running, interp.stats])()
        thread.result(timeout=30)
    elif what == 11:
        depth = rng.randrange(1, 100)
        if interp.call(deep, depth) != deep(depth):
            wrong.append("deep")
    elif what == 12:
        interp.exec("import threading\n"
                    "ts = [threading.Thread(target=sum, args=(range(1000),)) for _ in range(2)]\n"
                    "for t in ts: t.start()\n"
                    "for t in ts: t.join()\n")
    else:
        gc.collect(rng.randrange(3))


def work(number):
    rng = random.Random(SEED * 1000 + number)
    while time.monotonic() < until and not wrong:
        try:
            step(rng)
        except MEANWHILE as e:
            if "AssertionError" in str(e):
                wrong.append(str(e))
        except Exception as e:
            wrong.append(repr(e))


until = time.monotonic() + SECONDS
workers = [threading.Thread(target=work, args=(n,)) for n in range(THREADS)]
for t in workers:
    t.start()
for t in workers:
    t.join()
shared.clear()
gc.collect()
if wrong:
    print(f"seed {SEED}: {wrong[0]}")
print("done")  # expect: done
