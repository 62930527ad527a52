# SPDX-License-Identifier: MIT
# Threads of one interpreter do everything at random with others: create, run, call, on threads of
# their own, channels, ends that move on, limits, interrupt, stop, reset, close, handles and results
# that are dropped, captured output, asyncio, fork, collections, while others do it with the same
# ones and a thread looks at all of them all the time.
# Usage: churn.py [SECONDS [SEED [THREADS [fork]]]]  fork: os.fork() in the middle, too
# timeout: 180
import gc
import os
import random
import sys
import threading
import time

import channels
from concurrent import interpreters

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
THREADS = int(sys.argv[3]) if len(sys.argv) > 3 else 8
FORK = "fork" in sys.argv

shared = [None] * 4  # interpreters that all use
ends = channels.open(None)  # of channels whose ends wander
wrong = []
STREAMS = "capture", "null"
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


def wander(tx, rx):
    # Takes ends that others have sent, uses them, and sends them and new ones on.
    import channels
    for _ in range(5):
        end = rx.try_recv(None)
        if end is not None:
            try:
                if type(end) is channels.Sender:  # (else a receiver, a list, a buffer)
                    end.try_send([end, "x" * 50])
                elif type(end) is channels.Receiver:
                    end.try_recv(None)
            except channels.Error:
                pass
            tx.try_send(end)
        a, b = channels.open(1)
        tx.try_send(a)
        tx.try_send(b)
        c, d = channels.broadcast(2)
        c.try_send((a, bytearray(1000)))
        tx.try_send(d)
        while len(rx) > 30:
            rx.try_recv(None)
        tx.try_send(channels.share(b"y" * 2000))


def use_asyncio():
    import asyncio
    import channels

    async def give(tx):
        for n in range(5):
            tx.send(n)
            await asyncio.sleep(0)
        tx.close()

    async def main():
        tx, rx = channels.open()
        got = []

        async def take():
            async for n in rx:
                got.append(n)
        await asyncio.wait_for(asyncio.gather(give(tx), take()), 20)
        return got
    assert asyncio.run(main()) == [0, 1, 2, 3, 4]


def use_weakrefs():
    import gc
    import weakref

    class Node:
        pass
    dead = []
    refs = []
    for n in range(50):
        a = Node()
        a.me = [a]
        refs.append(weakref.ref(a, dead.append))
        weakref.finalize(a, dead.append, n)
    del a
    gc.collect()


def fork_here():
    pid = os.fork()
    if pid == 0:
        code = 3
        try:
            gc.collect()
            tx, rx = channels.open()
            i = interpreters.create()
            i.call(square, iter([2]), tx)
            code = 0 if rx.recv() == (2, 4) else 4
            i.close()
        except MemoryError:
            code = 0
        except NotImplementedError:
            code = 0
        finally:
            os._exit(code)
    end = time.monotonic() + 60
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            break
        if time.monotonic() > end:
            os.kill(pid, 6)
            wrong.append("a child of fork() hangs")
            break
        time.sleep(0.01)
    if done and status:
        wrong.append(f"a child of fork() ended with {status}")


def look():
    while time.monotonic() < until and not wrong:
        for interp in list(shared) + interpreters.list_all():
            try:
                if interp is not None:
                    stats = interp.stats()
                    if stats["live_bytes"] > 1 << 32:
                        wrong.append(f"{stats}")
                    interp.limit_left("memory")
                    interp.is_running()
                    interp.take_output()
            except (interpreters.InterpreterError, ValueError):
                pass
        for info in channels.list_all():
            pass
        time.sleep(0.001)


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
    what = rng.randrange(22)
    if what == 0 or interp is None:
        limits = {}
        if rng.random() < 0.3:
            limits["memory"] = rng.randrange(1, 16) << 20
        if rng.random() < 0.2:
            limits["time"] = rng.random() / 20
        shared[k] = interpreters.create(limits=limits, sandbox=rng.random() < 0.2,
                                          stdout=rng.choice(STREAMS))
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
    elif what == 13:
        interp.call(wander, *ends)
    elif what == 14:
        thread = interp.call_in_thread(wander, *ends)
        rng.choice([interp.close, interp.stop, interp.reset, thread.is_alive])()
    elif what == 15:
        interp.call(use_asyncio)
    elif what == 16:
        interp.call(use_weakrefs)
    elif what == 17:
        interp.exec("for k in range(50): print('line', k)")
        interp.take_output()
    elif what == 18:
        shared[k] = None  # whoever uses it keeps it; the last one ends it
    elif what == 19:
        interp.call_in_thread(spin, rng.random() / 100)  # nobody asks for the result
    elif what == 20:
        if FORK and rng.random() < 0.2:
            fork_here()
        while len(ends[1]) > 10:
            ends[1].try_recv(None)
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
workers.append(threading.Thread(target=look))
for t in workers:
    t.start()
for t in workers:
    t.join()
shared.clear()
gc.collect()
if wrong:
    print(f"seed {SEED}: {wrong[0]}")
print("done")  # expect: done
