#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""I/O beside computing: a thread answers a socket while another one of its interpreter computes.

Usage: io_beside.py [--rounds N] [--seconds S] [--build DIR] [--no-cpython] [--as-is]

Runs io_beside_program.py in turns with Quiver and CPython 3.11; medians over the rounds. Targets, in
the phases calm and flood: median round trip at most 50 us, 99th percentile at most 1 ms; the
computing thread keeps 80 % of its speed in the flood. The phase `other` shows what a flood in another
process takes from it.

Both interpreters alike run before all else on the machine where the user may (SCHED_RR), or else with
short time slices (sched_setattr, Linux 6.12 and later). --as-is leaves that out: then the 99th
percentile is the kernel's, whose fair scheduler may let a woken thread wait behind one that computes
until its next ticks (4 ms each at 250 Hz); `queued` beside `late` shows it.
"""
import argparse
import ctypes
import json
import os
import pathlib
import statistics
import struct
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


SCHED_SETATTR = {"x86_64": 314, "aarch64": 274}  # its number
SLICE = 100_000  # ns


def prompt():
    """The kernel runs this process and what it starts soon after they are woken."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(10))
    except PermissionError:
        attr = struct.pack("=IIQiIQQQ", 48, 0, 0, os.getpriority(os.PRIO_PROCESS, 0), 0, SLICE, 0, 0)
        number = SCHED_SETATTR.get(os.uname().machine)
        if number:
            ctypes.CDLL(None).syscall(number, 0, attr, 0)


def run(command, seconds, as_is):
    done = subprocess.run([*command, str(HERE / "io_beside_program.py"), str(seconds)],
                          capture_output=True, text=True, timeout=60 + 20 * seconds, check=False,
                          preexec_fn=None if as_is else prompt)
    if done.returncode:
        sys.exit(f"io_beside: {command[0]}: {done.stderr.strip() or done.returncode}")
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description="I/O beside computing.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--no-cpython", action="store_true")
    parser.add_argument("--as-is", action="store_true", help="as the machine schedules it")
    given = parser.parse_args()
    commands = {"quiver": [str(given.build / "quiver")]}
    if not given.no_cpython:
        commands["cpython 3.11"] = ["/usr/bin/python3.11"]
    results = {name: [] for name in commands}
    for _ in range(given.rounds):
        for name, command in commands.items():
            results[name].append(run(command, given.seconds, given.as_is))
    print(f"{'':14}{'phase':8}{'median us':>11}{'p99 us':>10}{'max us':>10}{'trips':>9}"
          f"{'late ms':>9}{'queued':>8}{'speed':>8}")
    met = True
    for name, rounds in results.items():
        for kind in rounds[0]:
            row = {key: statistics.median(one[kind][key] for one in rounds)
                   for key in ("median", "p99", "max", "n", "late", "queued")}
            speeds = [one[kind]["speed"] for one in rounds]
            speed = statistics.median(speeds) if speeds[0] else None
            print(f"{name:14}{kind:8}{row['median']:11.1f}{row['p99']:10.1f}{row['max']:10.0f}"
                  f"{row['n']:9.0f}{row['late']:9.0f}{row['queued']:8.0f}"
                  f"{f'{speed:.0%}' if speed else '':>8}")
            if name == "quiver" and kind in ("calm", "flood"):
                met &= row["median"] <= 50 and row["p99"] <= 1000 and speed >= 0.8
    print("targets met" if met else "targets missed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
