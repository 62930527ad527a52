# What nobody closed is flushed and closed when it goes.
import os

P = "/tmp/qv_io_unclosed.txt"
f = open(P, "w")
f.write("pending")
del f
print(open(P).read())
f = open(P, "wb")
f.write(b"binary")
f = None
print(open(P, "rb").read())
def leak():
    open(P, "w").write("in a function")
leak()
print(open(P).read())
os.unlink(P)
import sys
print(sys.stdout.name, sys.stdout.mode, sys.stdout.encoding, sys.stderr.errors, sys.stdin.mode, sys.stdout.closed)
print(type(sys.stdout), type(sys.stdout.buffer), type(sys.stdout.buffer.raw), sys.stdout.fileno(), sys.stdin.fileno())
sys.stdout.write("written ")
sys.stdout.flush()
sys.stdout.buffer.write(b"bytes\n")
sys.stdout.buffer.flush()
print("a", end="")
print(1, 2.5, None, sep="-")
print("\u00e9\u20ac")
