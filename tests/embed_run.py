#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Build a C or C++ program against the *installed* Quiver and run it.

Usage: embed_run.py FILE.c [--cc COMPILER]

The build is installed once into <build>/embed-root (again when the library or the header is newer);
the program sees quiver.h and what quiver.pc says, nothing of the tree. It passes when it exits with
the code of its `// exit: N` line (default 0) and prints its `// expect: text` lines, if it has any.
Further directives: `// args: ...`, `// stdin: ...`, `// link: static`,
`// cflags: ...`, `// libs: ...`, `// not in: asan tsan`.
"""
import argparse
import fcntl
import os
import pathlib
import re
import shlex
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import run as runner  # noqa: E402
import watch  # noqa: E402

DIRECTIVE = re.compile(r"^//\s*(args|stdin|exit|link|not in|cflags|libs|timeout):\s*(.*?)\s*$", re.M)
EXPECT = re.compile(r"//\s*expect:(?: (.*))?$", re.M)


def call(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    if done.returncode:
        sys.exit(f"$ {shlex.join(command)}\n{done.stdout}{done.stderr}exit code {done.returncode}")
    return done.stdout


def install(build):
    """Install into <build>/embed-root unless that is newer than what would be installed."""
    root = build / "embed-root"
    stamp = root / ".stamp"
    sources = [build / "libquiver.so", build / "libquiver.a", runner.ROOT / "interpreters/quiver.h"]
    with open(build / "embed-root.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        newest = max(p.stat().st_mtime for p in sources if p.exists())
        if not stamp.exists() or stamp.stat().st_mtime < newest:
            call(
                ["meson", "install", "-C", str(build), "--no-rebuild", "--quiet",
                 "--tags", "devel,runtime", "--destdir", str(root)],
                stdin=subprocess.DEVNULL,
            )
            stamp.touch()
    return root


def meson_option(build, name):
    text = (build / "meson-info/intro-buildoptions.json").read_text()
    match = re.search(rf'"name": "{name}", "value": "([^"]*)"', text)
    return match.group(1) if match else ""


def cxx_of(word):
    """The C++ compiler beside a C compiler: c++, g++-12, clang++."""
    folder, slash, name = word.rpartition("/")
    name = re.sub(r"^(gcc|clang|cc)(?=$|-)", lambda m: {"gcc": "g++", "cc": "c++"}.get(m[1], "clang++"), name)
    return folder + slash + name


def compile_program(source, build, root, cc, said):
    pc = next(root.rglob("quiver.pc"))
    env = {
        **os.environ,
        "PKG_CONFIG_PATH": str(pc.parent),
        # The installed prefix stands below the staging folder.
        "PKG_CONFIG_SYSROOT_DIR": str(root),
    }
    static = said.get("link") == "static"
    ask = ["pkg-config", *(["--static"] if static else []), "quiver"]
    cflags = shlex.split(call([ask[0], "--cflags", *ask[1:]], env=env))
    libs = shlex.split(call([ask[0], "--libs", *ask[1:]], env=env))
    # A sysroot is put before the system's own folders too; those stand where they stand.
    libs = [f for f in libs if not (f.startswith("-L" + str(root)) and not os.path.isdir(f[2:]))]
    cflags = [f for f in cflags if not (f.startswith("-I") and not os.path.isdir(f[2:]))]
    sanitize = meson_option(build, "b_sanitize")
    if sanitize not in ("", "none"):
        cflags.append("-fsanitize=" + sanitize)
    if static:
        # The archive holds machine code beside the LTO form: a host need not optimise it all again.
        libs = ["-fno-lto"] + ["-l:libquiver.a" if f == "-lquiver" else f for f in libs]
    program = build / "embed-programs" / source.stem
    program.parent.mkdir(exist_ok=True)
    rpath = f"-Wl,-rpath,{next(root.rglob('libquiver.so')).parent}"
    standard = "-std=c11"
    if source.suffix == ".cpp":
        cc, standard = [cxx_of(word) for word in cc], "-std=c++17"
    call(
        [*cc, standard, "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE", "-O1", "-g",
         *shlex.split(said.get("cflags", "")), *cflags, str(source), "-o", str(program),
         *libs, *shlex.split(said.get("libs", "")), "-pthread", rpath],
        env={**os.environ, "PWD": "/"}, cwd="/",
    )
    return program


def main():
    parser = argparse.ArgumentParser(description="Run a program on the installed library.")
    parser.add_argument("--cc", default="cc")
    parser.add_argument("file", type=pathlib.Path)
    given = parser.parse_args()
    source = given.file.resolve()
    text = source.read_text()
    said = dict(DIRECTIVE.findall(text))
    if os.environ.get("QV_TEST_KIND", "") in said.get("not in", "").replace(",", " ").split():
        print("skipped: not in this build")
        return 77
    build = pathlib.Path(os.environ["QV_BUILD_ROOT"])
    root = install(build)
    program = compile_program(source, build, root, shlex.split(given.cc), said)
    env = runner.environment([])
    env["LD_LIBRARY_PATH"] = str(next(root.rglob("libquiver.so")).parent)
    done = watch.run(
        [str(program), *shlex.split(said.get("args", ""))],
        (said["stdin"] + "\n").encode() if "stdin" in said else b"",
        watch.limit(said.get("timeout", 60)), env=env, cwd=source.parent,
    )
    out, err = runner.neutral(done.stdout), runner.neutral(done.stderr)
    wrong = []
    expected = EXPECT.findall(text)
    if expected:
        want = "".join(line.rstrip() + "\n" for line in expected)
        got = "".join(line.rstrip() + "\n" for line in out.splitlines())
        if want != got:
            wrong.append(runner.difference("output", want, got))
    if done.returncode is None:
        wrong.append("it hangs:\n" + done.threads)
    elif done.returncode != int(said.get("exit", 0)):
        wrong.append(f"exit code {done.returncode}, expected {said.get('exit', 0)}")
    if runner.ALARMS.search(err):
        wrong.append("a checker reported a fault on standard error")
    if not wrong:
        return 0
    print(f"$ {program}")
    print(runner.show("\n".join(wrong)))
    if not expected and out:
        print("--- output ---\n" + runner.show(out[-4000:]))
    if err:
        print("--- error output ---\n" + runner.show(err[-6000:]))
    return 1


if __name__ == "__main__":
    sys.exit(main())
