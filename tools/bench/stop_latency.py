#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How long runaway scripts go on after they are stopped, by another thread and by a deadline.
Usage: stop_latency.py [--build DIR] [--head-start MS] [--tries N] [--part K/N] [NAME]...

bench_stop_latency (stop_latency.c) prints a line for each script of stop_scripts.txt, then those
that took more than 10 ms, the worst first, and what a sibling interpreter's work noticed. Aim: 10
ms each. The CPU time is the script's thread's: on a busy machine it tells what a quiet one would
show. NAME: how a script's name begins, or after a `*` what it contains. All of it takes about nine
minutes: --part 1/4 and so on do a quarter each.
"""
import argparse
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def main():
    parser = argparse.ArgumentParser(description="The time that a stop takes.")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--head-start", type=int, default=300, help="ms that a script runs before")
    parser.add_argument("--tries", type=int, default=1, help="stops each; the worst one counts")
    parser.add_argument("--part", default="1/1", help="K/N: the K-th of N parts")
    parser.add_argument("script", nargs="*", help="only those")
    given = parser.parse_args()
    done = subprocess.run(["ninja", "-C", str(given.build), "bench_stop_latency"],
                          stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        sys.exit("stop_latency: bench_stop_latency does not build")
    return subprocess.run([str(given.build / "bench_stop_latency"),
                           str(HERE / "stop_scripts.txt"), str(given.head_start),
                           str(given.tries), *given.part.split("/", 1), *given.script],
                          check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
