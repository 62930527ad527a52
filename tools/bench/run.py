#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compare Quiver with CPython 3.11 on the programs beside this file, both measured in one run.

Usage: run.py [NAME]... [--rounds N] [--quiver PROGRAM] [--base FILE.json] [--peer PEER] [--all]

Each program times its inner part itself and prints `answer: ...` and, last, `time: seconds`; the two
runtimes take turns, so that a change of the machine's speed meets both. The table gives medians, the
ratio (how many times as fast as CPython), peak resident memory beside CPython's, and the geometric
mean. The targets are the project's bars.
The numbers go to build/bench/<time>.json with commit and machine; --base compares with such a file.
--peer lua5.4 runs the programs that have a port in lua/ with Lua, too (which measures CPU time, since
it has no finer clock), --peer pypy3 all with PyPy, and shows how many times as fast Quiver is.
--all adds interpreter creation (interp_create.c) and two interpreters against one (scaling.py).
"""
import argparse
import datetime
import json
import math
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CPYTHON = "/usr/bin/python3.11"
PEERS = {"lua5.4": ("lua", ".lua"), "pypy3": ("programs", ".py")}
TARGETS = {"int_loop": 4.0, "fib": 2.5, "method_calls": 2.0, "dict_count": 1.2}


def environment():
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    env["PYTHONHASHSEED"] = "0"
    return env


def once(program, path):
    """Seconds and the answer of one run; or an error text in place of the seconds."""
    try:
        done = subprocess.run(
            [program, str(path)], capture_output=True, text=True, env=environment(), timeout=300,
            stdin=subprocess.DEVNULL, check=False,
        )
    except subprocess.TimeoutExpired:
        return "timed out", None
    lines = done.stdout.splitlines()
    if done.returncode or not lines or not lines[-1].startswith("time: "):
        why = done.stderr.strip().splitlines()
        return (why[-1] if why else f"exit code {done.returncode}"), None
    return float(lines[-1][6:]), lines[:-1]


def peak_memory(program, path):
    """Peak resident KiB of a run of its own, looked at while it runs: what wait4 tells of a child
    includes the memory of the process that started it."""
    with subprocess.Popen([program, str(path)], stdin=subprocess.DEVNULL, env=environment(),
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        peak, image = 0, os.path.realpath(program)
        while process.poll() is None:
            try:
                # Before exec it is still a copy of this process.
                if os.readlink(f"/proc/{process.pid}/exe") == image:
                    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
                    found = re.search(r"VmHWM:\s*(\d+)", status)
                    peak = int(found[1]) if found else peak
            except OSError:
                pass  # it has just ended
            time.sleep(0.002)
    return peak


def port_for(peer, path):
    """The program as the peer's own, or None."""
    if not peer:
        return None
    folder, suffix = PEERS[peer]
    port = HERE / folder / (path.stem + suffix)
    return port if port.exists() else None


def measure(path, quiver, rounds, peer):
    ours, theirs, peers, row = [], [], [], {"name": path.stem}
    port = port_for(peer, path)
    for _ in range(rounds):
        seconds, answer = once(quiver, path)
        if answer is None:
            row["error"] = seconds
            return row
        ours.append(seconds)
        seconds, expected = once(CPYTHON, path)
        if expected is None:
            row["error"] = f"CPython: {seconds}"
            return row
        theirs.append(seconds)
        if answer != expected:
            row["error"] = f"answers differ: {answer} and {expected}"
            return row
        if port:
            seconds, expected = once(peer, port)
            if answer != expected:
                row["error"] = f"{peer}: {seconds if expected is None else expected}, not {answer}"
                return row
            peers.append(seconds)
    row["quiver"] = statistics.median(ours)
    row["cpython"] = statistics.median(theirs)
    row["spread"] = (max(ours) - min(ours)) / row["quiver"]
    row["ratio"] = row["cpython"] / row["quiver"]
    if port:
        row["peer"] = statistics.median(peers)
    row["quiver_peak_kib"] = peak_memory(quiver, path)
    row["memory"] = row["quiver_peak_kib"] / max(1, peak_memory(CPYTHON, path))
    return row


def measure_start(quiver, rounds):
    """Whole processes that do nothing: the row "start"."""
    row = {"name": "start"}
    ours, theirs = [], []
    for _ in range(rounds * 4):
        for program, found in ((quiver, ours), (CPYTHON, theirs)):
            begun = time.perf_counter()
            done = subprocess.run([program, "-c", "x = 1"], stdin=subprocess.DEVNULL, check=False)
            found.append(time.perf_counter() - begun)
            if done.returncode:
                row["error"] = f"{program} -c: exit code {done.returncode}"
                return row
    row["quiver"], row["cpython"] = statistics.median(ours), statistics.median(theirs)
    row["spread"] = (max(ours) - min(ours)) / row["quiver"]
    row["ratio"] = row["cpython"] / row["quiver"]
    return row


