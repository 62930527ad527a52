#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A CPU-bound map in a pool: one interpreter, two, and CPython 3.11's processes beside them.

Usage: pool_map.py [--rounds N] [--quiver FILE] [--jobs N] [--steps N]

Each round runs pool_map_program.py once with each pool, in turns. "first" counts from before the
pool is made (imports of its module included), "again" is a second map with the pool that is there.
"""
import argparse
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CPYTHON = "/usr/bin/python3.11"


def run(*command):
    what = " ".join(map(str, command))
    try:
        done = subprocess.run([str(c) for c in command], capture_output=True, text=True,
                              check=False, timeout=600)
    except (OSError, subprocess.TimeoutExpired) as e:
        sys.exit(f"pool_map: {what}: {e}")
    if done.returncode:
        sys.exit(f"pool_map: {what}: {done.stderr.strip() or done.returncode}")
    first, again, total = done.stdout.split()
    return float(first), float(again), int(total)


def main():
    parser = argparse.ArgumentParser(description="A map over a pool.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quiver", type=pathlib.Path, default=ROOT / "build/release/quiver")
    parser.add_argument("--jobs", type=int, default=40)
    parser.add_argument("--steps", type=int, default=100_000, help="turns of the loop in a job")
    given = parser.parse_args()
    program, amount = HERE / "pool_map_program.py", (given.jobs, given.steps)
    pools = {
        "1 interpreter": (given.quiver, program, "interpreters", 1, *amount),
        "2 interpreters": (given.quiver, program, "interpreters", 2, *amount),
    }
    if pathlib.Path(CPYTHON).exists():
        pools["CPython, 1 process"] = (CPYTHON, program, "processes", 1, *amount)
        pools["CPython, 2 processes"] = (CPYTHON, program, "processes", 2, *amount)
    rows = {name: [] for name in pools}
    for _ in range(given.rounds):
        for name, command in pools.items():
            rows[name].append(run(*command))
    if len({total for row in rows.values() for _, _, total in row}) != 1:
        sys.exit("pool_map: the pools do not agree")
    print(f"{given.jobs} jobs of {given.steps} turns, median of {given.rounds} rounds")
    print(f"{'':22s} {'first':>10s} {'again':>10s}")
    again = {}
    for name, row in rows.items():
        first = statistics.median(r[0] for r in row) * 1e3
        again[name] = statistics.median(r[1] for r in row) * 1e3
        print(f"{name:22s} {first:7.1f} ms {again[name]:7.1f} ms")
    pairs = [("2 interpreters against 1", "1 interpreter", "2 interpreters"),
             ("2 processes against 1", "CPython, 1 process", "CPython, 2 processes"),
             ("2 interpreters against 2 processes", "CPython, 2 processes", "2 interpreters")]
    for title, slow, fast in pairs:
        if slow in again:
            print(f"{title}: {again[slow] / again[fast]:.2f}x")
    return 0


if __name__ == "__main__":
    sys.exit(main())
