#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How long a signal waits for its Python handler while threads compute, and while the main thread
waits in a system call. Usage: signal_latency.py [--build DIR] [--signals N] [--threads N]

Runs itself as the program, with Quiver and with CPython 3.11, and sends it signals that carry no
time: both ends read CLOCK_MONOTONIC. Aim: a median of at most 1 ms in each phase.
"""
import argparse
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def program(threads, phase):
    stop = False

    def compute():
        x = 0
        while not stop:
            x += 1

    def handle(*_):
        os.write(1, b"%d\n" % time.monotonic_ns())

    def finish(*_):
        nonlocal stop
        stop = True

    signal.signal(signal.SIGUSR1, handle)
    signal.signal(signal.SIGTERM, finish)
    workers = [threading.Thread(target=compute) for _ in range(threads)]
    for t in workers:
        t.start()
    os.write(1, b"ready\n")
    r, _ = os.pipe()
    while not stop:
        if phase == "computes":
            sum(range(1000))
        elif phase == "sleeps":
            time.sleep(0.05)
        else:
            import select
            select.select([r], [], [], 0.05)
    for t in workers:
        t.join()


def measure(command, threads, phase, signals):
    p = subprocess.Popen([*command, __file__, "--program", phase, "--threads", str(threads)],
                         stdout=subprocess.PIPE)
    p.stdout.readline()
    took = []
    for k in range(signals):
        time.sleep(0.005 + k % 7 * 0.001)
        sent = time.monotonic_ns()
        p.send_signal(signal.SIGUSR1)
        took.append((int(p.stdout.readline()) - sent) / 1e3)
    p.terminate()
    p.wait()
    took.sort()
    return statistics.median(took), took[len(took) * 99 // 100], took[-1]


def main():
    parser = argparse.ArgumentParser(description="The time that a signal takes.")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--signals", type=int, default=200)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--program")
    given = parser.parse_args()
    if given.program:
        return program(given.threads, given.program)
    print(f"{'main thread':12} {'':8} {'median, us':>12} {'99 %, us':>12} {'worst, us':>12}")
    for phase in "computes", "sleeps", "selects":
        for name, command in (("quiver", [str(given.build / "quiver")]),
                              ("cpython", ["/usr/bin/python3.11"])):
            figures = measure(command, given.threads, phase, given.signals)
            print(f"{phase:12} {name:8}" + "".join(f" {x:12.0f}" for x in figures), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
