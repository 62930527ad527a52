# A virtual environment: made by venv, and what an interpreter in it sees.
import os
import subprocess
import sys
import sysconfig
import tempfile

program = """
import sys, sysconfig
inside = lambda p: p.replace(sys.prefix, 'ENV')
print(inside(sys.executable), sys.prefix == sys.exec_prefix, sys.prefix != sys.base_prefix)
print(sys.base_prefix, sys._home == HOME, sys._base_executable == BASE)
print([inside(p) for p in sys.path if p.startswith(sys.prefix)])
print(inside(sysconfig.get_path('purelib')), inside(sysconfig.get_path('scripts')))
print(any(p.endswith('dist-packages') for p in sys.path))
import here
print(here.value)
"""
for options in (["--without-pip"], ["--without-pip", "--system-site-packages"]):
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)
        done = subprocess.run([sys.executable, "-m", "venv", *options, folder], capture_output=True,
                              text=True)
        print(done.returncode, done.stdout, done.stderr)
        packages = os.path.join(folder, "lib/python3.11/site-packages")
        os.mkdir(os.path.join(folder, "more"))
        with open(os.path.join(folder, "more/here.py"), "w") as f:
            f.write("value = 'found'\n")
        with open(os.path.join(packages, "paths.pth"), "w") as f:
            f.write("../../../more\n")
        base = sys._base_executable
        text = f"HOME, BASE = {os.path.dirname(base)!r}, {os.path.realpath(base)!r}\n" + program
        for name in ("bin/python", "bin/python3"):
            done = subprocess.run([os.path.join(folder, name), "-c", text], capture_output=True,
                                  text=True)
            print(done.stdout, done.stderr)
print(sys.prefix == sys.base_prefix)
