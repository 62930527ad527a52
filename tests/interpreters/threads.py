# SPDX-License-Identifier: MIT
# call_in_thread: parallel calls, joining, interrupts, errors that nobody asks for.
# timeout: 120
# expect: ok
import time
import channels
from concurrent import interpreters
from concurrent.interpreters import ExecutionFailed, InterpreterError


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        return e
    raise AssertionError(f"no {error.__name__}")


def double(rx, tx):
    n = 0
    for job in rx:
        tx.send(job * 2)
        n += 1
    return n


i = interpreters.create()
jobs, jobs_in = channels.open(4)
out, results = channels.open()
t = i.call_in_thread(double, jobs_in, out)
jobs_in.close()
out.close()
assert i.is_running() and t.is_alive() and "running" in repr(t)
jobs.send_many(range(100))
jobs.close()
assert list(results) == [2 * k for k in range(100)]
assert t.result() == 100 and t.result() == 100 and t.join() is None and not t.is_alive()
assert not i.is_running()


def spin():
    while True:
        pass


t = i.call_in_thread(spin)
assert str(raises(InterpreterError, i.exec, "1")) == "interpreter already running"
raises(InterpreterError, i.call_in_thread, spin)
raises(InterpreterError, i.close)
raises(TimeoutError, t.result, 0.02)
t.join(0.01)
i.interrupt()
assert raises(ExecutionFailed, t.result).excinfo.formatted == "KeyboardInterrupt"

# An interrupt reaches those who wait, too, and no message is lost by it.
tx, rx = channels.open(1)
for wait, arg in ((lambda rx: rx.recv(), rx), (lambda tx: [tx.send(k) for k in range(3)], tx)):
    t = i.call_in_thread(wait, arg)
    time.sleep(0.05)
    i.interrupt()
    assert raises(ExecutionFailed, t.result).excinfo.formatted == "KeyboardInterrupt"
assert rx.try_recv() == 0 and rx.try_recv(None) is None

# An interrupt passes on to where the interpreter's thread now runs.
def outer(f):
    from concurrent import interpreters
    interpreters.create().call(f)


t = i.call_in_thread(outer, spin)
time.sleep(0.05)
i.interrupt()
assert "KeyboardInterrupt" in raises(ExecutionFailed, t.result).excinfo.errdisplay

# Several at once.
def total(n):
    s = 0
    for k in range(n):
        s += k
    return s


workers = [interpreters.create() for _ in range(8)]
threads = [w.call_in_thread(total, 20000 + k) for k, w in enumerate(workers)]
assert [t.result() for t in threads] == [total(20000 + k) for k in range(8)]

# The objects may go while it runs: the interpreter ends after it.
tx, rx = channels.open()
t = interpreters.create().call_in_thread(lambda tx: tx.send(sum(range(100000))), tx)
tx.close()
count = len(interpreters.list_all())
assert rx.recv() == sum(range(100000))
t.join()
deadline = time.monotonic() + 10
while len(interpreters.list_all()) > 10 and time.monotonic() < deadline:
    time.sleep(0.01)
assert len(interpreters.list_all()) == 10, interpreters.list_all()
print("ok")
