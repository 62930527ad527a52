# SPDX-License-Identifier: MIT
"""Runs the command lines of FILE's CASES: python3 cases_check.py QUIVER FILE."""
import os
import pathlib
import runpy
import subprocess
import sys
import tempfile

QUIVER = pathlib.Path(sys.argv[1]).resolve()


def expand(text, folder):
    return text.replace("$DIR", folder).replace("$QUIVER", str(QUIVER))


def main():
    spec = runpy.run_path(sys.argv[2])
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)
        for name, data in spec["FILES"].items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        for args, code, out, err, *more in spec["CASES"]:
            more = more[0] if more else {}
            env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
            env.update({"LC_ALL": "C.UTF-8"}, **{k: expand(v, folder) for k, v in more.get("env", {}).items()})
            stdout = open(more["stdout"], "wb") if "stdout" in more else subprocess.PIPE
            done = subprocess.run(
                [str(QUIVER), *(expand(a, folder) for a in args)],
                input=more.get("stdin", b""), stdout=stdout, stderr=subprocess.PIPE,
                env=env, cwd=folder, timeout=60, check=False,
            )
            got = (done.returncode, (done.stdout or b"").decode(), done.stderr.decode())
            want = (code, expand(out, folder), expand(err, folder))
            if got != want:
                bad += 1
                print(f"{args} {more}\n  got  {got}\n  want {want}")
    print(f"{len(spec['CASES'])} command lines, {bad} wrong")
    return 1 if bad else 0


sys.exit(main())
