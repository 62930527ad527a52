# SPDX-License-Identifier: MIT
"""One thread answers a socket while another one computes (io_beside.py runs this).

Usage: io_beside_program.py SECONDS

A child process asks; of this one, a thread answers each byte with a byte and the main thread
computes. Prints one JSON object: round trips in us (quiet: nobody computes; calm: one question
each millisecond; flood: the next one as soon as the answer is there; pipe: 16 questions under way),
and the speed of the computing thread in each phase against its speed alone. In `other` the flood
is answered by another process: what the machine itself takes from the computing thread.
`late` is the time of the round trips beyond 1 ms, `queued` the time that asker and answerer could
have run and the kernel ran others (schedstat), in ms: where both are alike, it is not the lock.
"""
import json
import os
import socket
import sys
import threading
import time

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
now = time.perf_counter_ns


def queued():
    """ns that this thread could have run and did not."""
    try:
        with open(f"/proc/self/task/{threading.get_native_id()}/schedstat", encoding="ascii") as f:
            return int(f.read().split()[1])
    except (OSError, IndexError):
        return 0


def answer(sock, waits=None):
    before = queued()
    try:
        while data := sock.recv(64):
            sock.send(data)
    except BrokenPipeError:
        pass  # 16 questions were under way
    if waits is not None:
        waits.append(queued() - before)


def ask(sock, kind):
    """Round trips in ns, sorted."""
    sock.settimeout(10)
    times = []
    end = now() + int(SECONDS * 1e9)
    width = 16 if kind == "pipe" else 1
    started = []
    if kind == "pipe":
        for _ in range(width):
            started.append(now())
            sock.send(b"x")
    while True:
        start = now()
        if start >= end:
            break
        if kind != "pipe":
            sock.send(b"x")
            sock.recv(64)
            times.append(now() - start)
            if kind == "calm":
                time.sleep(0.001)
        else:
            for _ in sock.recv(64):
                times.append(now() - started.pop(0))
                started.append(now())
                sock.send(b"x")
    times.sort()
    return times


def child(work, kind, ret):
    """A process that calls work(kind) and writes the summary to a pipe."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        before = queued()
        times = work(kind)
        n = len(times)
        line = json.dumps({"n": n, "median": times[n // 2] / 1e3, "p99": times[n * 99 // 100] / 1e3,
                           "max": times[-1] / 1e3, "late": sum(t for t in times if t > 1e6) / 1e6,
                           "queued": (queued() - before) / 1e6})
        os.write(ret, line.encode())
        status = 0
    finally:
        os._exit(status)


def spin(n):
    x = 0
    for i in range(n):
        x = (x * 3 + i) & 0xFFFF
    return x


def compute(until):
    """Rounds each second until until() is true."""
    rounds = 0
    start = now()
    while not until():
        spin(2000)
        rounds += 1
    return rounds / (now() - start) * 1e9


def phase(kind):
    """Summary of the asker, and the speed of the main thread meanwhile."""
    mine, theirs = socket.socketpair()
    out, ret = os.pipe()

    def work(kind):
        mine.close()
        return ask(theirs, kind)

    answerer = None
    waits = []
    if kind == "other":
        answerer = os.fork()
        if not answerer:
            theirs.close()
            answer(mine)
            os._exit(0)
    pid = child(work, "flood" if kind == "other" else kind, ret)
    os.close(ret)
    theirs.close()
    if kind == "other":
        mine.close()
        thread = threading.Thread(target=os.waitpid, args=(answerer, 0))
    else:
        thread = threading.Thread(target=answer, args=(mine, waits))
    thread.start()
    speed = None if kind == "quiet" else compute(lambda: not thread.is_alive())
    thread.join()
    os.waitpid(pid, 0)
    summary = json.loads(os.read(out, 4096))
    os.close(out)
    summary["speed"] = speed
    summary["queued"] += sum(waits) / 1e6
    return summary


def alone():
    end = now() + int(SECONDS * 1e9 / 2)
    return compute(lambda: now() >= end)


def main():
    result = {}
    for kind in ("quiet", "other", "calm", "flood", "pipe"):
        before = alone()
        result[kind] = phase(kind)
        after = alone()
        if result[kind]["speed"]:
            result[kind]["speed"] /= (before + after) / 2
    print(json.dumps(result))


if __name__ == "__main__":
    main()
