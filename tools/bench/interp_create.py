#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What an interpreter costs: create, run `x = 1`, destroy.
Usage: interp_create.py [--build DIR] [--many N]

bench_interp_create (interp_create.c) prints the median time of one such life, and the resident
memory that each of 200 (or N) live interpreters adds. Target: 20 us and 64 KiB. The same of Lua 5.4
states with libraries, in the same run, where it was installed when the build was configured
(tools/install_packages.sh bench).
"""
import argparse
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def main():
    parser = argparse.ArgumentParser(description="The cost of an interpreter.")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--many", type=int, default=200, help="interpreters at once")
    given = parser.parse_args()
    done = subprocess.run(["ninja", "-C", str(given.build), "bench_interp_create"],
                          stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        sys.exit("interp_create: bench_interp_create does not build")
    return subprocess.run([str(given.build / "bench_interp_create"), str(given.many)],
                          check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
