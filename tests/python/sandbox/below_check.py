# SPDX-License-Identifier: MIT
"""below.py, and that nothing happened outside of what it may reach."""
import os
import subprocess
import sys
import tempfile

quiver, script = sys.argv[1:3]
with tempfile.TemporaryDirectory() as top:
    top = os.path.realpath(top)
    root, outside = top + "/root", top + "/outside"
    os.makedirs(root + "/w"), os.mkdir(outside)
    for path, text in ((root + "/r.txt", "inside\n"), (outside + "/secret.txt", "secret\n")):
        with open(path, "w") as f:
            f.write(text)
    os.symlink(outside, root + "/out")
    before = sorted(os.listdir(outside)), os.stat(outside + "/secret.txt"), sorted(os.listdir(top))
    done = subprocess.run(
        [quiver, "-X", "read=" + root, "-X", "write=" + root + "/w", script, root, outside],
        capture_output=True, text=True)
    print(done.stdout, done.stderr, sep="")
    assert done.stdout == "done\n" and not done.stderr and done.returncode == 0
    after = sorted(os.listdir(outside)), os.stat(outside + "/secret.txt"), sorted(os.listdir(top))
    assert before[0] == after[0] and before[2] == after[2], (before, after)
    for field in "st_mode st_uid st_size st_mtime_ns st_nlink".split():
        assert getattr(before[1], field) == getattr(after[1], field), field
