#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run one Python test file and compare what it does with what it should.

Usage: run.py [--quiver PROGRAM] FILE.py          exit code 0 passed, 1 failed, 77 skipped
       run.py --record FILE.py...                 write .out (and .err) from /usr/bin/python3.11

What a file should do, in this order of preference:

    # check: other.py       other.py (beside it) decides: run as `python3 other.py QUIVER FILE`;
                            its exit code counts, 77 with a word on stdout means skipped
    # expect: text          one line of standard output; all such lines in order are all of it
    # expect error: Name    ends with this uncaught exception (`Name: message` checks both)
    FILE.out, FILE.err      recorded from CPython 3.11: standard output; standard error where the
                            program fails (first line `exit: N`)

Further directives:

    # args: a b c           arguments for the program
    # options: -O           options for the command, before the file
    # stdin: text           standard input (one line; more in FILE.in); else it is empty
    # exit: 3               the exit code (default 0; 1 with `expect error`)
    # env: NAME=value
    # not in: asan tsan     builds in which the file does not run (release debug hard asan tsan)

In what is compared the checkout's own path reads $ROOT, so that recorded files serve everywhere.
"""
import argparse
import difflib
import os
import pathlib
import re
import resource
import shlex
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import watch  # noqa: E402

TESTS = pathlib.Path(__file__).resolve().parent
ROOT = TESTS.parent
CPYTHON = "/usr/bin/python3.11"
ADDRESS_SPACE = 12 << 30

EXPECT = re.compile(r"#\s*expect:(?: (.*))?$", re.M)
EXPECT_ERROR = re.compile(r"#\s*expect error:\s*([\w.]+)(?::\s*(.*?))?\s*$", re.M)
DIRECTIVE = re.compile(r"^#\s*(args|options|stdin|exit|env|not in|check|timeout):\s*(.*?)\s*$", re.M)
# A report of these on standard error fails the test whatever the exit code says.
ALARMS = re.compile(
    r"AddressSanitizer|ThreadSanitizer|LeakSanitizer|runtime error:|"
    r"^quiver: .*left at the end|^quiver: internal error|Assertion .* failed",
    re.M,
)


def directives(text):
    found = {"env": []}
    for name, value in DIRECTIVE.findall(text):
        if name == "env":
            found["env"].append(value)
        else:
            found[name] = value
    return found


def environment(extra):
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    env.update(
        PYTHONHASHSEED="0",
        PYTHONUTF8="1",
        PYTHONDONTWRITEBYTECODE="1",
        LC_ALL="C.UTF-8",
        TZ="UTC",
        COLUMNS="80",
        NO_COLOR="1",
    )
    for name, options in {
        "ASAN_OPTIONS": "halt_on_error=1:detect_stack_use_after_return=0:allocator_may_return_null=1",
        "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
        "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1:suppressions="
                        f"{ROOT / 'tests/tsan_suppressions.txt'}",
    }.items():
        env[name] = options
    for item in extra:
        name, _, value = item.partition("=")
        env[name] = value
    return env


def limit_memory():
    """A test that asks for terabytes gets MemoryError, not the machine's end. Sanitizers reserve more."""
    if os.environ.get("QV_TEST_KIND") not in ("asan", "tsan"):
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))


def run(program, path, said, timeout=None):
    command = [program, *shlex.split(said.get("options", "")), str(path)]
    command += shlex.split(said.get("args", ""))
    given = path.with_suffix(".in")
    data = given.read_bytes() if given.exists() else b""
    if "stdin" in said:
        data = said["stdin"].encode() + b"\n"
    done = watch.run(
        command,
        data,
        timeout or watch.limit(said.get("timeout", 60)),
        env=environment(said["env"]),
        cwd=path.parent,
        preexec_fn=limit_memory,
    )
    if done.returncode is None:
        print("it hangs:\n" + done.threads)
    return done.returncode, neutral(done.stdout), neutral(done.stderr), command


def neutral(data):
    return data.decode("utf-8", "surrogateescape").replace(str(ROOT), "$ROOT")


def show(text):
    return text.encode("utf-8", "backslashreplace").decode()


