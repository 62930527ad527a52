#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Find the test files; their list is what meson and tools/dev work from.

    unit/**/test_*.c                        C units, with check; may include any internal header
    embed/**/*.c, *.cpp, stress/**/*.c      C and C++ programs on the installed quiver.h alone
    python/**/*.py                          language tests, output recorded from CPython 3.11
    channels/, interpreters/, stress/,
    cli/, examples/  **/*.py                Quiver's own, with `# expect:` lines, or recorded
    tools/test_*.py                         tests of the tools themselves
    conformance/                            CPython's own test files: see its run.py (not listed here)

Files and folders whose names start with "_" and folders called "data" hold helpers, not tests.
Directives (`# name: value`, or `// name: value` in C) near the top of a file:

    suite: threads, slow    further suites ("threads": also run under TSan)
    timeout: 120            seconds (default 60; sanitizer builds multiply it)
    exclusive: yes          nothing runs beside it (it measures time)
"""
import hashlib
import pathlib
import re
import sys

TESTS = pathlib.Path(__file__).resolve().parent
DIRECTIVE = re.compile(r"^\s*(?:#|//)\s*(suite|timeout|exclusive):\s*(.+?)\s*$", re.M)

# folder, pattern, kind, suites by default
PLACES = [
    ("unit", "test_*.c", "unit", ["unit"]),
    ("embed", "*.c", "embed", ["embed", "threads"]),
    ("embed", "*.cpp", "embed", ["embed", "threads"]),
    ("python", "*.py", "py", ["python"]),
    ("channels", "*.py", "py", ["channels", "threads"]),
    ("interpreters", "*.py", "py", ["interpreters", "threads"]),
    ("stress", "*.c", "embed", ["stress", "threads"]),
    ("stress", "*.py", "py", ["stress", "threads"]),
    ("cli", "*.py", "py", ["cli"]),
    ("examples", "*.py", "py", ["examples", "threads"]),
    ("tools", "test_*.py", "tool", ["tools"]),
]


def is_helper(relative):
    return any(part.startswith(("_", ".")) or part == "data" for part in relative.parts)


def tests():
    for folder, pattern, kind, suites in PLACES:
        for path in sorted((TESTS / folder).rglob(pattern)):
            relative = path.relative_to(TESTS)
            if is_helper(relative) or path.stem.endswith("_check"):
                continue
            head = path.read_text(errors="replace")[:4000]
            said = dict(DIRECTIVE.findall(head))
            extra = [s.strip() for s in said.get("suite", "").split(",") if s.strip()]
            yield {
                "kind": kind,
                "name": str(relative.with_suffix("")),
                "path": str(relative),
                "suites": suites + [s for s in extra if s not in suites],
                "timeout": said.get("timeout", "60"),
                "exclusive": "yes" if said.get("exclusive") == "yes" else "no",
            }


def meson_lines():
    return "\n".join(
        "\t".join(
            [t["kind"], t["name"], t["path"], ",".join(t["suites"]), t["timeout"], t["exclusive"]]
        )
        for t in tests()
    )


def digest():
    return hashlib.sha256(meson_lines().encode()).hexdigest()


if __name__ == "__main__":
    if "--digest" in sys.argv[1:]:
        print(digest())
    else:
        print(meson_lines())
