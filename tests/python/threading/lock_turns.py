# A thread that has a lock nearly always does not starve one that waits for it.
import threading
import time

for make in threading.Lock, threading.RLock:
    lock = make()
    held = threading.Event()
    stop = False

    def hog():
        while not stop:
            with lock:
                held.set()
                time.sleep(0.001)

    t = threading.Thread(target=hog)
    t.start()
    held.wait()
    for k in range(5):
        with lock:
            pass
    stop = True
    t.join()
    print(make.__name__, lock.acquire(False))

for timeout in threading.TIMEOUT_MAX, threading.TIMEOUT_MAX + 1, 1e100, -1, -1.0, -2, "x", 0, 0.0, None:
    try:
        print(timeout, threading.Lock().acquire(timeout=timeout))
    except Exception as e:
        print(timeout, type(e).__name__, e)
