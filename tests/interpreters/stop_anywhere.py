# SPDX-License-Identifier: MIT
# A stop at any instruction whatever: a finally block runs once, a lock that was taken is let go,
# a thread that starts another one does not wait for ever for it to begin.
# timeout: 120
# expect: finally blocks: True
# expect: locks: True
# expect: threads: True
import threading
import time
from concurrent import interpreters
from concurrent.interpreters import ExecutionFailed

TURNS = """
begun = ended = 0
def turn(value):
    global begun, ended
    for k in range(2):
        begun += 1
        try:
            if k == 0:
                continue
            if value == 1:
                return value
            if value == 2:
                return
            break
        finally:
            ended += 1
    return 3
turn(1)
turn(2)
turn(3)
"""

LOCKS = """
def hold():
    lock.acquire()
    with other:
        rlock.acquire()
        rlock.acquire()
        for _ in range(3):
            pass
        rlock.release()
        rlock.release()
    lock.release()
hold()
hold()
"""

THREADS = """
def f():
    pass
for _ in range(100):
    try:
        t = threading.Thread(target=f)
        t.start()
        t.join()
    except BaseException:
        pass
"""


def run_threads(source):
    import threading
    exec(source, {"threading": threading})


def exec_with(interp, fuel, source):
    # True: it came to its end. Each run has its limit to itself.
    interp.set_limit("fuel", fuel)
    try:
        interp.exec(source)
    except ExecutionFailed as e:
        assert "LimitExceeded" in str(e) or "RuntimeError" in str(e), e
        return False
    finally:
        interp.set_limit("fuel", None)
    return True


def finally_blocks():
    interp = interpreters.create()
    interp.exec("begun = ended = 0")
    for fuel in range(1, 1000):
        whole = exec_with(interp, fuel, TURNS)
        # The stop may have come between the two lines, and then only once.
        interp.exec("assert 0 <= begun - ended <= 1, (begun, ended)")
        if whole:
            interp.close()
            return True


def locks():
    interp = interpreters.create()
    interp.exec("import threading\nlock = threading.Lock()\nother = threading.Lock()\n"
                "rlock = threading.RLock()\n")
    for fuel in range(1, 1000):
        whole = exec_with(interp, fuel, LOCKS)
        interp.exec("assert not lock.locked() and not other.locked()\n"
                    "assert rlock.acquire(timeout=0) and rlock._release_save()[0] == 1\n")
        if whole:
            # What ends otherwise leaves what it holds.
            interp.exec("lock.acquire()\nother.acquire()")
            try:
                interp.exec("lock.release()\n1 / 0")
            except ExecutionFailed:
                pass
            interp.exec("assert not lock.locked() and other.locked()")
            interp.close()
            return True


def threads():
    for fuel in range(480, 660, 6):
        interp = interpreters.create(stdout="null", stderr="null")
        interp.exec("import threading, sys\nsys.unraisablehook = print\n"
                    "threading.excepthook = print\n")
        over = False

        def refill():
            while not over:
                if interp.limit_left("fuel") == 0:
                    interp.set_limit("fuel", fuel)
                time.sleep(0.0002)
        interp.set_limit("fuel", fuel)
        thread = threading.Thread(target=refill)
        thread.start()
        task = interp.call_in_thread(run_threads, THREADS)
        try:
            task.result(timeout=60)
        except ExecutionFailed:
            pass
        over = True
        thread.join()
        interp.close()
    return True


print("finally blocks:", finally_blocks())
print("locks:", locks())
print("threads:", threads())
