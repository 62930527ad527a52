#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cache lines that move between two interpreters while both run the same program, each on its own thread.

Usage: shared_lines.py [NAME]... [--limit LINES]

Builds Quiver once more (build/lines) so that each of its accesses to memory is recorded, by cache
line and thread (shared_lines.c). A program runs in both interpreters for the first time unrecorded;
the second time is the steady state. A line moves when a thread writes what another one has, or reads
what another one has written; the table counts that, beside all accesses, and says where most of it
happens.
"""
import argparse
import collections
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FOLDER = ROOT / "build/lines"

PROGRAM = r"""
import pathlib, sys, threading
from concurrent import interpreters
source = pathlib.Path(sys.argv[1]).read_text()
recorded = f"import signal\nsignal.raise_signal(signal.SIGUSR1)\n{source}\nsignal.raise_signal(signal.SIGUSR2)"
meet = threading.Barrier(2)
def work():
    interp = interpreters.create(stdout="null")
    interp.exec(source)
    meet.wait()
    interp.exec(recorded)
    meet.wait()
    interp.close()
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
"""


def build():
    FOLDER.mkdir(parents=True, exist_ok=True)
    hooks = FOLDER / "shared_lines.o"
    subprocess.run(["cc", "-O2", "-fPIC", "-c", HERE / "shared_lines.c", "-o", hooks], check=True)
    if not (FOLDER / "build.ninja").exists():
        subprocess.run(["meson", "setup", FOLDER, ROOT, "--buildtype=release", "-Dc_args=-fsanitize=thread",
                        f"-Dc_link_args={hooks}", "-Db_lundef=false"], check=True, stdout=subprocess.DEVNULL)
    # meson does not know of the hooks: link anew when they have changed.
    if not (FOLDER / "quiver").exists() or (FOLDER / "quiver").stat().st_mtime < (HERE / "shared_lines.c").stat().st_mtime:
        (FOLDER / "quiver").unlink(missing_ok=True)
    subprocess.run(["ninja", "-C", FOLDER, "quiver"], check=True, stdout=subprocess.DEVNULL)
    return FOLDER / "quiver"


def symbols(program):
    listed = subprocess.run(["nm", "-n", "--defined-only", program], capture_output=True, text=True, check=True)
    found = []
    for line in listed.stdout.splitlines():
        address, _, name = line.split(maxsplit=2)
        found.append((int(address, 16), name))
    return found


def name_of(table, address):
    low, high = 0, len(table)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if table[middle][0] <= address else (low, middle)
    return table[low - 1][1] if 0 < low < len(table) else "heap"


def measure(program, table, path):
    done = subprocess.run([program, "-c", PROGRAM, path], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
                          text=True, check=False)
    head = re.search(r"lines (\d+), accesses (\d+)(, table full)?", done.stderr)
    if done.returncode or not head:
        return None, done.stderr[-300:]
    where, moves = collections.Counter(), 0
    lines = re.findall(r"line (\S+) moves (\d+) at (\S+)", done.stderr)
    for address, count, pc in lines:
        what = name_of(table, int(address, 16))
        where[f"{what} in {name_of(table, int(pc, 16))}"] += int(count)
        moves += int(count)
    return (int(head[2]), len(lines), moves, where, head[3] or ""), None


def main():
    parser = argparse.ArgumentParser(description="Lines that two interpreters share.")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--limit", type=int, default=3, help="places shown of each program")
    given = parser.parse_args()
    program = build()
    table = symbols(program)
    print(f"{'program':<18}{'accesses':>14}{'lines':>10}{'moves':>10}{'per million':>13}")
    bad = 0
    for path in sorted((HERE / "programs").glob("*.py")):
        if given.names and not any(n in path.stem for n in given.names):
            continue
        row, error = measure(program, table, path)
        if error is not None:
            print(f"{path.stem:<18}  {error}")
            bad = 1
            continue
        accesses, lines, moves, where, full = row
        print(f"{path.stem:<18}{accesses:>14,}{lines:>10}{moves:>10}{moves / accesses * 1e6:>13.3f}{full}",
              flush=True)
        for place, count in where.most_common(given.limit):
            print(f"{'':<22}{count:>10} {place}")
    return bad


if __name__ == "__main__":
    sys.exit(main())
