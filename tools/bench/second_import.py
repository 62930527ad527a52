#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What importing a module takes: in CPython 3.11, in the first interpreter of a Quiver process, and in
another one of the same process, which finds the code there.
Usage: second_import.py [--build DIR] [--times N] [MODULE]...

Each number is the median of N (21) new processes, whose compiled files were there; milliseconds of CPU time.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MODULES = ["re", "enum", "json", "typing", "dataclasses", "asyncio"]
TIMED = """
from time import process_time
start = process_time()
import {}
print((process_time() - start) * 1e3, flush=True)
"""
# Both see the same: what the command itself has imported is not there (-S).
BOTH = """
import _interpreters
code = {!r}
for _ in range(2):
    _interpreters.run_string(_interpreters.create(), code)
"""


def times_of(command, code):
    done = subprocess.run([*command, "-S", "-c", code], capture_output=True, text=True, check=True)
    return [float(line) for line in done.stdout.split()]


def main():
    parser = argparse.ArgumentParser(description="Import in the second interpreter.")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--times", type=int, default=21)
    parser.add_argument("module", nargs="*", default=MODULES)
    given = parser.parse_args()
    quiver = str(given.build / "quiver")
    if subprocess.run(["ninja", "-C", str(given.build), "quiver"], stdout=subprocess.DEVNULL,
                      check=False).returncode:
        sys.exit("second_import: quiver does not build")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    print(f"{'':14}{'python3.11':>12}{'first':>10}{'second':>10}  second/first")
    for module in given.module:
        code = TIMED.format(module)
        both = BOTH.format(code)
        times_of([quiver], both)
        peer, found = [], []
        for _ in range(given.times):
            peer += times_of(["/usr/bin/python3.11"], code)
            found.append(times_of([quiver], both))
        first, second = (statistics.median(column) for column in zip(*found))
        print(f"{module:14}{statistics.median(peer):12.2f}{first:10.2f}{second:10.2f}"
              f"{second / first:14.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
