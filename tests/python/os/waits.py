# SPDX-License-Identifier: MIT
# System calls that wait: what they give, and to whom.
import errno
import fcntl
import os
import select
import signal
import socket
import struct
import tempfile
import threading
import time


def later(function, *args):
    def run():
        time.sleep(0.01)
        function(*args)

    t = threading.Thread(target=run)
    t.start()
    return t


def fails(function, *args):
    try:
        return function(*args)
    except OSError as e:
        return type(e).__name__, errno.errorcode[e.errno]


def drain(fd, n):
    while n > 0:
        n -= len(os.read(fd, 65536))


# pipes
r, w = os.pipe()
t = later(os.write, w, b"late")
print(os.read(r, 100))
t.join()
t = later(drain, r, 300000)
print(os.write(w, bytes(300000)))
t.join()
t = later(drain, r, 300001)
print(os.writev(w, [b"", b"x", bytes(100000), bytes(200000)]))
t.join()
os.write(w, b"abcdef")
parts = [bytearray(2), bytearray(0), bytearray(9)]
print(os.readv(r, parts), parts)
print(os.read(r, 0), os.write(w, b""))
os.set_blocking(r, False)
os.set_blocking(w, False)
print(fails(os.read, r, 1), 0 < os.write(w, bytes(10**6)) < 10**6, fails(os.write, w, bytes(5000)))
os.close(w)
while os.read(r, 10**6):
    pass
print(os.read(r, 5))
os.close(r)
r, w = os.pipe()
os.close(r)
print(fails(os.write, w, b"x"))
os.close(w)
print(fails(os.read, w, 1))

# a file, /dev/null, a terminal, an eventfd
with tempfile.TemporaryFile() as f:
    print(os.write(f.fileno(), b"123456"), os.lseek(f.fileno(), 2, 0), os.read(f.fileno(), 100))
    print(os.read(f.fileno(), 100), fails(os.read, os.open("/", os.O_RDONLY), 1))
null = os.open("/dev/null", os.O_RDWR)
print(os.read(null, 5), os.write(null, b"xyz"))
a, b = os.openpty()
t = later(os.write, a, b"line\n")
print(os.read(b, 100))
t.join()
e = os.eventfd(0)
t = later(os.eventfd_write, e, 7)
print(os.eventfd_read(e))
t.join()

# sockets by descriptor
x, y = socket.socketpair()
t = later(drain, y.fileno(), 10**6)
print(os.write(x.fileno(), bytes(10**6)))
t.join()
t = later(x.shutdown, socket.SHUT_WR)
print(os.read(y.fileno(), 5))
t.join()

# FIFOs
with tempfile.TemporaryDirectory() as d:
    name = d + "/fifo"
    os.mkfifo(name)

    def write():
        with open(name, "w") as f:
            f.write("through\n" * 20000)

    t = later(write)
    with open(name) as f:
        print(len(f.read()))
    t.join()
    print(fails(os.open, name, os.O_WRONLY | os.O_NONBLOCK))

    # locks
    lock = d + "/lock"
    one, two = open(lock, "w"), open(lock, "w")
    fcntl.flock(one, fcntl.LOCK_EX)
    print(fails(fcntl.flock, two, fcntl.LOCK_EX | fcntl.LOCK_NB))
    t = later(fcntl.flock, one, fcntl.LOCK_UN)
    print(fcntl.flock(two, fcntl.LOCK_EX), fails(fcntl.flock, one, fcntl.LOCK_SH | fcntl.LOCK_NB))
    t.join()
    two.close()
    whole = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)
    three, four = open(lock, "w"), open(lock, "w")
    fcntl.fcntl(three, fcntl.F_OFD_SETLKW, whole)
    t = later(three.close)
    print(fcntl.fcntl(four, fcntl.F_OFD_SETLKW, whole) == whole)
    t.join()
    four.close()

    # locks of processes; one finds that it would wait for ever
    r, w = os.pipe()
    r2, w2 = os.pipe()
    child = os.fork()
    if child == 0:
        fcntl.lockf(one, fcntl.LOCK_EX, 1, 0)
        os.write(w, b"x")
        os.read(r2, 1)
        late = threading.Timer(0.03, os._exit, [3])
        late.start()
        fcntl.lockf(one, fcntl.LOCK_EX, 1, 1)
        os._exit(4)
    os.read(r, 1)
    fcntl.lockf(one, fcntl.LOCK_EX, 1, 1)
    print(fails(fcntl.lockf, one, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 0))
    os.write(w2, b"x")
    time.sleep(0.01)
    print(fails(fcntl.lockf, one, fcntl.LOCK_EX, 1, 0))
    print(os.waitpid(child, 0)[1])
    print(fcntl.lockf(one, fcntl.LOCK_EX, 1, 0), fails(os.lockf, one.fileno(), os.F_LOCK, 5))
    one.close()


