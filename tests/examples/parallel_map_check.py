#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""parallel_map.py gives the same lines on several interpreters as CPython 3.11 with a plain map()."""
import os
import subprocess
import sys

CPYTHON = "/usr/bin/python3.11"


def output(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def main(quiver, script):
    ours = output(quiver, script, "--workers", "3", "--chunk", "3")
    if output(quiver, script, "--workers", "1", "--chunk", "1") != ours:
        sys.exit("the number of workers changes the results")
    if not os.path.exists(CPYTHON):
        print("skipped: CPython 3.11 is not installed, so there is nothing to compare with")
        return 77
    theirs = output(CPYTHON, script, "--plain")
    if ours != theirs:
        sys.exit(f"CPython has other results:\n{theirs}\nthan ours:\n{ours}")
    print(ours.splitlines()[-1])
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
