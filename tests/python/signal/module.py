"""Masks, waiting, timers, numbers, and what is refused."""
import _signal as s
import os


def attempt(f, *args):
    try:
        print(f.__name__, args, f(*args))
    except BaseException as e:
        print(f.__name__, args, type(e).__name__, e)


for args in (0, 0), (100, 0), (10, "x"), (9, 0), (10, 1.5), (10, 0), (10, 1), (10, s.SIG_DFL):
    attempt(s.signal, *args)
for args in (0, [99]), (99, []), (0, [10]), (1, ["a"]), (1, 5), (0, [2**80]), (s.SIG_SETMASK, []):
    attempt(s.pthread_sigmask, *args)
for n in 0, 1, 2, 33, 64, 99:
    attempt(s.getsignal, n)
    attempt(s.strsignal, n)
for args in (0, -1), (9, 1), (0, float("nan")), (0, 1e30), (0, 0):
    attempt(s.setitimer, *args)
attempt(s.getitimer, 9)
attempt(s.getitimer, s.ITIMER_PROF)
print(s.ItimerError, issubclass(s.ItimerError, OSError))
r, w = os.pipe()
attempt(s.set_wakeup_fd, 99)
try:
    s.set_wakeup_fd(r)
except ValueError as e:
    print(str(e).replace(str(r), "N"))
attempt(s.sigtimedwait, [10], -1)
attempt(s.sigtimedwait, [10], 0.001)
attempt(s.siginterrupt, 99, 1)
attempt(s.siginterrupt, 9, 1)
attempt(s.siginterrupt, 10, 0)
attempt(s.siginterrupt, 10, 1)
attempt(s.raise_signal, 99)
attempt(s.raise_signal, -1)
attempt(s.alarm, 100)
attempt(s.alarm, 0)
attempt(s.pidfd_send_signal, 0, 1, 5)
attempt(s.default_int_handler, 1, None)
attempt(s.sigwait, [99])
print(sorted(s.valid_signals()) == sorted(set(range(1, s.NSIG)) - {32, 33}))
print(sorted(n for n in dir(s) if not n.startswith("__")))
print({n: getattr(s, n) for n in dir(s) if n.startswith("SIG")})

s.pthread_sigmask(s.SIG_BLOCK, [s.SIGUSR1])
os.kill(os.getpid(), s.SIGUSR1)
print(s.sigpending(), s.sigwait([s.SIGUSR1]), s.sigpending())
os.kill(os.getpid(), s.SIGUSR1)
info = s.sigwaitinfo([s.SIGUSR1])
print(info.si_signo, info.si_code, info.si_pid == os.getpid(), info.si_uid == os.getuid(), len(info))
os.kill(os.getpid(), s.SIGUSR1)
print(s.sigtimedwait([s.SIGUSR1], 5).si_signo)
