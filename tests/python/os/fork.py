"""fork: what runs around it, and what a child has of a process with threads."""
import _thread
import os
import sys
import time

order = []
os.register_at_fork(before=lambda: order.append("before 1"), after_in_child=lambda: order.append("child 1"))
os.register_at_fork(before=lambda: order.append("before 2"), after_in_parent=lambda: order.append("parent 2"))
for args in {}, {"before": 1}, {"after_in_child": "x"}:
    try:
        os.register_at_fork(**args)
    except TypeError as e:
        print(e)


def child(work):
    """The exit status of a child that does the work, which tells by a pipe."""
    sys.stdout.flush()
    order.clear()
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.write(w, str(work()).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(w)
    text = b""
    while part := os.read(r, 1000):
        text += part
    os.close(r)
    print(text.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


child(lambda: order)
print(order)

# Other threads are gone: one computes, one sleeps, one waits for a lock.
stop = []
held = _thread.allocate_lock()
held.acquire()
ended = _thread.allocate_lock()
ended.acquire()


def compute():
    while not stop:
        pass
    ended.release()


_thread.start_new_thread(compute, ())
_thread.start_new_thread(time.sleep, (0.2,))
_thread.start_new_thread(held.acquire, ())
time.sleep(0.02)


def alone():
    held.release()
    done = _thread.allocate_lock()
    done.acquire()
    _thread.start_new_thread(lambda: done.release(), ())
    done.acquire()
    end = time.monotonic() + 0.02
    while time.monotonic() < end:
        pass
    return len(sys._current_frames()), held.locked(), sum(range(1000))


for _ in range(3):
    child(alone)


def from_thread():
    child(lambda: len(sys._current_frames()))
    stop.append(1)


_thread.start_new_thread(from_thread, ())
ended.acquire()
held.release()
