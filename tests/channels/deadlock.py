# SPDX-License-Identifier: MIT
# When all threads of all interpreters wait for each other: DeadlockError, or a report; never a false one.
# expect: ok
import subprocess
import sys
import threading
import time
import channels
from concurrent import interpreters


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        return type(e).__name__
    raise AssertionError(f"no {error.__name__}")


assert channels.on_deadlock() == "ignore" == channels.on_deadlock("raise")
assert channels.on_deadlock() == "raise"
raises(ValueError, channels.on_deadlock, "x")
raises(TypeError, channels.on_deadlock, 1)

tx, rx = channels.open(1)
for _ in range(3):
    assert raises(channels.DeadlockError, rx.recv) == "DeadlockError"
tx.send(1)
raises(channels.DeadlockError, tx.send, 2)
raises(channels.DeadlockError, channels.select, [(tx, 2)])
assert rx.recv() == 1 and len(rx) == 0  # the channel is as before
raises(channels.DeadlockError, tx.send, 3, ack=True)
assert rx.recv() == 3
raises(TimeoutError, rx.recv, 0.01)  # a deadline is an end

# A rendezvous, a broadcast, queues: each kind of wait.
meet, other_side = channels.open(0)
raises(channels.DeadlockError, meet.send, 1)
raises(channels.DeadlockError, other_side.recv)
raises(channels.DeadlockError, meet.send, 1, ack=True)
raises(channels.DeadlockError, channels.select, [(meet, 1), rx])
all_, one = channels.broadcast(1)
two = one.dup()
raises(channels.DeadlockError, one.recv)
raises(channels.DeadlockError, channels.select, [one, two])
all_.send(1)
assert one.recv() == 1
raises(channels.DeadlockError, all_.send, 2)  # the other one has no room
raises(channels.DeadlockError, channels.select, [(all_, 2), one])
assert two.recv() == 1
raises(channels.DeadlockError, all_.send, 2, ack=True)
assert one.recv() == two.recv() == 2
raises(channels.DeadlockError, next, iter(one))
raises(channels.DeadlockError, one.recv_many)
raises(channels.DeadlockError, tx.send_many, [1, 2])
assert rx.recv() == 1
queue = interpreters.create_queue(1)
raises(channels.DeadlockError, queue.get)
queue.put(1)
raises(channels.DeadlockError, queue.put, 2)
assert queue.get() == 1 and queue.empty()
raises(interpreters.QueueEmpty, queue.get, timeout=0.01)

# Two threads that wait for each other; main waits for them with join().
a, ra = channels.open()
b, rb = channels.open()
seen = []


def wait(rx):
    try:
        rx.recv()
    except Exception as e:
        seen.append(type(e).__name__)


threads = [threading.Thread(target=wait, args=(r,)) for r in (ra, rb)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert seen == ["DeadlockError"] * 2, seen

# A thread that ends last leaves the others waiting.
t = threading.Thread(target=time.sleep, args=(0.02,))
t.start()
raises(channels.DeadlockError, rx.recv)
t.join()


# Other interpreters: one runs: no deadlock; both wait: one.
def answer(rx, tx, n):
    import time
    for _ in range(n):
        time.sleep(0.005)
        tx.send(rx.recv())


other = interpreters.create()
to, orx = channels.open()
otx, back = channels.open()
for n in (1, 5):
    t = threading.Thread(target=other.call, args=(answer, orx, otx, n))
    t.start()
    for k in range(n):
        to.send(k)
        assert back.recv() == k
    t.join()


def expect(rx, tx):
    import channels
    try:
        rx.recv()
    except channels.DeadlockError:
        return "found there"


results = []
t = threading.Thread(target=lambda: results.append(other.call(expect, orx, otx)))
t.start()
raises(channels.DeadlockError, back.recv)
t.join()
assert results == ["found there"], results

# Never while something may still happen: a sleeping thread, many times.
for _ in range(20):
    t = threading.Timer(0.001, tx.send, ("late",))
    t.start()
    assert rx.recv() == "late"
    t.join()
busy = [threading.Thread(target=lambda: [tx.send(rx.recv()) for _ in range(300)]) for _ in range(3)]
tx.send("token")
for t in busy:
    t.start()
for t in busy:
    t.join()
assert rx.recv() == "token"

# The report.
script = """
import channels, threading
from concurrent import interpreters
tx, rx = channels.open(1, 'jobs')
lock = threading.Lock()
def locked():
    with lock:
        rx.recv()
other = interpreters.create()
def inside(rx):
    return rx.recv()
for f in (locked, lambda: other.call(inside, rx)):
    threading.Thread(target=f, daemon=True).start()
lock.acquire()
"""
p = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True,
                     env={"QUIVER_DEADLOCK": "report"})
lines = []
for line in p.stderr:
    lines.append(line)
    if sum("Interpreter" in l for l in lines) == 3 and "<module>" in "".join(lines) and line == lines[-1]:
        text = "".join(lines)
        if "in inside" in text and "in locked" in text and "in <module>" in text:
            break
p.kill()
p.wait()
p.stderr.close()
text = "".join(lines)
assert text.startswith("Deadlock: "), text
assert text.count("receives from channel 1 'jobs'") == 2 and "waits for a lock" in text, text
assert channels.on_deadlock("ignore") == "raise"
print("ok")
