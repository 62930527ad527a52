# SPDX-License-Identifier: MIT
"""The Python side of bench_channels (channels.c): functions that give nanoseconds, floats."""
import os
import threading
from time import perf_counter_ns, sleep

import channels
from concurrent import interpreters

WORKER = """
import os
from time import perf_counter_ns

if processors:  # the main thread has one to itself
    os.sched_setaffinity(0, processors)

VALUES = {
    'ints': 7,
    'dicts': {'id': 1, 'name': 'abc', 'v': [1.5, 2.5]},
    'tuples': (1, 'abc', 2.5),
    'list_ints': [k % 1000 for k in range(1_000_000)],
    'list_floats': [k * 0.5 for k in range(1_000_000)],
    'mib': bytes(1 << 20),
}


def echo(n):
    recv, send = rx.recv, tx.send
    for _ in range(n):
        send(recv())


def stamp(n):
    recv = rx.recv
    took = []
    for _ in range(n):
        sent = recv()
        took.append(perf_counter_ns() - sent)
    took.sort()
    tx.send(took[n // 2])


def source(kind, n):
    value, send = VALUES[kind], tx.send
    for _ in range(n):
        send(value)


def source_many(n):
    batch = list(range(256)) * 2
    for _ in range(n // len(batch)):
        tx.send_many(batch)


for name, *args in rx:
    globals()[name](*args)
"""

other = interpreters.create()
to_other, other_rx = channels.open(1024)
other_tx, from_other = channels.open(1024)
processors = sorted(os.sched_getaffinity(0))
other.prepare_main(rx=other_rx, tx=other_tx, processors=processors[1:])
other_rx.close()
other_tx.close()
thread = threading.Thread(target=other.exec, args=(WORKER,))
thread.start()
os.sched_setaffinity(0, processors[:1])


def hand_over(chunks):
    """One way, the median of chunks of 500 round trips."""
    send, recv = to_other.send, from_other.recv
    send(("echo", chunks * 500 + 1))
    send(0)
    recv()
    took = []
    for _ in range(chunks):
        start = perf_counter_ns()
        for _ in range(500):
            send(1)
            recv()
        took.append((perf_counter_ns() - start) / 1000)
    took.sort()
    return took[chunks // 2]


def asleep(n):
    to_other.send(("stamp", n))
    for _ in range(n):
        sleep(0.0002)
        to_other.send(perf_counter_ns())
    return float(from_other.recv())


def stream(kind, n):
    recv = from_other.recv
    to_other.send(("source", kind, n + 1))
    recv()
    start = perf_counter_ns()
    for _ in range(n):
        recv()
    return (perf_counter_ns() - start) / n


def stream_many(n):
    n -= n % 512
    to_other.send(("source_many", n))
    got = len(from_other.recv_many())
    n -= got
    done = 0
    start = perf_counter_ns()
    while done < n:
        done += len(from_other.recv_many())
    return (perf_counter_ns() - start) / n


def moved(size):
    """One send and one recv of a moved bytearray."""
    tx, rx = channels.open(4)
    data = bytearray(size)
    took = []
    for _ in range(300):
        start = perf_counter_ns()
        tx.send(data, move=True)
        data = rx.recv()
        took.append(perf_counter_ns() - start)
    took.sort()
    return float(took[150])


def shared(size):
    tx, rx = channels.open(4)
    block = channels.share(bytes(size))
    took = []
    for _ in range(300):
        start = perf_counter_ns()
        tx.send(block)
        got = rx.recv()
        took.append(perf_counter_ns() - start)
    took.sort()
    return float(took[150])


def finish():
    to_other.close()
    thread.join()
    other.close()
