#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The counts of word_index.py on several interpreters are those of CPython 3.11 in one process."""
import os
import pathlib
import subprocess
import sys

CPYTHON = "/usr/bin/python3.11"


def output(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def main(quiver, script):
    # Sanitizer and checked builds take a part of the library only.
    library = pathlib.Path(os.__file__).parent
    quick = os.environ.get("QV_TEST_KIND", "release") != "release"
    folder = str(library / "json" if quick else library)
    ours = output(quiver, script, folder, "--workers", "2")
    print(ours, end="")
    if "\nworker " not in ours or "wall time:" not in ours:
        sys.exit("the table of the interpreters is missing")
    if not os.path.exists(CPYTHON):
        print("skipped: CPython 3.11 is not installed, so there is nothing to compare with")
        return 77
    theirs = output(CPYTHON, script, "--count-only", folder)
    if not ours.startswith(theirs):
        sys.exit(f"CPython counts otherwise:\n{theirs}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