def difference(kind, want, got):
    lines = list(
        difflib.unified_diff(
            want.splitlines(), got.splitlines(), f"expected {kind}", f"got {kind}", lineterm="", n=2
        )
    )
    if len(lines) > 40:
        lines = lines[:40] + [f"... {len(lines) - 40} more lines"]
    return "\n".join(lines)


def read_err(path):
    """The recorded exit code and standard error."""
    if not path.exists():
        return 0, None
    text = path.read_text(errors="surrogateescape")
    first, _, rest = text.partition("\n")
    if first.startswith("exit: "):
        return int(first[6:]), rest
    return 0, text


def compare(path, text, said, code, out, err):
    """The list of what is wrong."""
    wrong = []
    expected = EXPECT.findall(text)
    error = EXPECT_ERROR.search(text)
    recorded = path.with_suffix(".out")
    want_code = int(said.get("exit", 1 if error else 0))
    if expected or error:
        want = "".join(line.rstrip() + "\n" for line in expected)
        got = "".join(line.rstrip() + "\n" for line in out.splitlines())
        if want != got:
            wrong.append(difference("output", want, got))
        if error:
            name, message = error.group(1), error.group(2)
            pattern = rf"^(?:[\w.]+\.)?{re.escape(name)}"
            pattern += rf": {re.escape(message)}$" if message else r"(?::|$)"
            if not re.search(pattern, err, re.M):
                wrong.append(f"expected the uncaught exception {name}: {message or '...'}")
    elif recorded.exists():
        want = recorded.read_text(errors="surrogateescape")
        recorded_code, want_err = read_err(path.with_suffix(".err"))
        want_code = int(said.get("exit", recorded_code))
        if want != out:
            wrong.append(difference("output", want, out))
        if want_err is not None and want_err != err:
            wrong.append(difference("error output", want_err, err))
    else:
        wrong.append("no expected output: add `# expect:` lines or run `tools/dev record` on it")
    if code != want_code:
        wrong.append(f"exit code {code}, expected {want_code}")
    if ALARMS.search(err):
        wrong.append("a checker reported a fault on standard error")
    return wrong


def run_test(quiver, path):
    text = path.read_text(errors="surrogateescape")
    said = directives(text)
    kind = os.environ.get("QV_TEST_KIND", "")
    if kind and kind in said.get("not in", "").replace(",", " ").split():
        print(f"skipped: not in {kind} builds")
        return 77
    if "check" in said:
        done = subprocess.run(
            [sys.executable, str(path.parent / said["check"]), quiver, str(path)],
            env=environment(said["env"]),
            stdin=subprocess.DEVNULL,
            check=False,
        )
        return done.returncode
    code, out, err, command = run(quiver, path, said)
    wrong = compare(path, text, said, code, out, err)
    if not wrong:
        return 0
    print("$ " + shlex.join(command))
    print(show("\n".join(wrong)))
    if err:
        tail = err if len(err) < 6000 else err[:3000] + "\n...\n" + err[-3000:]
        print("--- error output ---\n" + show(tail))
    return 1


def record(path):
    text = path.read_text(errors="surrogateescape")
    said = directives(text)
    code, out, err, command = run(CPYTHON, path, said, timeout=60)
    if code is None:
        return 1
    path.with_suffix(".out").write_text(out, errors="surrogateescape")
    error_file = path.with_suffix(".err")
    if code != 0 or err:
        head = f"exit: {code}\n" if code != 0 else ""
        error_file.write_text(head + err, errors="surrogateescape")
    elif error_file.exists():
        error_file.unlink()
    print(f"{shlex.join(command)}  # exit {code}, {len(out.splitlines())} lines")
    return 0


def main():
    parser = argparse.ArgumentParser(description="Run or record Python test files.")
    parser.add_argument("--quiver", default=os.environ.get("QUIVER", "quiver"))
    parser.add_argument("--record", action="store_true")
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    given = parser.parse_args()
    worst = 0
    for path in given.files:
        path = path.resolve()
        done = record(path) if given.record else run_test(os.path.abspath(given.quiver), path)
        worst = max(worst, done)
    return worst


if __name__ == "__main__":
    sys.exit(main())
