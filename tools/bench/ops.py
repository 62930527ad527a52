#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compare single operations under Quiver and CPython 3.11: nanoseconds of one turn of a loop.

Usage: ops.py [OPERATION]... [--rounds N] [--quiver PROGRAM]

The two runtimes take turns; the fastest round of each counts. The rows go from the slowest beside
CPython to the fastest, so the top of the table is what to work on.
"""
import argparse
import math
import pathlib
import subprocess

import run

PROGRAM = pathlib.Path(__file__).resolve().parent / "ops_program.py"


def once(program, names):
    """Operation -> nanoseconds."""
    done = subprocess.run([program, str(PROGRAM), *names], capture_output=True, text=True,
                          env=run.environment(), check=True)
    return {name: float(ns) for name, ns in (line.split("\t") for line in done.stdout.splitlines())}


def main():
    parser = argparse.ArgumentParser(description="Compare single operations with CPython's.")
    parser.add_argument("operations", nargs="*")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--quiver", default=str(run.ROOT / "build/release/quiver"))
    arguments = parser.parse_args()
    best = {}
    for _ in range(arguments.rounds):
        for which, program in enumerate((arguments.quiver, run.CPYTHON)):
            for name, ns in once(program, arguments.operations).items():
                pair = best.setdefault(name, [math.inf, math.inf])
                pair[which] = min(pair[which], ns)
    ratios = {name: theirs / ours for name, (ours, theirs) in best.items()}
    print(f"{'operation':16} {'quiver ns':>10} {'cpython ns':>11} {'ratio':>6}")
    for name in sorted(ratios, key=ratios.get):
        ours, theirs = best[name]
        print(f"{name:16} {ours:10.1f} {theirs:11.1f} {ratios[name]:5.2f}x")
    mean = math.exp(sum(map(math.log, ratios.values())) / len(ratios))
    print(f"geometric mean of {len(ratios)} operations: {mean:.2f}x")


if __name__ == "__main__":
    main()
