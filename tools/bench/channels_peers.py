# SPDX-License-Identifier: MIT
"""What channels.py compares with, run by the peer's own interpreter: prints the nanoseconds of one
way of a ping-pong, of a small int and of a dict in a stream (medians of 7).

Usage: channels_peers.py processes|interpreters
"""
import statistics
import sys
from time import perf_counter_ns

VALUE = {"id": 1, "name": "abc", "v": [1.5, 2.5]}


def serve(rx, tx):
    while True:
        kind, n = rx.get()
        if kind == "stop":
            return
        value = VALUE if kind == "dicts" else 7
        for _ in range(n):
            tx.put(rx.get() if kind == "echo" else value)


def measure(tx, rx, trips, n):
    def hand_over():
        tx.put(("echo", trips + 1))
        tx.put(0)
        rx.get()
        start = perf_counter_ns()
        for _ in range(trips):
            tx.put(1)
            rx.get()
        return (perf_counter_ns() - start) / (2 * trips)

    def stream(kind):
        tx.put((kind, n + 1))
        rx.get()
        start = perf_counter_ns()
        for _ in range(n):
            rx.get()
        return (perf_counter_ns() - start) / n

    rounds = [(hand_over(), stream("ints"), stream("dicts")) for _ in range(7)]
    print(*(statistics.median(column) for column in zip(*rounds)))
    tx.put(("stop", 0))


def processes():
    from multiprocessing import Process, SimpleQueue

    to, back = SimpleQueue(), SimpleQueue()
    child = Process(target=serve, args=(to, back))
    child.start()
    measure(to, back, 5000, 20000)
    child.join()


def interpreters():
    import os
    import threading

    from test.support import interpreters as peer  # CPython 3.13 has no public module yet
    from test.support.interpreters import queues

    to, back = queues.create(), queues.create()
    other = peer.create()
    other.prepare_main(to_id=to.id, back_id=back.id)
    source = open(os.path.abspath(__file__), encoding="utf-8").read()
    source = source.replace('if __name__ == "__main__":', "if False:")
    source += "\nfrom test.support.interpreters import queues\n"
    source += "serve(queues.Queue(to_id), queues.Queue(back_id))\n"
    thread = threading.Thread(target=other.exec, args=(source,))
    thread.start()
    measure(to, back, 50, 5000)
    thread.join()


if __name__ == "__main__":
    {"processes": processes, "interpreters": interpreters}[sys.argv[1]]()
