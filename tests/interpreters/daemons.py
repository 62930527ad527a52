# SPDX-License-Identifier: MIT
# Daemon threads inside built-in functions end with the program. A lock that one of them held can be
# had by nobody any more: finalizers hear of it and do not hang.
# expect: end
# expect: gone: lock held by a thread that ended with the interpreter
# expect: gone for now: False
import threading

ready = threading.Semaphore(0)
held = threading.Lock()


def inside(f, *args):
    def run():
        ready.release()
        f(*args)

    threading.Thread(target=run, daemon=True).start()


def hold():
    with held:
        ready.release()
        while True:
            pass


inside(sum, range(10**12))
inside(sorted, iter(int, 1))
inside("".join, iter(str, 1))
threading.Thread(target=hold, daemon=True).start()
for _ in range(4):
    ready.acquire()


class Late:
    def __del__(self, held=held, print=print):
        try:
            held.acquire()
        except RuntimeError as e:
            print("gone:", e)
        print("gone for now:", held.acquire(timeout=0.01))


late = Late()
print("end")
