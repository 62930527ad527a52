# options: -X sandbox
# Each way out is tried in a sandbox: PermissionError that names the capability.
# expect: read 85
# expect: write 59
# expect: process 29
# expect: ok
import collections
import io, os, posix, sys, time, select, signal, _thread, types, gc, marshal, builtins

count = collections.Counter()


def denied(cap, f, *args, **kw):
    """f(*args) must raise PermissionError that names one of the capabilities."""
    try:
        r = f(*args, **kw)
    except PermissionError as e:
        named = [c for c in cap.split() if f"capability '{c}' is denied" in str(e)]
        if named and e.errno == 1:
            count[cap.split()[0]] += 1
            return
        print("WRONG", f, args, repr(e))
    except BaseException as e:
        print("OTHER", f, args, repr(e))
    else:
        print("ALLOWED", f, args, repr(r)[:80])


class Path:
    def __fspath__(self):
        return "/etc/passwd"


for path in ("/etc/passwd", b"/etc/passwd", Path(), "/tmp/../etc/passwd", "/proc/self/root/etc/passwd",
             "/proc/self/mem", "/dev/null", "relative", "/nowhere/at/all", "/dev/fd/0", ".", ""):
    denied("read", open, path)
    denied("read", io.FileIO, path)
    denied("read", os.stat, path)
    denied("read", os.open, path, os.O_RDONLY)
denied("read", io.open_code, "/etc/passwd")
denied("read", open, "/etc/passwd", opener=lambda p, f: 0)
denied("read", open, 0, "rb")
for mode in "w", "a", "x", "r+b", "wb+":
    denied("write read", open, "/tmp/quiver-sandbox", mode)
for flags in os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC, os.O_TMPFILE | os.O_RDWR:
    denied("write read", os.open, "/tmp/quiver-sandbox", flags)

fd_read = "read pread fstat fstatvfs isatty lseek ttyname get_blocking get_inheritable tcgetpgrp".split()
for fd in (0, 1, 2, 3, 7, sys.stdout):
    number = fd if isinstance(fd, int) else fd.fileno()
    denied("write", os.write, number, b"x")
    denied("write", os.close, number)
    denied("write", os.fsync, fd)
    denied("read write", os.dup, number)


class Fd:
    """Says one number when it is looked at, another when it is used."""
    n = 0

    def __index__(self):
        self.n += 1
        return 1

    fileno = __index__


denied("write", os.fsync, Fd())
p = "/tmp/quiver-sandbox"
for name, args in {
    "mkdir": (p,), "rmdir": (p,), "unlink": (p,), "remove": (p,), "rename": (p, p + "1"),
    "replace": (p, p + "1"), "link": ("/etc/passwd", p), "symlink": ("/etc/passwd", p),
    "chmod": (p, 0), "chown": (p, 0, 0), "lchown": (p, 0, 0), "truncate": (p, 0), "utime": (p,),
    "mkfifo": (p,), "mknod": (p,), "setxattr": (p, "user.x", b""), "removexattr": (p, "user.x"),
    "pipe": (), "pipe2": (0,), "eventfd": (0,), "memfd_create": ("x",), "openpty": (), "sync": (),
    "fchmod": (1, 0), "fchown": (1, 0, 0), "ftruncate": (1, 0), "sendfile": (1, 0, 0, 1),
}.items():
    denied("write read", getattr(posix, name), *args)
for name, args in {
    "access": ("/", 0), "listdir": ("/",), "scandir": ("/",), "lstat": ("/",), "readlink": ("/x",),
    "statvfs": ("/",), "pathconf": ("/", 1), "getxattr": ("/", "user.x"), "listxattr": ("/",),
    "getcwd": (), "getcwdb": (), "getlogin": (), "getloadavg": (), "getgrouplist": ("root", 0),
}.items():
    denied("read", getattr(posix, name), *args)
for name, args in {
    "_exit": (0,), "abort": (), "chdir": ("/",), "chroot": ("/",), "fchdir": (0,), "execv": ("/bin/true", ["x"]),
    "execve": ("/bin/true", ["x"], {}), "fork": (), "forkpty": (), "kill": (1, 0), "killpg": (1, 0),
    "nice": (0,), "posix_spawn": ("/bin/true", ["x"], {}), "posix_spawnp": ("true", ["x"], {}),
    "setuid": (0,), "setsid": (), "system": ("true",), "umask": (0,), "wait": (), "waitpid": (-1, 0),
}.items():
    denied("process", getattr(posix, name), *args)
