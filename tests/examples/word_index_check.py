#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The counts of word_index.py on several interpreters are those of CPython 3.11 in one process."""
import os
import pathlib
import re
import subprocess
import sys

CPYTHON = "/usr/bin/python3.11"


def output(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def check_table(text):
    """Each interpreter has its row, and the columns agree with one another."""
    files, size = map(int, re.match(r"(\d+) files, (\d+) bytes", text).groups())
    rows = re.findall(r"^(worker \d+|parent) +(.+)$", text, re.M)
    names = [name.split()[0] for name, _ in rows]
    if names != ["worker", "worker", "parent"]:
        sys.exit(f"the rows are {names}")
    *workers, parent = [[float(x) for x in numbers.split()] for _, numbers in rows]
    totals = [sum(column) for column in zip(*workers)]
    if totals[:2] != [files, size]:
        sys.exit("the workers' files and bytes are not those of the whole")
    if totals[2:4] != parent[4:6] or totals[4:6] != parent[2:4] or not parent[2]:
        sys.exit("messages or bytes sent and received do not agree")
    if any(row[7] <= 0 or row[6] < 0 for row in (*workers, parent)):
        sys.exit("no heap or less than no CPU time")
    if not re.search(r"^wall time: [\d.]+ s with 1 worker, [\d.]+ s with 2$", text, re.M):
        sys.exit("the wall times are missing")


def main(quiver, script):
    # Sanitizer and checked builds take a part of the library only.
    library = pathlib.Path(os.__file__).parent
    quick = os.environ.get("QV_TEST_KIND", "release") != "release"
    folder = str(library / "json" if quick else library)
    ours = output(quiver, script, folder, "--workers", "2")
    print(ours, end="")
    check_table(ours)
    if not os.path.exists(CPYTHON):
        print("skipped: CPython 3.11 is not installed, so there is nothing to compare with")
        return 77
    theirs = output(CPYTHON, script, "--count-only", folder)
    if not ours.startswith(theirs):
        sys.exit(f"CPython counts otherwise:\n{theirs}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
