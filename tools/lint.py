#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The checks that need no running program. Usage: lint.py PART... [--build DIR] [--cc COMPILER]

    layers    every #include of the tree against tools/layers.txt, the header exists, no cycles
    tags      `SYNC: tag` comments come in pairs, no `#if 0`, no XXX, SPDX line first
    format    clang-format with tools/clang-format (says so and passes where it is not installed)
    sources   the file lists in meson.build are those of the tree
    globals   writable process-wide symbols of the library against tools/globals.txt
    exports   what libquiver.so exports against the QV_API functions of quiver.h
    headers   every header compiles alone; quiver.h also as pedantic C11 and as C++
    contracts every function of quiver.h has a comment
    all       all of these

`globals`, `exports` need a build folder (brought up to date unless --build names it) and are skipped
with a word where there is none.
Exit code 0 clean, 1 faults, 77 skipped.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
import gen_reference  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
PARTS = ["layers", "tags", "format", "sources", "globals", "exports", "headers", "contracts"]
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
ANGLE_INCLUDE = re.compile(r"^\s*#\s*include\s+<([^>]+)>", re.M)
GENERATED = {"unicode_tables.inc", "unicode_names.inc", "unicode_old.inc", "embedded_python.inc",
             "code_version.inc"}
SKIPPED = "skipped"


def relative(path):
    return str(path.relative_to(ROOT))


def c_files(endings=(".c", ".h", ".def", ".inc")):
    for top in ["lib", "interpreters", "channels", "tools", "tests"]:
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in endings and path.is_file() and "build" not in path.parts:
                yield path


# ---- layers ----


def read_layers():
    table = {}
    for line in (ROOT / "tools/layers.txt").read_text().splitlines():
        line = line.split("#")[0].strip() if line.lstrip().startswith("#") else line.strip()
        if not line:
            continue
        folder, _, rest = line.partition(":")
        folders, _, single = rest.partition("+")
        table[folder.strip()] = (set(folders.split()), set(single.replace("+", " ").split()))
    return table


def layer_of(name, table):
    """The folder of the table that a file belongs to; the longest wins."""
    fits = [f for f in table if name.startswith(f + "/")]
    return max(fits, key=len) if fits else None


def resolve(include, source):
    """The file that an include means, as a path below the root."""
    if include == "quiver.h":
        return "interpreters/quiver.h"
    for base in ["lib", "."]:
        path = ROOT / base / include
        if path.is_file():
            return relative(path)
    beside = source.parent / include
    if beside.is_file():
        return relative(beside.resolve())
    return None


def check_layers(_options):
    table = read_layers()
    faults, graph = [], {}
    for path in c_files():
        name = relative(path)
        own = layer_of(name, table)
        text = path.read_text(errors="replace")
        if own is None and path.suffix in (".c", ".h"):
            faults.append(f"{name}: its folder is not in tools/layers.txt")
        for include in ANGLE_INCLUDE.findall(text):
            if "/" in include and resolve(include, path):
                faults.append(f'{name}: #include <{include}>: write it with quotes')
        for include in INCLUDE.findall(text):
            if include in GENERATED:
                continue
            target = resolve(include, path)
            if target is None:
                faults.append(f'{name}: #include "{include}": no such file')
                continue
            graph.setdefault(name, set()).add(target)
            if "/" not in include and include != "quiver.h" and own and own.startswith("lib"):
                faults.append(f'{name}: #include "{include}": write it from the root of lib/')
            if own is None:
                continue
            folders, single = table[own]
            public = target == "interpreters/quiver.h"
            theirs = layer_of(target, table)
            if theirs == own or target in single or include in single:
                continue
            if public and ("quiver.h" in folders or own in ("interpreters", "tests/unit")):
                continue
            if public or theirs not in folders:
                faults.append(f'{name}: #include "{include}": {own} may not include {theirs}')
    faults += include_cycles(graph)
    return faults


def include_cycles(graph):
    faults, done, stack = [], set(), []

    def walk(name):
        if name in stack:
            cycle = stack[stack.index(name):] + [name]
            faults.append("include cycle: " + " -> ".join(cycle))
            return
        if name in done:
            return
        stack.append(name)
        for target in sorted(graph.get(name, ())):
            # A table that includes nothing back may be included by its own header many times.
            if target != name:
                walk(target)
        stack.pop()
        done.add(name)

    for name in sorted(graph):
        walk(name)
    return faults


# ---- tags ----