denied("environment", os.putenv, "A", "b")
denied("environment", os.environ.__setitem__, "A", "b")
print(*([dict(os.environ)] if os.environ else []), end="")

import _socket, fcntl, resource, syslog, pwd, grp, _posixsubprocess, _interpreters, faulthandler, termios

denied("socket", _socket.socket)
denied("socket", _socket.socketpair)
denied("socket", _socket.getaddrinfo, "localhost", 80)
denied("socket", _socket.gethostname)
denied("read write", fcntl.fcntl, 0, fcntl.F_GETFD)
denied("native", fcntl.ioctl, 0, 0, 0)
denied("process", resource.setrlimit, resource.RLIMIT_CORE, (0, 0))
denied("write", syslog.syslog, "x")
denied("read", pwd.getpwuid, 0)
denied("read", grp.getgrall)
denied("read", termios.tcgetattr, 0)
denied("thread", _thread.start_new_thread, print, ())
denied("interpreter", _interpreters.create)
denied("interpreter", _interpreters.exec, 0, "1")
denied("process", faulthandler.enable)
denied("process", faulthandler._sigsegv)
denied("process", signal.raise_signal, 2)
denied("process", signal.signal, 2, signal.SIG_IGN)
denied("process", time.clock_settime, 0, 0)
denied("read write", select.select, [0], [], [], 0)
denied("read write", select.poll().register, 0)

# The same functions by other ways: no object has the open ones.
import subprocess, threading, tempfile, shutil, logging, importlib.machinery, pickle, linecache, tokenize, _imp

denied("write read", subprocess.run, ["true"])
denied("thread", threading.Thread(target=print).start)
denied("read write", tempfile.mkstemp, dir="/tmp")
denied("read write", shutil.copy, "/etc/passwd", "/tmp/quiver-sandbox")
denied("write", logging.FileHandler, "/tmp/quiver-sandbox")
denied("read", tokenize.open, "/etc/passwd")
denied("read", pickle.loads, b"cio\nopen\n(S'/etc/passwd'\ntR.")
denied("process", pickle.loads, b"cposix\nsystem\n(S'true'\ntR.")
denied("read", builtins.__import__("io").open, "/etc/passwd")
denied("read", [c for c in object.__subclasses__() if c.__name__ == "_IOBase"][0].__subclasses__()[0]
       .__subclasses__()[0], "/etc/passwd")
spec = types.SimpleNamespace(name="posix")
denied("process", _imp.create_builtin(spec).system, "true")
denied("process", importlib.import_module("posix").system, "true")
loader = importlib.machinery.SourceFileLoader("x", "/etc/passwd")
denied("read", loader.get_data, "/etc/passwd")
denied("read", loader.get_code, "x")
denied("native", _imp.create_dynamic, types.SimpleNamespace(name="x", origin="/tmp/x.so"))
print(linecache.getlines("/etc/passwd"), end="") if linecache.getlines("/etc/passwd") else None

# A guard gives nothing away.
for o in gc.get_referents(posix.system):
    for x in gc.get_referents(o) + [o]:
        if callable(x) and not isinstance(x, type):
            print("CALLABLE", x)
assert posix.system.__self__ is posix and posix.system.__name__ == "system"
assert repr(posix.system) == "<built-in function system>"
assert pickle.loads(pickle.dumps(posix.system)) is posix.system
try:
    object.__new__(type(gc.get_referents(posix.system)[0]))
except TypeError:
    pass

# What a script adds to the path is not looked into.
sys.path.insert(0, "/etc")
sys.path.insert(0, "/tmp/..//usr/share")
try:
    import passwd
except ImportError:
    pass
import sysconfig, pydoc, json.tool, decimal, dataclasses, asyncio, statistics  # the library is

# Source lines come from the library only.
import traceback
try:
    exec(compile("\n\nraise ValueError", "/etc/passwd", "exec"))
except ValueError:
    assert "root" not in traceback.format_exc()
try:
    compile("x = (", "/etc/passwd", "exec")
except SyntaxError as e:
    assert "root" not in str(e.text)

for cap in "read", "write", "process":
    print(cap, count[cap])
assert time.time_ns() % 1000000 == 0 and time.perf_counter_ns() % 1000000 == 0
assert sys.stdin.read() == ""
print("ok")
