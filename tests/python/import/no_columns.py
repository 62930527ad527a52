# -X no_debug_ranges and -X frozen_modules.
import os
import subprocess
import sys

program = """
def f(x):
    return x + 1 + (
        None)
print(set(p[1:] == (p[0], None, None) for p in f.__code__.co_positions()))
import os
print(os.__spec__.origin == "frozen", os.path.join.__code__.co_filename)
f(1)
"""
here = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
for options, env in [
    ([], {}),
    (["-X", "no_debug_ranges"], {}),
    ([], {"PYTHONNODEBUGRANGES": "1"}),
    (["-E"], {"PYTHONNODEBUGRANGES": "1"}),
    (["-X", "frozen_modules=off"], {}),
    (["-X", "frozen_modules"], {}),
]:
    done = subprocess.run([sys.executable, *options, "-"], input=program, env={**here, **env},
                          capture_output=True, text=True)
    print(options, env, done.returncode)
    print(done.stdout + done.stderr)