def check_tags(_options):
    faults, tags = [], {}
    for path in c_files():
        name = relative(path)
        text = path.read_text(errors="replace")
        if not text.startswith("// SPDX-License-Identifier: MIT\n"):
            faults.append(f"{name}:1: the first line must be // SPDX-License-Identifier: MIT")
        for number, line in enumerate(text.splitlines(), 1):
            where = f"{name}:{number}"
            for tag in re.findall(r"//.*\bSYNC: ([\w./-]+)", line):
                tags.setdefault(tag, []).append(where)
            if re.match(r"\s*#\s*if\s+0\b", line):
                faults.append(f"{where}: #if 0 (delete the code)")
            if re.search(r"//.*\bXXX\b", line):
                faults.append(f"{where}: XXX")
            if re.search(r"\b(?:set|sig|long|siglong)jmp\s*\(", line.split("//")[0]):
                faults.append(f"{where}: setjmp/longjmp")
    for tag, places in sorted(tags.items()):
        if len(places) < 2:
            faults.append(f"{places[0]}: SYNC: {tag} stands alone")
    return faults


# ---- format ----


def check_format(options):
    tool = shutil.which("clang-format-14") or shutil.which("clang-format")
    if not tool:
        return f"{SKIPPED}: clang-format is not installed"
    files = [str(p) for p in c_files((".c", ".h"))]
    style = f"--style=file:{ROOT / 'tools/clang-format'}"
    if not files:
        return []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        chunks = [files[i::4] for i in range(4) if files[i::4]]
        done = list(
            pool.map(
                lambda chunk: subprocess.run(
                    [tool, style, "--dry-run", "--Werror", "--ferror-limit=1", *chunk],
                    capture_output=True, text=True, check=False,
                ),
                chunks,
            )
        )
    faults = set()
    for one in done:
        for line in one.stderr.splitlines():
            match = re.match(r"(.+?):(\d+):\d+: (?:error|warning): code should be", line)
            if match:
                name = os.path.relpath(match.group(1), ROOT)
                faults.add(f"{name}:{match.group(2)}: not formatted (tools/dev fmt)")
            elif line.lower().startswith(("error", "clang-format", "invalid")):
                faults.add(line)
    return sorted(faults)


# ---- sources ----


def check_sources(_options):
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools/sync_sources.py"), "--check"],
        capture_output=True, text=True, check=False,
    )
    return done.stdout.splitlines()


# ---- what the built library shows ----


def build_dir(options):
    """The build folder to look at: the one that is given, as it is; else one that is brought up to
    date, because a library older than the sources would be compared with what they say now."""
    if options.build:
        return pathlib.Path(options.build)
    for name in ["debug", "release"]:
        folder = ROOT / "build" / name
        if (folder / "libquiver.a").exists():
            done = subprocess.run(
                ["meson", "compile", "-C", str(folder), "quiver:static_library",
                 "quiver:shared_library"],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            )
            if done.returncode:
                sys.exit(f"lint: build/{name} does not build\n{done.stdout[-2000:]}")
            options.build = str(folder)
            return folder
    return None


def allowed_globals():
    """Name to whether every build has it (not those whose reason says "debug builds")."""
    names = {}
    for line in (ROOT / "tools/globals.txt").read_text().splitlines():
        name, _, reason = line.partition("#")
        if name.strip():
            names[name.split()[0]] = "debug builds" not in reason
    return names


# Sections that nobody writes to after the start; a symbol in any other is writable.
READ_ONLY = re.compile(
    r"\.(text|rodata|data\.rel\.ro|eh_frame|init_array|fini_array|note|debug|comment|gnu\.|group)"
    r"|qv_sealed$|asan_globals$|\*(ABS|UND)\*$"
)
# One line of `objdump -t`: value, seven flag characters, section, size, name.
SYMBOL = re.compile(r"^[0-9a-f]+ (.{7}) (\S+)\s+([0-9a-f]+)\s+(?:\.hidden )?(\S+)$")


def check_globals(options):
    build = build_dir(options)
    archive = build / "libquiver.a" if build else None
    if not archive or not archive.exists():
        return f"{SKIPPED}: no built library"
    text = subprocess.run(
        ["objdump", "-t", str(archive)], capture_output=True, text=True, check=True
    ).stdout
    allowed, seen, faults, member, count = allowed_globals(), set(), [], "?", 0
    for line in text.splitlines():
        if line.endswith(("file format elf64-x86-64", "file format elf64-littleaarch64")):
            member = line.split(":")[0]
            continue
        match = SYMBOL.match(line)
        if not match:
            continue
        flags, section, size, name = match.groups()
        count += 1
        if "d" in flags or int(size, 16) == 0:
            continue
        if section.startswith((".gnu.lto_", ".gnu.debuglto_")):
            continue
        if READ_ONLY.match(section):
            continue
        plain = re.sub(r"\.(?:\d+|lto_priv\.\d+)$", "", name)
        if plain in allowed:
            seen.add(plain)
        elif not name.startswith(("__odr_asan", "__asan", "__ubsan", "__tsan", ".L")):
            faults.append(f"{member}: {name} is writable, in {section} (not in tools/globals.txt)")
    if count == 0:
        faults.append(f"{archive}: no symbols found")
    for name in sorted(n for n, everywhere in allowed.items() if everywhere and n not in seen):
        faults.append(f"tools/globals.txt: {name} is not in the library")
    return sorted(set(faults))


