# What faulthandler writes when the program crashes (a sanitizer has handlers of its own).
# not in: asan tsan
import os
import re
import subprocess
import sys


def run(code, *options, **env):
    p = subprocess.run([sys.executable, *options, "-c", code], capture_output=True, text=True,
                       env={**os.environ, **env})
    print(p.returncode, re.sub(r"0x[0-9a-f]{16}\b", "0xN", p.stdout + p.stderr))


run("def f(): os.abort()\nimport os\nf()", "-X", "faulthandler")
run("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", PYTHONFAULTHANDLER="1")
run("import faulthandler as f\nf.enable(all_threads=False)\nf._sigfpe()")
run("import faulthandler as f\nf.dump_traceback_later(0.02, exit=True)\nimport time\ntime.sleep(9)")
run("import faulthandler; print(faulthandler.is_enabled())", "-X", "dev")
