# Loops in C over iterators without end: a signal's handler runs, and its exception ends them.
import itertools
import signal


class Stop(Exception):
    pass


def handler(*args):
    raise Stop


signal.signal(signal.SIGALRM, handler)
repeat = itertools.repeat
words = "a b " * 10_000
data = bytearray(words, "ascii")


class Iterable:
    def __iter__(self):
        return repeat(0)


for name, loop in {
    "in": lambda: 1 in repeat(0),
    "in a class": lambda: 1 in Iterable(),
    "dropwhile": lambda: next(itertools.dropwhile(bool, repeat(1))),
    "chain": lambda: next(itertools.chain.from_iterable(repeat(()))),
    "groupby": lambda: [0 for key, group in itertools.groupby(repeat(1))],
    "bytes": lambda: bytes(itertools.dropwhile(bool, repeat(1))),
    "split": lambda: [words.split() for _ in repeat(0)],
    "bytes.split": lambda: [data.split(b"a") and data.split() for _ in repeat(0)],
    "splitlines": lambda: [data.splitlines() for _ in repeat(0)],
}.items():
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    try:
        loop()
        print(name, "ended")
    except Stop:
        print(name, "stopped")
data.append(0)  # nothing holds it any more
print(len(data) == 40_001)

# expect: in stopped
# expect: in a class stopped
# expect: dropwhile stopped
# expect: chain stopped
# expect: groupby stopped
# expect: bytes stopped
# expect: split stopped
# expect: bytes.split stopped
# expect: splitlines stopped
# expect: True
