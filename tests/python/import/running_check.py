"""Modules, folders and broken names as programs: run by tests/run.py as running_check.py QUIVER FILE."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

quiver = sys.argv[1]
data = pathlib.Path(__file__).resolve().parent / "data"
env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
failed = 0


def check(args, out, err="", code=0, cwd=data):
    global failed
    done = subprocess.run([quiver, *args], capture_output=True, text=True, env=env, cwd=cwd, timeout=60)
    got = done.stdout, done.stderr.replace(os.path.realpath(quiver), "EXE"), done.returncode
    if got != (out, err, code):
        failed += 1
        print(f"quiver {' '.join(args)}\n  wanted {(out, err, code)}\n  got    {got}")


check(["-m", "pkg"], "__main__ pkg pkg.__main__\n")
check(["-m", "pkg.__main__"], "__main__ pkg pkg.__main__\n")
check(["-m", "nope"], "", "EXE: No module named nope\n", 1)
check(["-m", "pkg.nope"], "", "EXE: No module named pkg.nope\n", 1)
check(["-m", "pkg.sub"], "", "EXE: No module named pkg.sub.__main__; 'pkg.sub' is a package and cannot be "
      "directly executed\n", 1)
check(["-m", "nope.x"], "", "EXE: Error while finding module specification for 'nope.x' "
      "(ModuleNotFoundError: No module named 'nope')\n", 1)
check(["-m", "pkg.alpha.x"], "", "EXE: Error while finding module specification for 'pkg.alpha.x' "
      "(ModuleNotFoundError: __path__ attribute not found on 'pkg.alpha' while trying to find 'pkg.alpha.x')\n", 1)
check(["-m", ".pkg"], "", "EXE: Relative module names not supported\n", 1)

folder = pathlib.Path(tempfile.mkdtemp())
try:
    (folder / "app").mkdir()
    program = "import sys, helper\nprint(__name__, repr(__package__), sys.argv, helper.x, __spec__.name)\n"
    (folder / "app" / "__main__.py").write_text(program)
    (folder / "app" / "helper.py").write_text("x = 'helped'\n")
    check(["app", "arg"], "__main__ '' ['app', 'arg'] helped __main__\n", cwd=folder)
    with zipfile.ZipFile(folder / "app.zip", "w") as z:
        z.write(folder / "app" / "__main__.py", "__main__.py")
        z.write(folder / "app" / "helper.py", "helper.py")
    check(["app.zip", "arg"], "__main__ '' ['app.zip', 'arg'] helped __main__\n", cwd=folder)
    (folder / "twice.py").write_text("import sys; print(sys.argv, __spec__.name, __cached__ is not None)\n")
    check(["-m", "twice", "a"], f"['{os.path.realpath(folder)}/twice.py', 'a'] twice True\n", cwd=folder)
    (folder / "maker.py").write_text("import marshal, _imp, sys\n"
        "from importlib._bootstrap_external import _code_to_timestamp_pyc as form\n"
        "open('made.pyc', 'wb').write(form(compile('print(__name__, __file__, 1)', 'shown.py', 'exec')))\n")
    check(["maker.py"], "", cwd=folder)
    check(["made.pyc"], "__main__ made.pyc 1\n", cwd=folder)
    (folder / "old.pyc").write_bytes(b"\xa7\x0d\r\n" + bytes(40))
    check(["old.pyc"], "", "RuntimeError: Bad magic number in .pyc file\n", 1, cwd=folder)
finally:
    shutil.rmtree(folder)
sys.exit(1 if failed else 0)
