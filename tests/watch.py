# SPDX-License-Identifier: MIT
"""Run a test's program; where it hangs, say what its threads do before it is ended."""
import os
import pathlib
import shutil
import subprocess

# meson would kill the runner too, and nobody would learn what hung.
EARLIER = 10  # seconds before meson's own limit


def limit(text_timeout):
    """Seconds for a program whose file says `timeout: text_timeout`, or None when run by hand."""
    patience = os.environ.get("QV_TEST_PATIENCE")
    return int(text_timeout) * int(patience) - EARLIER if patience else None


def threads(pid):
    """A line for each thread of a process, and a backtrace if there is gdb."""
    lines = []
    for task in sorted(pathlib.Path(f"/proc/{pid}/task").iterdir(), key=lambda p: int(p.name)):
        said = {}
        for name in "comm", "stat", "wchan", "syscall":
            try:
                said[name] = (task / name).read_text().strip()
            except OSError as error:
                said[name] = error.strerror
        stat = said["stat"].rpartition(")")[2].split()
        state = f"state {stat[0]}, {stat[11]}+{stat[12]} ticks, nice {stat[16]}" if len(stat) > 16 else "?"
        lines.append(f"{task.name} {said['comm']}: {state}, in {said['wchan']}, system call {said['syscall']}")
    if shutil.which("gdb"):
        done = subprocess.run(
            ["gdb", "-batch", "-nx", "-p", str(pid), "-ex", "thread apply all bt 25"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, errors="replace", check=False,
        )
        lines.append(done.stdout)
    return "\n".join(lines)


def run(command, data, seconds, **more):
    """As subprocess.run; what hung has None as its returncode and its threads in .threads."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more
    ) as child:
        try:
            out, err = child.communicate(data, timeout=seconds)
        except subprocess.TimeoutExpired:
            report = threads(child.pid)
            child.kill()
            try:
                out, err = child.communicate(timeout=5)
            except subprocess.TimeoutExpired:  # what it started holds the pipes
                out = err = b""
            done = subprocess.CompletedProcess(command, None, out, err)
            done.threads = report
            return done
        except BaseException:
            child.kill()
            raise
    return subprocess.CompletedProcess(command, child.returncode, out, err)
