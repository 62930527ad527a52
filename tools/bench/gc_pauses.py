#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the cycle collector costs, beside CPython 3.11 in the same run.
Usage: gc_pauses.py [--quiver PROGRAM] [--objects N]

Prints a histogram of the pauses (from gc.callbacks; CPU time of the thread) of young, middle and full collections while a
heap of N container objects is built and then worked on; the time of a full collection over N objects
of several kinds (best of three); and the time of a program that builds and drops cyclic graphs.
"""
import argparse
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CPYTHON = "/usr/bin/python3.11"
BOUNDS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000, 100000, 1000000)

# Run by both, with N in place.
PROGRAM = r"""
import gc
from time import thread_time

class Node:
    def __init__(self, left, right):
        self.left = left
        self.right = right

class Slots:
    __slots__ = ("left", "right")
    def __init__(self, left, right):
        self.left = left
        self.right = right

pauses = [], [], []
start = 0

def callback(phase, info):
    global start
    if phase == "start":
        start = thread_time()
    else:
        pauses[info["generation"]].append(thread_time() - start)

# A heap that grows to N objects; then work that makes garbage beside it.
gc.collect()
gc.callbacks.append(callback)
heap = []
for i in range(N // 2):
    heap.append(Node(i, [i]))
for i in range(N // 2):
    a = Node(None, heap[i])
    a.left = a
    if i % 4 == 0:
        heap[i] = Node(a, [])
gc.callbacks.clear()
for g in range(3):
    print("pauses", g, *(int(p * 1e9) for p in pauses[g]))
del heap, a

def full(name, make):
    gc.disable()
    gc.collect()
    x = make()
    gc.collect()
    times = []
    for i in range(3):
        t = thread_time()
        gc.collect()
        times.append(thread_time() - t)
    print("full", name, min(times))
    del x
    gc.enable()

def chain():
    head = None
    for i in range(N):
        head = [head, i]
    return head

def graph():
    nodes = [Node(None, None) for i in range(N // 3)]
    s = 1
    for n in nodes:
        s = (s * 1103515245 + 12345) & 0x7FFFFFFF
        n.left = nodes[s % (N // 3)]
        n.right = [nodes[(s >> 5) % (N // 3)], (n, s)]
    return nodes

full("lists", lambda: [[i] for i in range(N)])
full("chain", chain)
full("instances", lambda: [Node(i, None) for i in range(N)])
full("slots", lambda: [Slots(i, None) for i in range(N)])
full("dicts", lambda: [{"a": i, "b": []} for i in range(N // 2)])
full("dicts of atoms", lambda: [{"a": i, "b": "x"} for i in range(N)])
full("tuples", lambda: [(i, []) for i in range(N // 2)])
full("tuples of atoms", lambda: [(i, i) for i in range(N)])
full("random graph", graph)

t = thread_time()
for i in range(N // 20):
    ring = [Node(None, None) for k in range(8)]
    for k in range(8):
        ring[k].left = ring[k - 1]
        ring[k].right = ring
gc.collect()
print("cycles", thread_time() - t)
"""


def measure(program, objects):
    source = f"N = {objects}\n" + PROGRAM
    done = subprocess.run([program, "-c", source], capture_output=True, text=True, timeout=600,
                          stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        sys.exit(f"gc_pauses: {program}: {done.stderr.strip()}")
    pauses, full, cycles = {}, {}, 0.0
    for line in done.stdout.splitlines():
        kind, rest = line.split(" ", 1)
        if kind == "pauses":
            g, *numbers = rest.split()
            pauses[int(g)] = [int(n) / 1000 for n in numbers]
        elif kind == "full":
            name, seconds = rest.rsplit(" ", 1)
            full[name] = float(seconds)
        else:
            cycles = float(rest)
    return pauses, full, cycles


def histogram(name, pauses):
    print(f"{name}: pauses in microseconds")
    print("  at most  " + "".join(f"{b:>8}" for b in BOUNDS))
    for g, title in enumerate(("young", "middle", "full")):
        counts = [0] * len(BOUNDS)
        for p in pauses[g]:
            counts[next(k for k, b in enumerate(BOUNDS) if p <= b or b == BOUNDS[-1])] += 1
        print(f"  {title:9}" + "".join(f"{c or '.':>8}" for c in counts))
        ordered = sorted(pauses[g]) or [0]
        print(f"            {len(pauses[g])} collections, median {ordered[len(ordered) // 2]:.0f}, "
              f"99 % {ordered[len(ordered) * 99 // 100]:.0f}, longest {ordered[-1]:.0f}, "
              f"in all {sum(ordered) / 1000:.0f} ms")


def main():
    parser = argparse.ArgumentParser(description="The cost of the cycle collector.")
    parser.add_argument("--quiver", default=str(ROOT / "build/release/quiver"))
    parser.add_argument("--objects", type=int, default=1_000_000)
    given = parser.parse_args()
    ours = measure(given.quiver, given.objects)
    theirs = measure(CPYTHON, given.objects)
    histogram("Quiver", ours[0])
    histogram("CPython 3.11", theirs[0])
    print(f"full collection, {given.objects} objects     Quiver   CPython   ratio")
    for name, seconds in ours[1].items():
        print(f"  {name:30} {seconds * 1e3:6.1f} ms {theirs[1][name] * 1e3:6.1f} ms"
              f"  {theirs[1][name] / seconds:5.2f}")
    print(f"cyclic graphs built and dropped  {ours[2]:6.2f} s  {theirs[2]:6.2f} s "
          f"  {theirs[2] / ours[2]:5.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