def describe():
    def git(*arguments):
        if not shutil.which("git"):
            return ""
        done = subprocess.run(
            ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    model = ""
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {
        "commit": git("rev-parse", "--short", "HEAD") + ("+" if git("status", "-s") else ""),
        "machine": f"{model or platform.processor()}, {os.cpu_count()} cores",
        "system": platform.platform(),
        "when": datetime.datetime.now().isoformat(timespec="seconds"),
    }


def geometric_mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def table(rows, base, peer):
    old = {row["name"]: row for row in base.get("programs", [])} if base else {}
    head = f"{'program':<16}{'quiver ms':>11}{'cpython ms':>12}{'ratio':>8}{'spread':>8}"
    head += f"{'peak MiB':>10}{'of theirs':>10}{'target':>8}"
    head += f"   {peer + ' ms':>9}{'ratio':>8}" if peer else ""
    print(head + ("   against base" if old else ""))
    for row in rows:
        name = row["name"]
        if "error" in row:
            print(f"{name:<16}  {row['error']}")
            continue
        target = TARGETS.get(name)
        line = (
            f"{name:<16}{row['quiver'] * 1e3:>11.1f}{row['cpython'] * 1e3:>12.1f}"
            f"{row['ratio']:>7.2f}x{row['spread'] * 100:>7.0f}%"
        )
        if "memory" in row:
            line += f"{row['quiver_peak_kib'] / 1024:>10.1f}{row['memory']:>10.2f}"
        if target:
            line += f"{target:>7.1f}x" + ("" if row["ratio"] >= target else "  missed")
        if "peer" in row:
            line = f"{line:<83}{row['peer'] * 1e3:>10.1f}{row['peer'] / row['quiver']:>7.2f}x"
        if "quiver" in old.get(name, {}):
            line += f"   {old[name]['quiver'] / row['quiver']:.2f}x"
        print(line)
    ratios = [row["ratio"] for row in rows if "ratio" in row and row["name"] != "start"]
    if ratios:
        mean = geometric_mean(ratios)
        print(f"{'geometric mean':<16}{'':>23}{mean:>7.2f}x  over {len(ratios)} programs")
        against = [row["peer"] / row["quiver"] for row in rows if "peer" in row]
        if against:
            print(f"{'  against ' + peer:<16}{'':>23}{geometric_mean(against):>7.2f}x  over "
                  f"{len(against)} programs")
        return mean
    return None


def main():
    parser = argparse.ArgumentParser(description="Quiver beside CPython 3.11.")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quiver", default=str(ROOT / "build/release/quiver"))
    parser.add_argument("--base", type=pathlib.Path)
    parser.add_argument("--peer", choices=PEERS)
    parser.add_argument("--all", action="store_true")
    given = parser.parse_args()
    paths = sorted((HERE / "programs").glob("*.py"))
    known = [p.stem for p in paths] + ["start", "scaling", "interp_create"]
    for name in given.names:
        if not any(name in one for one in known):
            parser.error(f"no program is called {name} (one of {', '.join(known)})")
    if given.names:
        paths = [p for p in paths if any(n in p.stem for n in given.names)]
    base = None
    if given.base:
        try:
            base = json.loads(given.base.read_text())
        except (OSError, ValueError) as e:
            parser.error(f"--base: {e}")
    if not os.access(CPYTHON, os.X_OK):
        sys.exit(f"bench: {CPYTHON} is not there to compare with")
    if given.peer and not shutil.which(given.peer):
        sys.exit(f"bench: {given.peer} is not there to compare with")
    about = describe()
    print(f"{about['machine']}; commit {about['commit']}; median of {given.rounds} runs")
    rows = [measure(path, given.quiver, given.rounds, given.peer) for path in paths]
    if not given.names or "start" in given.names:
        rows.append(measure_start(given.quiver, given.rounds))
    mean = table(rows, base, given.peer)
    out = ROOT / "build/bench"
    out.mkdir(parents=True, exist_ok=True)
    file = out / (about["when"].replace(":", "") + ".json")
    file.write_text(json.dumps({**about, "geometric_mean": mean, "programs": rows}, indent=1))
    print(f"stored in {os.path.relpath(file)}")
    code = 1 if any("error" in row for row in rows) else 0
    if given.all or "scaling" in given.names or "interp_create" in given.names:
        for name in ["interp_create.py", "scaling.py"]:
            if given.all or name[:-3] in given.names:
                print(flush=True)
                build = pathlib.Path(given.quiver).resolve().parent
                done = subprocess.run([sys.executable, str(HERE / name), "--build", str(build)],
                                      check=False)
                code = max(code, done.returncode)
    return code


if __name__ == "__main__":
    sys.exit(main())
