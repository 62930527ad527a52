"""Python handlers: when they run, what they get, what they may raise."""
import _signal as s
import _thread
import os
import time


def show(number, frame):
    print("handler", number, frame.f_code.co_name)


class Stop(Exception):
    pass


def stop(number, frame):
    raise Stop(number)


def soon(handler, seconds=0.02):
    s.signal(s.SIGALRM, handler)
    s.setitimer(s.ITIMER_REAL, seconds)


print(s.getsignal(s.SIGUSR1), s.signal(s.SIGUSR1, show), s.getsignal(s.SIGUSR1) is show)
os.kill(os.getpid(), s.SIGUSR1)
s.raise_signal(s.SIGUSR1)

# time.sleep goes on after a handler, and ends by one that raises.
soon(show)
start = time.monotonic()
time.sleep(0.06)
print(time.monotonic() - start >= 0.06)
soon(stop)
try:
    time.sleep(30)
except Stop as e:
    print("sleep", e)

# So do system calls (PEP 475) and locks.
r, w = os.pipe()
soon(lambda *a: os.write(w, b"x"))
print(os.read(r, 1))
soon(stop)
try:
    os.read(r, 1)
except Stop as e:
    print("read", e)
lock = _thread.allocate_lock()
lock.acquire()
soon(lambda *a: lock.release())
print(lock.acquire())
soon(stop)
try:
    lock.acquire()
except Stop as e:
    print("lock", e)

# Loops in Python and in C.
soon(stop)
try:
    while True:
        pass
except Stop as e:
    print("loop", e)
# Threads may not set handlers, but may interrupt.
def other():
    for f in (lambda: s.signal(s.SIGUSR1, s.SIG_DFL)), (lambda: s.set_wakeup_fd(-1)):
        try:
            f()
        except ValueError as e:
            print(e)
    _thread.interrupt_main()


_thread.start_new_thread(other, ())
try:
    time.sleep(30)
except KeyboardInterrupt:
    print("interrupted")
s.signal(s.SIGINT, s.SIG_IGN)
_thread.interrupt_main()
s.signal(s.SIGINT, show)
_thread.interrupt_main()
s.signal(s.SIGINT, s.default_int_handler)
try:
    _thread.interrupt_main(s.SIGINT)
    time.sleep(30)
except KeyboardInterrupt:
    print("interrupted")

# A handler's exception leaves the others their turn.
seen = []
s.signal(s.SIGUSR1, stop)
s.signal(s.SIGUSR2, lambda n, f: seen.append(n))
s.pthread_sigmask(s.SIG_BLOCK, [s.SIGUSR1, s.SIGUSR2])
os.kill(os.getpid(), s.SIGUSR1)
os.kill(os.getpid(), s.SIGUSR2)
try:
    s.pthread_sigmask(s.SIG_UNBLOCK, [s.SIGUSR1, s.SIGUSR2])
except Stop as e:
    print("stop", e, s.pthread_sigmask(s.SIG_BLOCK, []), seen)

# The wake-up descriptor gets the numbers.
os.set_blocking(w, False)
os.set_blocking(r, False)
print(s.set_wakeup_fd(w))
s.raise_signal(s.SIGUSR2)
print(os.read(r, 9), s.set_wakeup_fd(-1) == w, s.set_wakeup_fd(-1))
