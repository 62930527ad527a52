# input() does not need an output that can be flushed.
import io
import sys


class Sink:
    def write(self, text):
        got.append(text)


got = []
out = sys.stdout
sys.stdin = io.StringIO("hello\n")
sys.stdout = Sink()
try:
    line = input("prompt")
finally:
    sys.stdout = out
print(line, got)
