"""What CPython cannot: handlers inside built-ins, and system calls that a signal to another thread ends."""
import _signal as s
import _thread
import os
import time


class Stop(Exception):
    pass


def stop(number, frame):
    raise Stop(number)


def soon(handler, seconds=0.02):
    s.signal(s.SIGALRM, handler)
    s.setitimer(s.ITIMER_REAL, seconds)


r, w = os.pipe()
soon(stop)
try:
    sum(range(10**13))
except Stop as e:
    print("sum", e)

# A signal to another thread wakes the main one.
def later():
    time.sleep(0.02)
    s.pthread_kill(_thread.get_ident(), s.SIGUSR1)


s.signal(s.SIGUSR1, stop)
for wait in lambda: os.read(r, 1), lambda: time.sleep(30):
    _thread.start_new_thread(later, ())
    try:
        wait()
    except Stop as e:
        print("other thread", e)


soon(stop)
try:
    sorted([x % 1000 for x in range(10**5)] * 20, key=lambda x: -x)
except Stop as e:
    print("sorted", e)
# expect: sum 14
# expect: other thread 10
# expect: other thread 10
# expect: sorted 14
