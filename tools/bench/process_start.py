#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How long a process takes that does nothing, and what it holds at most.
Usage: process_start.py [--build DIR] [--times N]

`quiver -c pass` beside CPython 3.11 and, where it is installed (tools/install_packages.sh bench), Lua
5.4, in turns; medians of N (100) runs each. Targets for quiver: 3 ms and 8 MiB.
"""
import argparse
import pathlib
import shutil
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ROUNDS = 10


def main():
    parser = argparse.ArgumentParser(description="The start of a process.")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--times", type=int, default=100)
    given = parser.parse_args()
    if subprocess.run(["ninja", "-C", str(given.build), "bench_process_start", "quiver"],
                      stdout=subprocess.DEVNULL, check=False).returncode:
        sys.exit("process_start: bench_process_start does not build")
    programs = {
        "quiver -c pass": [str(given.build / "quiver"), "-c", "pass"],
        "quiver -S -c pass": [str(given.build / "quiver"), "-S", "-c", "pass"],
        "python3.11 -c pass": ["/usr/bin/python3.11", "-c", "pass"],
        "python3.11 -S -c pass": ["/usr/bin/python3.11", "-S", "-c", "pass"],
        "lua5.4 -e ''": ["lua5.4", "-e", ""],
    }
    runs = {name: [] for name, command in programs.items() if shutil.which(command[0])}
    for _ in range(ROUNDS):
        for name, found in runs.items():
            done = subprocess.run(
                [str(given.build / "bench_process_start"), str(max(1, given.times // ROUNDS)),
                 *programs[name]],
                capture_output=True, text=True, check=True)
            found += [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    print(f"{'':24}{'median ms':>10}{'best ms':>10}{'peak MiB':>10}")
    for name, found in runs.items():
        times = [ns / 1e6 for ns, _ in found]
        peak = statistics.median(kib for _, kib in found) / 1024
        missed = name == "quiver -c pass" and (statistics.median(times) > 3 or peak > 8)
        print(f"{name:24}{statistics.median(times):10.2f}{min(times):10.2f}{peak:10.1f}"
              f"{'  missed' if missed else ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
