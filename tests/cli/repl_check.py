#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A session at the prompt through a pseudo-terminal, with line editing and without."""
import ctypes
import os
import pty
import re
import select
import signal
import sys
import tempfile
import time

PATIENCE = 20  # seconds for one answer
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")


class Session:
    def __init__(self, program, home, term):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM=term, HOME=home)
            os.execv(program, [program])
        self.text = ""

    def read(self, end):
        """What comes until the text ends with `end` (None: until the terminal is closed)."""
        limit = time.monotonic() + PATIENCE
        while end is None or not CONTROL.sub("", self.text).endswith(end):
            if not select.select([self.fd], [], [], max(0, limit - time.monotonic()))[0]:
                sys.exit(f"waited in vain for {end!r}; got {self.text!r}")
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                data = b""
            if not data:
                if end is None:
                    break
                sys.exit(f"ended before {end!r}; got {self.text!r}")
            self.text += data.decode(errors="replace")
        text, self.text = CONTROL.sub("", self.text), ""
        return text

    def say(self, keys, *answers, prompt=">>> "):
        """Types keys; the answer holds all of `answers`, then the prompt comes."""
        os.write(self.fd, keys.encode())
        got = self.read(prompt)
        for answer in answers:
            if answer not in got:
                sys.exit(f"after {keys!r}: {answer!r} is not in {got!r}")
        return got

    def status(self):
        self.read(None)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def edited(program, home):
    s = Session(program, home, "xterm")
    s.read(">>> ")
    s.say("20 + 3x\x7f\n", "\n23\n")  # a key too many, and backspace
    s.say("\x1b[A\n", "\n23\n")  # up: the line again
    s.say("def f():\n", prompt="... ")
    s.say("\treturn 'tab'\n", prompt="... ")
    s.say("\n")
    s.say("f()\n", "'tab'")
    s.say("half a li\x03", "KeyboardInterrupt")
    s.say("'still ' + 'here'\n", "'still here'")
    os.write(s.fd, b"\x04")
    assert s.status() == 0
    with open(os.path.join(home, ".quiver_history"), encoding="utf-8") as f:
        assert "20" in f.read()
    s = Session(program, home, "xterm")  # the history of the session before
    s.read(">>> ")
    s.say("\x1b[A\n", "'still here'")
    os.write(s.fd, b"raise SystemExit(3)\n")
    assert s.status() == 3


def plain(program, home):
    s = Session(program, home, "dumb")
    s.read(">>> ")
    s.say("1 + 1\n", "\n2\n")
    s.say("_ * 21\n", "\n42\n")
    s.say("None\n")
    s.say("# nothing\n")
    s.say("\n")
    s.say("class A:\n", prompt="... ")
    s.say("    def f(self):\n", prompt="... ")
    s.say("        return 'method'\n", prompt="... ")
    s.say("\n")
    s.say("A().f()\n", "'method'")
    s.say("if 1: print('once')\n", prompt="... ")
    s.say("\n", "once")
    s.say("x = (1,\n", prompt="... ")
    s.say("  2)\n")
    s.say("'''a\n", prompt="... ")
    s.say("b'''\n", "'a\\nb'")
    s.say("1/0\n", 'File "<stdin>", line 1, in <module>', "ZeroDivisionError: division by zero")
    s.say("foo bar\n", '  File "<stdin>", line 1\n    foo bar\n        ^^^\nSyntaxError: invalid syntax\n')
    s.say("if x:\n", prompt="... ")
    s.say("y\n", "IndentationError: expected an indented block after 'if' statement on line 1")
    s.say("for k in x:\n", prompt="... ")
    s.say("\x03", "KeyboardInterrupt")  # forgets the lines so far
    s.say("x\n", "(1, 2)")
    s.say("while True: pass\n", prompt="... ")
    os.write(s.fd, b"\n")
    time.sleep(0.2)
    s.say("\x03", "KeyboardInterrupt")
    s.say("import sys; sys.ps1 = 'next> '\n", prompt="next> ")
    s.say("x\n", "(1, 2)", prompt="next> ")
    os.write(s.fd, b"exit(4)\n")
    assert s.status() == 4


def main(program, _script):
    signal.alarm(100)
    with tempfile.TemporaryDirectory() as home:
        plain(program, home)
        try:
            ctypes.CDLL("libedit.so.2")
        except OSError:
            print("skipped: libedit is not installed, so there is no line editing")
            return 77
        edited(program, home)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
