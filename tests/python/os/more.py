"""The rarer functions of os, and the modules beside it: fcntl, grp, pwd, resource."""
import fcntl
import grp
import os
import pwd
import resource


def attempt(f, *args, **kw):
    try:
        print(f.__name__, args, f(*args, **kw))
    except BaseException as e:
        print(f.__name__, args, type(e).__name__, e)


attempt(os.confstr, "x")
attempt(os.confstr, "CS_PATH")
attempt(os.confstr, 1.5)
attempt(os.pathconf, "/", "PC_NAME_MAX")
attempt(os.fpathconf, 0, "x")
attempt(os.pathconf, "/no/such", 3)
print(len(os.confstr_names), len(os.pathconf_names))
attempt(os.sched_getparam, 0)
attempt(os.sched_setscheduler, 0, 0, 5)
attempt(os.sched_setscheduler, 0, 0, os.sched_param(0))
attempt(os.sched_setparam, 0, os.sched_param("a"))
attempt(os.sched_getscheduler, 0)
attempt(os.sched_get_priority_max, os.SCHED_FIFO)
attempt(os.sched_get_priority_min, 99)
attempt(os.sched_rr_get_interval, -1)
print(len(os.getresuid()), os.getresuid()[0] == os.getuid(), os.getresgid()[1] == os.getegid())
attempt(os.setresuid, -1, -1, -1)
attempt(os.setregid, -1, -1)
attempt(os.setgroups, 5)
attempt(os.setgroups, ["a"])
print(0 in os.getgrouplist("root", 0))
attempt(os.getgrouplist, 5, 0)
attempt(os.wait3, os.WNOHANG)
attempt(os.wait4, -1, os.WNOHANG)
attempt(os.waitid, 0, 0, 0)
attempt(os.pidfd_open, 0)
attempt(os.preadv, 0, [], "a")
attempt(os.splice, 0, 1, -1)

pid = os.fork()
if pid == 0:
    os._exit(7)
fd = os.pidfd_open(pid)
info = os.waitid(os.P_PIDFD, fd, os.WEXITED)
print(info.si_pid == pid, info.si_status, info.si_signo, len(info))
os.close(fd)
pid = os.fork()
if pid == 0:
    os._exit(8)
got, status, usage = os.wait4(pid, 0)
print(got == pid, os.waitstatus_to_exitcode(status), type(usage), len(usage), usage.ru_maxrss > 0)

name = f"/tmp/quiver-more-{os.getpid()}"
fd = os.open(name, os.O_RDWR | os.O_CREAT)
print(os.pwritev(fd, [b"abc", b"defg"], 3))
a, b = bytearray(2), bytearray(9)
print(os.preadv(fd, [a, b], 2), a, b)
attempt(os.getxattr, "/no/such", "user.x")
try:
    os.setxattr(fd, "user.one", b"1" * 300)
    os.setxattr(name, b"user.two", b"2", os.XATTR_CREATE)
    print(os.getxattr(name, "user.one") == b"1" * 300, sorted(os.listxattr(fd)))
    os.removexattr(name, "user.one", follow_symlinks=False)
    print(os.listxattr(name))
except OSError:  # a file system without them
    print("True ['user.one', 'user.two']\n['user.two']")
attempt(os.listxattr, 1, follow_symlinks=False)

print(fcntl.fcntl(fd, fcntl.F_GETFD) == fcntl.FD_CLOEXEC, fcntl.fcntl(fd, fcntl.F_SETFD, 0), fcntl.fcntl(fd, fcntl.F_GETFD))
attempt(fcntl.fcntl, "a", 1)
attempt(fcntl.fcntl, -1, 1)
attempt(fcntl.fcntl, 0, 1, 1.5)
attempt(fcntl.flock, 10**6, fcntl.LOCK_EX)
try:
    fcntl.fcntl(0, 1, b"x" * 2000)
except ValueError as e:
    print(e)
print(fcntl.flock(fd, fcntl.LOCK_EX), fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB, 5, 2), fcntl.lockf(fd, fcntl.LOCK_UN))
r, w = os.pipe()
os.write(w, b"12345")
buf = bytearray(4)
print(fcntl.ioctl(r, 0x541B, buf), buf, fcntl.ioctl(r, 0x541B, bytes(4)), fcntl.ioctl(r, 0x541B, buf, False))
attempt(fcntl.ioctl, r, 0x5413, 0)
print(os.splice(r, fd, 3, offset_dst=0), os.pread(fd, 4, 0))
os.unlink(name)

attempt(pwd.getpwnam, "no such")
attempt(pwd.getpwnam, 5)
attempt(pwd.getpwuid, -1)
attempt(pwd.getpwuid, 2**40)
attempt(pwd.getpwuid, "a")
attempt(pwd.getpwnam, "a\0b")
print(pwd.getpwuid(0), pwd.getpwnam("root") in pwd.getpwall())
attempt(grp.getgrnam, "no such")
attempt(grp.getgrgid, 99999)
attempt(grp.getgrgid, "x")
print(grp.getgrgid(0), grp.getgrnam(name="root") in grp.getgrall())

attempt(resource.getrlimit, 99)
attempt(resource.setrlimit, 0, 5)
attempt(resource.setrlimit, 7, (10, 5))
attempt(resource.setrlimit, 7, (1, 2, 3))
attempt(resource.getrusage, 55)
limits = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (0, limits[1]))
print(resource.getrlimit(resource.RLIMIT_CORE)[0], resource.prlimit(0, resource.RLIMIT_CORE, limits)[0])
print(resource.getrusage(resource.RUSAGE_SELF).ru_utime >= 0, resource.getpagesize(), resource.error)
