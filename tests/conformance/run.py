#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run CPython 3.11's own test files under Quiver and compare with what is expected.

    run.py [--quiver PROGRAM] [--record] [--list] [STAGE | FILE]...

Each file runs in a process and a folder of its own, with a limit of time. expected.txt holds, for
each file, how many methods pass here and under /usr/bin/python3.11 (--record measures both), and a
line with the reason for each method that passes there and fails here. A method that fails without
such a line, or a file that loses methods, is a regression; a line whose method passes is reported,
to be removed. Exit status 77 (skipped) where the test files are not installed.
"""
import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CPYTHON = "/usr/bin/python3.11"
LIBRARY = pathlib.Path("/usr/lib/python3.11")
EXPECTED = HERE / "expected.txt"
SKIPPED = 77


def stages():
    """{stage: [file]}, {file: seconds}"""
    found, patience = {}, {}
    for line in (HERE / "stages.txt").read_text().splitlines():
        if line.startswith("timeout "):
            name, _, seconds = line[8:].partition(":")
            patience[name.strip()] = int(seconds)
        elif line and not line.startswith("#"):
            stage, _, names = line.partition(":")
            found.setdefault(stage, []).extend(names.split())
    return found, patience


class Expectation:
    """What expected.txt says of one file."""

    def __init__(self):
        self.passed = self.skipped = self.reference = 0
        self.failing = {}  # id: reason


def read_expected():
    expected, current = {}, None
    if EXPECTED.exists():
        for line in EXPECTED.read_text().splitlines():
            if not line or line.startswith("#"):
                continue
            head = re.match(r"\[([\w.]+)\] passed (\d+), skipped (\d+), CPython (\d+)$", line)
            if head:
                current = expected.setdefault(head[1], Expectation())
                current.passed, current.skipped, current.reference = map(int, head.groups()[1:])
            else:
                name, _, reason = line.strip().partition("  ")
                current.failing[name] = reason.strip()
    return expected


def write_expected(expected):
    order = [name for names in stages()[0].values() for name in names]
    with open(EXPECTED, "w") as out:
        out.write("# Written by `tools/dev conform --record`: methods that pass here and in CPython 3.11,\n"
                  "# then the ones that pass there and fail here, each with the reason.\n")
        for name in sorted(expected, key=order.index):
            e = expected[name]
            out.write(f"\n[{name}] passed {e.passed}, skipped {e.skipped}, CPython {e.reference}\n")
            for method in sorted(e.failing):
                out.write(f"{method}  {e.failing[method]}\n")


def limits():
    os.setsid()
    size = 8 << 30
    if not os.environ.get("QV_TEST_KIND", "") in ("asan", "tsan"):  # they reserve terabytes
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run_file(program, name, seconds):
    """{id: (result, why)}, what went wrong with the file as a whole or ''."""
    with tempfile.TemporaryDirectory(prefix="quiver-conform-") as folder:
        report = os.path.join(folder, "report")
        work = os.path.join(folder, "work")
        os.mkdir(work)
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "QV_"))}
        env.update(PYTHONHASHSEED="0", TMPDIR=work, HOME=work, PYTHONDONTWRITEBYTECODE="1")
        wrong = ""
        with open(os.path.join(folder, "output"), "wb") as output:
            process = subprocess.Popen(
                [program, str(HERE / "driver.py"), name, report], cwd=work, env=env,
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                preexec_fn=limits,
            )
            try:
                code = process.wait(seconds)
            except subprocess.TimeoutExpired:
                code, wrong = None, f"hangs: not done in {seconds} s"
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
        results, running, ended = {}, None, False
        if os.path.exists(report):
            for line in pathlib.Path(report).read_text(errors="replace").splitlines():
                try:
                    row = json.loads(line)
                except ValueError:
                    continue  # cut off by a crash
                if "load" in row:
                    wrong = "does not load: " + row["load"]
                elif "start" in row:
                    running = row["start"]
                elif "id" in row:
                    results[row["id"]] = row["result"], row["why"]
                    running = None
                else:
                    ended = True
        text = pathlib.Path(folder, "output").read_text(errors="replace")
        if not wrong and (code is None or code < 0 or not ended or "ERROR: AddressSanitizer" in text):
            wrong = f"crashes with status {code}"
        if wrong and not wrong.startswith("does not load"):
            wrong += f" in {running or 'no method'}"
            if running:
                results[running] = "failed", wrong
            if text.strip():
                wrong += "\n    " + "\n    ".join(text.strip().splitlines()[-15:])
        return results, wrong


def tally(results):
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for result, _ in results.values():
        counts[result] += 1
    return counts


def compare(name, results, wrong, expectation):
    """The regressions of a file, as lines."""
    bad = []
    if wrong and not wrong.startswith("does not load: skipped"):
        bad.append(wrong)
    for method, (result, why) in results.items():
        if result == "failed" and method not in expectation.failing:
            bad.append(f"{method}: {why}")
    passed = tally(results)["passed"]
    if not bad and passed < expectation.passed:
        bad.append(f"{passed} methods pass, {expectation.passed} are expected")
    return bad


def record(name, results, reference, old):
    e = Expectation()
    counts = tally(results)
    e.passed, e.skipped = counts["passed"], counts["skipped"]
    good = {m for m, (result, _) in reference.items() if result == "passed"}
    e.reference = len(good)
    for method, (result, why) in results.items():
        if result == "failed":
            reason = old.failing.get(method) if old else None
            if method not in good and reference:
                why = "CPython does not pass it here either"
            e.failing[method] = reason or " ".join(why.split())[:160] or "fails"
    return e


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="*", help="stages (1, 2, 2b) or files (grammar); default: stage 1")
    parser.add_argument("--quiver", default=str(HERE.parent.parent / "build/release/quiver"))
    parser.add_argument("--record", action="store_true", help="write expected.txt from this run")
    parser.add_argument("--list", action="store_true", help="print the files and stop")
    parser.add_argument("--verbose", "-v", action="store_true", help="show expected failures too")
    parser.add_argument("--timeout", type=float, default=1.0, help="factor on the limits of time")
    arguments = parser.parse_args()

    by_stage, patience = stages()
    names = []
    for what in arguments.what or ["1"]:
        what = what.removeprefix("test_")
        names += by_stage[what] if what in by_stage else [what]
    if arguments.list:
        print("\n".join(names))
        return 0
    if not (LIBRARY / "test/test_grammar.py").exists():
        print("skipped: libpython3.11-testsuite is not installed")
        return SKIPPED
    quiver = os.path.abspath(shutil.which(arguments.quiver) or arguments.quiver)

    expected = read_expected()
    total = {"passed": 0, "failed": 0, "skipped": 0, "reference": 0}
    regressions = 0
    for name in names:
        seconds = patience.get(name, 60) * arguments.timeout
        results, wrong = run_file(quiver, name, seconds)
        if arguments.record:
            reference, _ = run_file(CPYTHON, name, seconds * 2)
            expected[name] = record(name, results, reference, expected.get(name))
        expectation = expected.get(name, Expectation())
        counts = tally(results)
        for key, n in counts.items():
            total[key] += n
        total["reference"] += expectation.reference
        bad = compare(name, results, wrong, expectation)
        regressions += len(bad)
        print(f"{name}: {counts['passed']} passed, {counts['failed']} failed, "
              f"{counts['skipped']} skipped (CPython passes {expectation.reference})", flush=True)
        for line in bad:
            print(f"  NOT EXPECTED {line}")
        for method, reason in sorted(expectation.failing.items()):
            result = results.get(method, ("absent", ""))[0]
            if result == "passed":
                print(f"  passes now, remove its line: {method}")
            elif arguments.verbose:
                print(f"  expected: {method}  {reason}")
    if arguments.record:
        write_expected(expected)
    reference = total["reference"]
    share = f", {100 * total['passed'] / reference:.1f} % of CPython's {reference}" if reference else ""
    print(f"in all: {total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped{share}")
    return 1 if regressions else 0


if __name__ == "__main__":
    sys.exit(main())
