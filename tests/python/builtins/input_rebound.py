# input() holds the streams that it started with, whatever runs meanwhile.
# (CPython 3.11 crashes here.)
# expect: <? >flushed
# expect: 'a line'
import io
import sys

keep = sys.stdin, sys.stdout


class Prompt:
    def __str__(self):
        sys.stdin = None
        sys.stdout = None
        return "? "


class Out:
    def write(self, text):
        keep[1].write(f"<{text}>")

    def flush(self):
        keep[1].write("flushed\n")


class In:
    def readline(self):
        sys.stdin = 3
        return "a line\n"


sys.stdin, sys.stdout = In(), Out()
line = input(Prompt())
print_to = keep[1]
sys.stdin, sys.stdout = keep
print(repr(line))
