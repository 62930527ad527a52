# Compiled files by hash, checked and unchecked, with each --check-hash-based-pycs.
import os
import py_compile
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    source = os.path.join(folder, "hashed.py")

    def write(text):
        with open(source, "w") as f:
            f.write(text)

    def run(*options):
        done = subprocess.run([sys.executable, *options, "-c", "import hashed; print(hashed.value)"],
                              cwd=folder, capture_output=True, text=True)
        return done.stdout.strip() or done.stderr

    for mode in (py_compile.PycInvalidationMode.CHECKED_HASH,
                 py_compile.PycInvalidationMode.UNCHECKED_HASH):
        for how in ("default", "always", "never"):
            write("value = 'old'\n")
            py_compile.compile(source, invalidation_mode=mode)
            write("value = 'new'\n")
            print(mode.name, how, run("-B", "--check-hash-based-pycs", how),
                  run("--check-hash-based-pycs", how), run())
    done = subprocess.run([sys.executable, "--check-hash-based-pycs", "sometimes", "-c", "1"],
                          capture_output=True, text=True)
    print(done.returncode, done.stderr.splitlines()[0])
