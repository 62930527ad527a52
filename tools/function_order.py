#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The order of functions and constants in a release (meson.build says what it is for).

    function_order.py script LIST SCRIPT    a linker script that puts the functions of the list side
                                            by side, in its order, and large tables that few programs
                                            need apart
    function_order.py record QUIVER LIST    the list, from what that executable runs under valgrind:
                                            those functions first that the most programs run
"""
import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEAD = """\
# SPDX-License-Identifier: MIT
# Functions that common programs run, those first that the most of them run. `tools/dev order`
# records the list; meson.build says what it is for.
"""
# Nothing of tools/bench/programs, which are what the order is measured with.
MODULES = """
    abc argparse asyncio collections contextlib copy csv dataclasses datetime decimal enum functools
    heapq inspect io itertools json logging math os pathlib pickle random re string struct
    subprocess sys tempfile threading time traceback typing unittest
"""
PROGRAMS = ["tools/bench/training/*.py", "tests/examples/*.py"]
# What the compiler makes of a function has its name and one of these behind it.
SUFFIX = re.compile(r"\.(lto_priv|part|constprop|isra|cold)\b.*")


# Of jemalloc's archive, what is run when memory is asked for.
JEMALLOC = """
    jemalloc arena base bin bin_info cache_bin decay ecache edata edata_cache ehooks emap eset extent
    extent_dss extent_mmap hook large mutex nstime pa pac pages rtree san sc sz tcache thread_event
    ticker tsd
"""
# Begins a page: where its jumps fall decides up to 8 % of a program's time, and would change with
# every function before it.
EVAL_LOOP = "qv_eval_run"
# Unicode's names, decompositions and properties beside the types; the embedded modules.
APART = "name_* uni_db_* uni_decomp_* uni_numbers* uni_pairs* old_* image_*"


def write_script(source, target):
    lines = ["SECTIONS {", "  .text.order : {"]
    for line in source.read_text().splitlines():
        name = line.partition("#")[0].strip()
        if name == EVAL_LOOP:
            lines.append("    . = ALIGN(4096);")
        if name:
            lines.append(f"    *(.text.{name} .text.{name}.* .text.hot.{name} .text.hot.{name}.*)")
    for name in JEMALLOC.split():
        lines.append(f"    *libjemalloc_pic.a:{name}.pic.o(.text .text.*)")
    # Beside the default script's own output sections, whose patterns fit these sections too.
    lines += ["  }", "} INSERT BEFORE .text;", "SECTIONS {", "  .rodata.apart : {"]
    for pattern in APART.split():
        lines.append(f"    *(.rodata.{pattern})")
    lines += ["  }", "} INSERT AFTER .rodata;", ""]
    target.write_text("\n".join(lines))


def own_functions(executable):
    """Addresses by name. jemalloc's come as they are: its archive has no section for each."""
    found = {}
    done = subprocess.run(["nm", "--defined-only", executable], capture_output=True, text=True,
                          check=True)
    for line in done.stdout.splitlines():
        address, kind, name = line.split()
        if kind in "tTwW" and not name.startswith(("je_", "_")):
            found[name] = int(address, 16)
    return found


def functions_run(command, folder):
    trace = folder / "trace"
    subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={trace}", *command],
                   stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return {m[1] for m in re.finditer(r"^c?fn=\(\d+\) ([^'\n]*)", trace.read_text(), re.M)}


def record(executable, target):
    known = own_functions(executable)
    runs = [["-c", "pass"], *(["-c", f"import {name}"] for name in MODULES.split()),
            *([str(path)] for pattern in PROGRAMS for path in sorted(ROOT.glob(pattern)))]
    count, address = collections.Counter(), {}
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        for run in runs:
            # Once before, so that the modules are compiled.
            subprocess.run([executable, *run], stdin=subprocess.DEVNULL, capture_output=True,
                           check=False)
            names = set()
            for name in functions_run([executable, *run], pathlib.Path(folder)) & known.keys():
                plain = SUFFIX.sub("", name)
                names.add(plain)
                address[plain] = min(address.get(plain, known[name]), known[name])
            count.update(names)
            print(*run, len(names), flush=True)
    order = sorted(count, key=lambda name: (-count[name], address[name]))
    target.write_text(HEAD + "".join(f"{name}\n" for name in order))


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in ("script", "record"):
        sys.exit(__doc__)
    (write_script if sys.argv[1] == "script" else record)(*map(pathlib.Path, sys.argv[2:]))


if __name__ == "__main__":
    main()
