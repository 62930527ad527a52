#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fuzzing of the decoder of messages (fuzz_wire.c).

Usage: run.py [--seconds N] [--seed N] [--driver DIR] [--changes N] [--samples N]

With clang that has libFuzzer: builds build/fuzz (ASan, UBSan, coverage) and runs it for N seconds
(600) on tests/fuzz/corpus; inputs with new coverage stay in build/fuzz/corpus, a failing one is
written to build/fuzz. --driver DIR uses fuzz_wire of an existing build instead (build/asan), with
its own seeded mutator. --changes N tries every prefix and every single-byte change of N messages
that fuzz_wire makes, and of the corpus; --samples N those of N messages that make_corpus.py makes.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FUZZ = ROOT / "build/fuzz"


def run(command, **options):
    print("+", *command, flush=True)
    done = subprocess.run([str(c) for c in command], check=False, **options)
    if done.returncode:
        sys.exit(done.returncode)


def main():
    parser = argparse.ArgumentParser(description="Fuzzing of the decoder of messages.")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--driver", type=pathlib.Path)
    parser.add_argument("--changes", type=int)
    parser.add_argument("--samples", type=int)
    given = parser.parse_args()
    corpus = sorted((HERE / "corpus").iterdir())
    if given.driver or given.changes or given.samples:
        build = given.driver or ROOT / "build/asan"
        run(["ninja", "-C", build, "fuzz_wire", "quiver"])
        if given.samples:
            folder = build / "fuzz_samples"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            run([build / "quiver", HERE / "make_corpus.py", folder, given.samples, given.seed])
            run([build / "fuzz_wire", "changes", 0, given.seed, *sorted(folder.iterdir())])
        elif given.changes:
            run([build / "fuzz_wire", "changes", given.changes, given.seed, *corpus])
        else:
            run([build / "fuzz_wire", given.seconds, given.seed, *corpus])
        return
    if not shutil.which("clang"):
        sys.exit("fuzz: no clang here; try --driver build/asan")
    if not (FUZZ / "build.ninja").exists():
        run(["meson", "setup", FUZZ, ROOT, "--buildtype=debug", "-Doptimization=1", "-Dfuzzer=true",
             "-Db_sanitize=address,undefined", "-Db_lundef=false", "-Dtests=false"],
            env=dict(os.environ, CC="ccache clang" if shutil.which("ccache") else "clang"))
    run(["ninja", "-C", FUZZ, "fuzz_wire"])
    kept = FUZZ / "corpus"
    kept.mkdir(exist_ok=True)
    run([FUZZ / "fuzz_wire", kept, HERE / "corpus", f"-max_total_time={given.seconds}",
         f"-seed={given.seed}", "-max_len=4096", "-rss_limit_mb=1024", "-timeout=10",
         "-print_final_stats=1", f"-artifact_prefix={FUZZ}/"])


if __name__ == "__main__":
    main()
