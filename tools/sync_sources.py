#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Refresh the explicit source lists in the folders' meson.build files from the tree.

The lists are explicit so that a build never picks up a stray file; this tool saves the typing.
It rewrites what stands between the two marks of each file and leaves the rest alone. Exit code 1
with --check when a list is stale.
"""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

BEGIN = "# files: begin (tools/dev sync-sources)"
END = "# files: end"

# folder, variable, file patterns, whether sub-folders belong to it
FOLDERS = [
    ("lib/base", "sources", ["*.c"], True),
    ("lib/object", "sources", ["*.c"], True),
    ("lib/code", "sources", ["*.c"], True),
    ("lib/compile", "sources", ["*.c"], True),
    ("lib/vm", "sources", ["*.c"], True),
    ("lib/modules", "sources", ["*.c"], True),
    ("lib/python", "python_sources", ["*.py"], True),
    ("interpreters", "sources", ["*.c"], True),
    ("channels", "sources", ["*.c"], True),
    ("tools/cli", "cli_sources", ["*.c"], True),
]


def listing(folder, patterns, deep):
    base = ROOT / folder
    found = set()
    for pattern in patterns:
        found.update(base.rglob(pattern) if deep else base.glob(pattern))
    names = sorted(str(p.relative_to(base)) for p in found if p.is_file())
    return [n for n in names if not n.startswith(".") and "__pycache__" not in n]


def block(variable, names):
    lines = [BEGIN, f"{variable} = files("]
    lines += [f"  '{n}'," for n in names]
    lines += [")", END]
    return "\n".join(lines)


def refresh(folder, variable, patterns, deep, write):
    path = ROOT / folder / "meson.build"
    names = listing(folder, patterns, deep)
    if path.exists():
        text = path.read_text()
    else:
        text = f"# SPDX-License-Identifier: MIT\n{BEGIN}\n{END}\n"
    start, stop = text.find(BEGIN), text.find(END)
    if start < 0 or stop < 0:
        return f"{folder}/meson.build: the marks of the file list are missing"
    new = text[:start] + block(variable, names) + text[stop + len(END):]
    if path.exists() and new == path.read_text():
        return None
    if write:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(new)
        print(f"{folder}/meson.build: {len(names)} files")
        return None
    return f"{folder}/meson.build: the list is stale; run tools/dev sync-sources"


def main():
    write = "--check" not in sys.argv[1:]
    problems = [p for row in FOLDERS if (p := refresh(*row, write=write))]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
