#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Channels between two interpreters, beside bare C threads and the peers that are installed.

Usage: channels.py [--rounds N] [--build DIR] [--no-peers]

bench_channels (channels.c, channels_script.py) measures in one process and in turns:
  hand-over      one way of a small int, both sides running, against a bare spin of two C threads;
                 receiver asleep, from before the send until the receiver has read the clock, against
                 a bare futex
  streams        time for each message through a channel of capacity 1,024
  large values   lists of 1 M numbers and 1 MiB bytes against memcpy of their packed size
  moved, shared  one send and one recv, whatever the size
Peers, each in its own process: multiprocessing.SimpleQueue of /usr/bin/python3.11 between two
processes, the interpreter queue of CPython 3.13 (_interpqueues), Go and Erlang where installed.
All numbers are medians of the rounds. Other work on the machine makes all of them meaningless, those
of the hand-over first: its two sides have to run at the same time.
"""
import argparse
import pathlib
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PEERS = [
    ("multiprocessing.SimpleQueue, CPython 3.11", ["/usr/bin/python3.11"], "processes"),
    ("_interpqueues, CPython 3.13", ["/root/.pyenv/versions/3.13.0/bin/python3"], "interpreters"),
]
ABSENT = ("go", "erl")


def row(name, value, unit, bar="", met=None):
    print(f"  {name:44}{value:>10} {unit:5} {bar}{'' if met is None or met else '  missed'}")


def against(name, ns, anchor, factor, what):
    row(name, f"{ns:,.0f}", "ns", f"{ns / anchor:5.2f}x {what} ({anchor:,.0f} ns; target {factor}x)",
        ns <= factor * anchor)


def rate(name, ns, target):
    row(name, f"{1e3 / ns:.2f}", "M/s", f"target {target}", 1e3 / ns >= target)


def copies(name, ns, anchor, copied, share):
    got = copied * anchor / ns
    row(name, f"{ns / 1e3:,.0f}", "us", f"{got:5.0%} of memcpy (target {share:.0%})", got >= share)


def run(command, seconds):
    """Its output, and what went wrong or None."""
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                              check=False, timeout=seconds)
    except OSError as e:
        return "", str(e)
    except subprocess.TimeoutExpired as e:
        last = (e.stdout or b"").decode().splitlines()[-1:]
        return "", f"not done in {seconds} s" + (f", after {last[0]}" if last else "")
    error = done.stderr.strip().splitlines()
    return done.stdout, (error[-1] if error else f"exit {done.returncode}") if done.returncode else None


def main():
    parser = argparse.ArgumentParser(description="Channels between two interpreters.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--no-peers", action="store_true")
    given = parser.parse_args()
    done = subprocess.run(["ninja", "-C", str(given.build), "bench_channels"],
                          stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        sys.exit("channels: bench_channels does not build")
    out, error = run([given.build / "bench_channels", given.rounds, HERE / "channels_script.py"],
                     60 * (given.rounds + 1))
    if error:
        sys.exit(f"channels: {error}")
    values = {}
    for line in out.splitlines():
        name, value = line.split()
        values.setdefault(name, []).append(float(value))
    m = {name: statistics.median(column) for name, column in values.items()}
    print(f"channels between two interpreters, medians of {given.rounds} rounds")
    against("hand-over, both running", m["spin"], m["c_spin"], 2.5, "bare spin")
    against("hand-over, receiver asleep", m["asleep"], m["c_futex"], 1.5, "bare futex")
    rate("small ints", m["ints"], 5)
    rate("small ints, send_many and recv_many", m["ints_many"], 10)
    rate("{'id': 1, 'name': 'abc', 'v': [1.5, 2.5]}", m["dicts"], 1.5)
    rate("(1, 'abc', 2.5)", m["tuples"], 1.5)
    copies("list of 1 M small ints (2 MB)", m["list_ints"], m["c_memcpy_2mb"], 1, 0.25)
    copies("list of 1 M floats (8 MB)", m["list_floats"], m["c_memcpy_8mb"], 1, 0.25)
    copies("1 MiB bytes, two copies", m["mib"], m["c_memcpy_1m"], 2, 0.8)
    for name, what in (("move_1k", "1 KiB moved"), ("move_1m", "1 MiB moved"),
                       ("move_64m", "64 MiB moved"), ("share_64m", "64 MiB shared")):
        row(what, f"{m[name]:,.0f}", "ns", "target 2,000", m[name] < 2000)
    if not given.no_peers:
        for name, command, mode in PEERS:
            if not shutil.which(command[0]):
                row(name, "-", "", "not installed")
                continue
            out, error = run([*command, HERE / "channels_peers.py", mode], 300)
            if error:
                row(name, "-", "", error[:60])
                continue
            way, ints, dicts = (float(word) for word in out.split())
            row(name + ", one way", f"{way:,.0f}", "ns")
            row("    small ints", f"{1e3 / ints:.2f}", "M/s")
            row("    dicts", f"{1e3 / dicts:.2f}", "M/s")
        for name in ABSENT:
            if not shutil.which(name):
                row(name, "-", "", "not installed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
