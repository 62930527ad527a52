#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Two interpreters on two cores against one, beside what the machine itself can do.

Usage: scaling.py [--rounds N] [--build DIR] [--programs [NAME]...]

bench_scaling (scaling.c) measures, in turns and in one process: the same C loop on one thread and on
two; the same Python loop in one interpreter and in two, each on its own thread. The machine's own
capacity is the first speed-up (2.00 on two idle cores, less when they share something); the
quotient is the second speed-up over the first, and 1.00 means that Quiver loses nothing.
--programs: a line for each program of programs/ (whose names hold NAME), and the lowest quotient.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BAR = 0.97


def measure(program, rounds, *file):
    """Medians in ms of the four times, the two speed-ups and the quotient."""
    out = subprocess.run([str(program), str(rounds), *file], capture_output=True, text=True,
                         check=False)
    if out.returncode:
        sys.exit(f"scaling: {' '.join(file)} {out.stderr.strip() or out.returncode}")
    # Each line: seconds of the C loop on 1 and 2 threads, of the Python loop in 1 and 2 interpreters.
    rows = [[float(word) for word in line.split()] for line in out.stdout.splitlines()]
    capacity = statistics.median(2 * c1 / c2 for c1, c2, _, _ in rows)
    speedup = statistics.median(2 * p1 / p2 for _, _, p1, p2 in rows)
    quotient = statistics.median((p1 / p2) / (c1 / c2) for c1, c2, p1, p2 in rows)
    times = [statistics.median(column) * 1e3 for column in zip(*rows)]
    return times, capacity, speedup, quotient


def main():
    parser = argparse.ArgumentParser(description="Scaling over two cores.")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--programs", nargs="*")
    given = parser.parse_args()
    program = given.build / "bench_scaling"
    done = subprocess.run(["ninja", "-C", str(given.build), "bench_scaling"],
                          stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        sys.exit("scaling: bench_scaling does not build")
    print(f"two against one, {os.cpu_count()} cores, median of {given.rounds} rounds")
    if given.programs is None:
        (c1, c2, p1, p2), capacity, speedup, quotient = measure(program, given.rounds)
        print(f"  C loop         1 thread {c1:8.1f} ms   2 threads      {c2:8.1f} ms"
              f"   {capacity:5.2f}x")
        print(f"  interpreters   1        {p1:8.1f} ms   2              {p2:8.1f} ms"
              f"   {speedup:5.2f}x")
        print(f"  quotient {quotient:.3f} (target {BAR}){'' if quotient >= BAR else '  missed'}")
        return 0
    print(f"  {'program':<18}{'one ms':>9}{'two ms':>9}{'speed-up':>10}{'machine':>9}{'quotient':>10}")
    found = []
    for path in sorted((HERE / "programs").glob("*.py")):
        if given.programs and not any(name in path.stem for name in given.programs):
            continue
        (_, _, p1, p2), capacity, speedup, quotient = measure(program, given.rounds, str(path))
        found.append((quotient, path.stem))
        print(f"  {path.stem:<18}{p1:>9.1f}{p2:>9.1f}{speedup:>9.2f}x{capacity:>8.2f}x"
              f"{quotient:>10.3f}{'' if quotient >= BAR else '  missed'}", flush=True)
    if not found:
        parser.error("no program has such a name")
    print(f"  lowest {min(found)[0]:.3f} ({min(found)[1]}), {sum(q >= BAR for q, _ in found)} of"
          f" {len(found)} at {BAR} or more")
    return 0


if __name__ == "__main__":
    sys.exit(main())