def declared_functions():
    text = (ROOT / "interpreters/quiver.h").read_text()
    text = re.sub(r"//[^\n]*|/\*.*?\*/", " ", text, flags=re.S)
    text = re.sub(r"^\s*#(?:[^\n\\]|\\.|\\\n)*", " ", text, flags=re.M)
    found = set()
    for statement in re.findall(r"\bQV_API\b([^;{]*)", text):
        function = re.search(r"\b(\w+)\s*\(", re.sub(r"__attribute__\s*\(\(.*?\)\)", "", statement))
        variable = re.search(r"\b(\w+)\s*(?:\[[^\]]*\])?\s*$", statement)
        match = function or variable
        if match:
            found.add(match.group(1))
    return found


def check_exports(options):
    build = build_dir(options)
    library = build / "libquiver.so" if build else None
    if not library or not library.exists() or not (ROOT / "interpreters/quiver.h").exists():
        return f"{SKIPPED}: no built library"
    text = subprocess.run(
        ["nm", "-D", "--defined-only", "--format=posix", str(library)],
        capture_output=True, text=True, check=True,
    ).stdout
    exported = {line.split()[0].split("@")[0] for line in text.splitlines() if line.split()}
    sanitizers = ("__asan", "__odr_asan", "__ubsan", "__tsan")
    exported = {n for n in exported if not n.startswith(sanitizers)}
    declared = declared_functions()
    faults = [f"quiver.h declares {n}, the library does not export it" for n in declared - exported]
    faults += [f"the library exports {n}, quiver.h does not declare it" for n in exported - declared]
    return sorted(faults)


# ---- headers ----

DEFINES = [
    "-D_GNU_SOURCE", "-DQV_DEBUG=1", "-DQV_HARD=0", "-DQV_SANITIZE=0", "-DQV_SANITIZE_THREAD=0",
    '-DQV_STDLIB_DIR=""',
]
WARNINGS = [
    "-Wall", "-Wextra", "-Wshadow", "-Wundef", "-Wstrict-prototypes", "-Wmissing-prototypes",
    "-Wno-unused-function", "-Wno-missing-field-initializers", "-Werror",
]


def check_headers(options):
    cc = [w for w in shlex.split(options.cc) if not w.endswith("ccache")] or ["cc"]
    jobs = []
    include = ["-I", str(ROOT / "lib"), "-I", str(ROOT)]
    for path in c_files((".h",)):
        if relative(path).startswith(("tests/", "tools/")):
            continue
        command = [*cc, "-std=gnu11", "-fsyntax-only", "-x", "c", *DEFINES, *WARNINGS, *include]
        jobs.append((relative(path), command, f'#include "{path}"\n'))
    public = ROOT / "interpreters/quiver.h"
    if public.exists():
        text = f'#include "{public}"\nint main(void) {{ return 0; }}\n'
        strict = ["-fsyntax-only", "-pedantic-errors", "-Wall", "-Wextra", "-Werror"]
        jobs.append(("quiver.h as C11", [*cc, "-std=c11", "-x", "c", *strict], text))
        cxx = shutil.which("g++") or shutil.which("clang++")
        if cxx:
            jobs.append(("quiver.h as C++", [cxx, "-std=c++11", "-x", "c++", *strict], text))

    def one(job):
        name, command, text = job
        done = subprocess.run(
            [*command, "-"], input=text, capture_output=True, text=True, check=False
        )
        return f"{name}: does not compile alone\n{done.stderr.strip()}" if done.returncode else None

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return [fault for fault in pool.map(one, jobs) if fault]


def check_contracts(_options):
    """Every function of quiver.h says what it wants, gives and does when it fails."""
    header = ROOT / "interpreters/quiver.h"
    if not header.exists():
        return []
    names = gen_reference.missing(gen_reference.parse(header.read_text(encoding="utf-8")))
    return [f"interpreters/quiver.h: {name} has no comment" for name in names]


def main():
    parser = argparse.ArgumentParser(description="Quiver's static checks.")
    parser.add_argument("parts", nargs="*", default=["all"], metavar="PART")
    parser.add_argument("--build", help="build folder for globals and exports")
    parser.add_argument("--cc", default="cc", help="compiler for the header check")
    options = parser.parse_args()
    parts = PARTS if "all" in options.parts else options.parts
    worst, skipped = 0, 0
    for part in parts:
        if part not in PARTS:
            parser.error(f"no such part: {part} (one of {', '.join(PARTS)})")
        result = globals()["check_" + part](options)
        if isinstance(result, str):
            print(f"{part}: {result}")
            skipped += 1
        elif result:
            print(f"{part}: {len(result)} faults")
            for fault in result[:100]:
                print("  " + fault)
            worst = 1
        else:
            print(f"{part}: clean")
    return worst or (77 if skipped == len(parts) else 0)


if __name__ == "__main__":
    sys.exit(main())
