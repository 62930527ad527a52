# SPDX-License-Identifier: MIT
# An exit function that wants a lock whose owner has ended does not wait for ever; one that another
# thread still lets go of, or that a stop has made its owner let go of, it gets.
# expect: ended
# expect: got it
# expect: ended
# expect: stopped
# expect: let go
# expect: ended
from concurrent import interpreters
import channels

KEPT = """
import atexit, sys, threading
sys.stderr = None
lock = threading.Lock()
thread = threading.Thread(target=lock.acquire)
thread.start()
thread.join()

@atexit.register
def at_end():
    with lock:
        print("never")
"""

i = interpreters.create()
i.exec(KEPT)
i.close()
print("ended", flush=True)

LET_GO = """
import atexit, sys, threading, time
lock = threading.RLock()
entered = threading.Event()

def hold():
    with lock:
        entered.set()
        time.sleep(0.05)

@atexit.register
def at_end():
    with lock:
        print("got it")

threading.Thread(target=hold, daemon=True).start()
entered.wait()
"""

i = interpreters.create()
i.exec(LET_GO)
i.close()
print("ended", flush=True)

STOPPED = """
import atexit, sys, threading
sys.stderr = None
lock = threading.Lock()
rx = None

def wait():
    lock.acquire()
    tx.send(1)
    rx.recv()

@atexit.register
def at_end():
    with lock:
        print("let go")

def run(a, b):
    global tx, rx
    tx, rx = a, b
    thread = threading.Thread(target=wait)
    thread.start()
    thread.join()
"""
tx, inside = channels.open()
told, tell = channels.open()
i = interpreters.create()
i.exec(STOPPED)
i.prepare_main(ends=(told, inside))


def go():
    import __main__
    __main__.run(*__main__.ends)


job = i.call_in_thread(go)
tell.recv()
i.stop()
try:
    job.result()
except interpreters.ExecutionFailed:
    print("stopped", flush=True)
i.close()
print("ended", flush=True)
