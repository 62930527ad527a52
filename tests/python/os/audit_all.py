# Audit events of the functions of os, signal, resource and others.
import sys, os, tempfile, time, signal, resource, gc, threading, types, pathlib
d = tempfile.mkdtemp(); os.chdir(d)
on = False
def hook(e, args):
    global on
    if on and e.startswith(("code.", "function.", "sys._getframe", "signal.", "os.kill")):
        print(e, len(args))
    elif on and (e.startswith(("os.", "signal", "resource", "time", "code", "function", "builtins", "gc", "sys", "syslog"))):
        on = False
        print(e, tuple(str(a).replace(d, "D") if not isinstance(a, (types.FunctionType, bytes, type(None))) else a if isinstance(a, (bytes,type(None))) else "F" for a in args))
        on = True
sys.addaudithook(hook)
def t(f, *a, **k):
    global on
    on = True
    try:
        r = f(*a, **k)
    except BaseException as e:
        on = False
        print(type(e).__name__, str(e).replace(d, "D"))
    on = False
dfd = os.open(".", os.O_RDONLY)
t(os.mkdir, "a"); t(os.mkdir, pathlib.Path("b"), 0o700, dir_fd=dfd); t(os.rmdir, "b"); t(os.rmdir, b"a", dir_fd=dfd)
open("f", "w").close()
t(os.rename, "f", "g"); t(os.replace, "g", b"f") ; t(os.replace, "f", "g", src_dir_fd=dfd, dst_dir_fd=dfd)
t(os.link, "g", "h"); t(os.symlink, "g", "i"); t(os.symlink, "g", "j", dir_fd=dfd)
t(os.remove, "h"); t(os.unlink, "i", dir_fd=dfd)
t(os.chmod, "g", 0o644); t(os.chmod, dfd, 0o755); t(os.fchmod, dfd, 0o755)
t(os.chown, "g", -1, -1); t(os.lchown, "g", -1, -1); t(os.fchown, dfd, -1, -1)
t(os.truncate, "g", 3); fd = os.open("g", os.O_RDWR); t(os.ftruncate, fd, 4); t(os.truncate, fd, 3)
t(os.lockf, fd, os.F_LOCK, 0)
t(os.utime, "g"); t(os.utime, "g", (1, 2)); t(os.utime, "g", ns=(1, 2)); t(os.utime, "g", None, dir_fd=dfd)
t(os.chdir, "."); t(os.fchdir, dfd); t(os.chdir, dfd)
t(os.listdir); t(os.listdir, "."); t(os.listdir, None); t(os.scandir); t(os.scandir, b"."); t(os.listdir, dfd)
t(os.kill, os.getpid(), 0); t(os.killpg, 0, 0)
t(os.system, "true"); t(os.putenv, "A", "b"); t(os.unsetenv, "A"); t(os.environ.__setitem__, "Q", "é"); t(os.environ.__delitem__, "Q")
t(os.execv, "/nonexistent", ["x"]); t(os.execve, "/nonexistent", ["x"], {"A": "b"})
t(os.posix_spawn, "/nonexistent", ["x"], {"A": "b"}); t(os.posix_spawnp, "/nonexistent", ["x"], None)
t(signal.pthread_kill, threading.get_ident(), 0)
t(resource.setrlimit, resource.RLIMIT_CORE, (0, 0)); t(resource.prlimit, 0, resource.RLIMIT_CORE); t(resource.prlimit, 0, resource.RLIMIT_CORE, (0, 0)); t(resource.getrlimit, 4)
t(time.sleep, 0); t(time.sleep, 0.001)
x = object(); t(gc.get_objects); t(gc.get_referrers, dfd) ; t(gc.get_referents, dfd)
c = compile("1", "f", "exec")
t(lambda: c.replace(co_name="z")); t(lambda: types.FunctionType(c, {}))
t(sys.setprofile, None); t(sys.settrace, None); t(sys._getframe); t(sys._current_frames); t(sys._current_exceptions)
t(sys.set_asyncgen_hooks, None, None)
t(os.mkdir, 3.5); t(os.rename, "a"); t(os.mkfifo, "fifo"); t(os.access, "a", 0); t(os.stat, "."); t(os.getcwd); t(os.nice, 0); t(os.readlink, "j")
t(os.mkdir, pathlib.Path("/nonexistent/x"))
def bad(e, a):
    if e in ("os.mkdir", "os.rename", "os.listdir", "os.fchmod", "os.chmod", "os.kill", "os.system", "os.execv"): raise ValueError("no " + e)
sys.addaudithook(bad)
for f, *a in [(os.mkdir, "zz"), (os.rename, "g", "zz"), (os.listdir,), (os.fchmod, fd, 0), (os.chmod, "g", 0), (os.kill, os.getpid(), 9), (os.system, "exit 1")]: t(f, *a)
print(os.path.exists("zz"))