# children
def child(code, seconds=0.01):
    pid = os.fork()
    if pid == 0:
        time.sleep(seconds)
        os._exit(code)
    return pid


pid = child(5)
print(os.waitpid(pid, 0) == (pid, 5 << 8))
pid = child(6)
print(os.wait() == (pid, 6 << 8))
pid = child(7)
print(os.waitid(os.P_PID, pid, os.WEXITED).si_status, fails(os.waitpid, pid, 0))
pid = child(8)
print(os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT).si_status, os.wait3(0)[:2] == (pid, 8 << 8))
pid = child(9, 0.03)
print(os.waitpid(pid, os.WNOHANG), os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG))
os.kill(pid, signal.SIGSTOP)
print(os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1]))
os.kill(pid, signal.SIGCONT)
print(os.WIFCONTINUED(os.waitpid(pid, os.WCONTINUED)[1]), os.wait4(pid, 0)[1] >> 8)
print(fails(os.wait), fails(os.waitpid, 2**31 - 1, 0))
print(os.system("exit 3") >> 8, os.system("kill -9 $$"))

# select: what is ready, and how
r, w = os.pipe()
print(select.select([r], [w], [], 0) == ([], [w], []), select.select([], [], [], 0.001))
os.close(w)
print(select.select([r], [], [r], 1) == ([r], [], []))
os.close(r)
print(fails(select.select, [r], [], []))
print(select.select([x], [x], [x], 0) == ([], [x], []))
y.close()
print(select.select([x], [x], [x], 0) == ([x], [x], []))

# moving data
r, w = os.pipe()
r2, w2 = os.pipe()
t = later(os.write, w, b"spliced")
print(os.splice(r, w2, 100), os.read(r2, 100))
t.join()
os.close(w)
print(os.splice(r, w2, 100))
with tempfile.TemporaryFile() as f:
    f.write(b"sent" * 1000)
    f.flush()
    print(os.sendfile(w2, f.fileno(), 0, 4000), os.read(r2, 5000) == b"sent" * 1000)

# signals
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1, signal.SIGUSR2])
t = later(os.kill, os.getpid(), signal.SIGUSR2)
print(signal.sigwait([signal.SIGUSR1, signal.SIGUSR2]))
t.join()
print(signal.sigtimedwait([signal.SIGUSR1], 0.002), signal.sigtimedwait([signal.SIGUSR1], 0))
os.kill(os.getpid(), signal.SIGUSR1)
print(signal.sigwaitinfo([signal.SIGUSR1]).si_signo)
signal.signal(signal.SIGALRM, lambda *a: print("alarm"))
signal.setitimer(signal.ITIMER_REAL, 0.01)
print(signal.pause())

# names
print(socket.getaddrinfo("localhost", 80, socket.AF_INET, socket.SOCK_STREAM))
print(socket.gethostbyname("127.0.0.1"))
try:
    socket.getaddrinfo("no digits", 80, flags=socket.AI_NUMERICHOST)
except socket.gaierror:
    print("gaierror")
