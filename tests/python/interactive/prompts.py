# -i with a standard input that is no terminal: prompts are there, on standard error.
import subprocess
import sys

for options, text in [
    (["-iq"], "1/0\nif 1:\n  2\n\nx=\n"),
    (["-iq"], ""),
    (["-iq", "-c", "x = 5"], "x\n"),
    (["-iq"], "import sys\nsys.ps1 = '? '\n4\n"),
    (["-iq"], "raise SystemExit(3)\n"),
    (["-q"], "print(6)\n"),
]:
    done = subprocess.run([sys.executable, *options], input=text, capture_output=True, text=True)
    print(options, repr(text), done.returncode)
    print(repr(done.stdout))
    print(repr(done.stderr))
