# faulthandler: where threads are, at once, on a signal and after a time.
# not in: tsan             (TSan delays signals to its own points: a handler that raises again waits for ever)
import faulthandler
import os
import re
import signal
import tempfile
import threading
import time

out = tempfile.TemporaryFile()


def written():
    out.seek(0)
    text = out.read().decode("ascii")
    out.seek(0)
    out.truncate()
    text = text.replace(os.path.dirname(os.path.abspath(__file__)), "HERE")
    return re.sub(r"0x[0-9a-f]{16}\b", "0xN", text)


def f(n, g):
    if n:
        return f(n - 1, g)
    g()


f(3, lambda: faulthandler.dump_traceback(out, all_threads=False))
print(written())
f(150, lambda: faulthandler.dump_traceback(out.fileno(), False))
print(written()[-200:])
exec(compile("def äЖ𐌰(): dump(out, False)\näЖ𐌰()", "naïve" + "x" * 600, "exec"),
     {"dump": faulthandler.dump_traceback, "out": out})
print(written())

ready, go = threading.Event(), threading.Event()


def waits():
    ready.set()
    go.wait()


t = threading.Thread(target=waits)
t.start()
ready.wait()
time.sleep(0.02)
faulthandler.dump_traceback(out)
text = written()
print(text[text.index("Current"):])
print(re.findall(r"in (waits|wait)\b", text), re.findall(r"^\w*.*thread 0xN.*", text, re.M | re.I))
go.set()
t.join()


def generator():
    yield faulthandler.dump_traceback(out, False)


class C:
    def __init__(self):
        [list(generator()) for _ in "x"]


C()
print(written())

# on a signal
before = []
signal.signal(signal.SIGUSR1, lambda *a: before.append("python handler"))
faulthandler.register(signal.SIGUSR1, out, all_threads=False)
os.kill(os.getpid(), signal.SIGUSR1)
print(written(), before)
faulthandler.register(signal.SIGUSR1, out, all_threads=False, chain=True)
for _ in range(2):
    os.kill(os.getpid(), signal.SIGUSR1)
    print(written(), before)
print(faulthandler.unregister(signal.SIGUSR1), faulthandler.unregister(signal.SIGUSR1))
os.kill(os.getpid(), signal.SIGUSR1)
print(written(), before)

# after a time
faulthandler.dump_traceback_later(0.02, file=out)
time.sleep(0.3)
print(written())
faulthandler.dump_traceback_later(100, file=out)
faulthandler.dump_traceback_later(3600.5, repeat=True, file=out)
faulthandler.cancel_dump_traceback_later()
faulthandler.cancel_dump_traceback_later()
print(written())

# errors
print(faulthandler.is_enabled(), faulthandler.enable(out), faulthandler.is_enabled(),
      faulthandler.disable(), faulthandler.disable(), faulthandler.is_enabled())


class Bad:
    def fileno(self):
        return "x"


for args in [("x",), (-1,), (2**70,), (1.5,), (Bad(),), (out, "x")]:
    for call in faulthandler.dump_traceback, faulthandler.enable:
        try:
            call(*args)
        except Exception as e:
            print(type(e).__name__, e)
for args in [(signal.SIGSEGV,), (0,), (65,), ("a",)]:
    for call in faulthandler.register, faulthandler.unregister:
        try:
            call(*args)
        except Exception as e:
            print(type(e).__name__, e)
for args in [(0,), (-1,), ("a",), (float("nan"),), (1e100,)]:
    try:
        faulthandler.dump_traceback_later(*args)
    except Exception as e:
        print(type(e).__name__, e)
