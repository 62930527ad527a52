# os: the process, its environment, children, the machine.
import os


def err(f, *args, **kw):
    try:
        print(f(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)


os.environ["QV_TEST"] = "value"
print(os.getenv("QV_TEST"), os.environ.get("QV_NONE", "dflt"), os.environb[b"QV_TEST"], os.system("test \"$QV_TEST\" = value"))
del os.environ["QV_TEST"]
print("QV_TEST" in os.environ, os.system("test -z \"$QV_TEST\""))
err(os.putenv, "a=b", "c")
err(os.putenv, "a", "b\0c")
print(os.getpid() > 0, os.getppid() > 0, os.getuid() == os.geteuid(), os.getgid() == os.getegid())
print(os.strerror(2), os.strerror(13), os.cpu_count() >= 1, len(os.sched_getaffinity(0)) >= 1)
print(len(os.urandom(16)), os.urandom(8) != os.urandom(8), os.urandom(0))
err(os.urandom, -1)
err(os.kill, 999999999, 0)
print(os.kill(os.getpid(), 0), os.uname().sysname, os.name, os.sep, os.linesep)
status = os.system("exit 3")
print(status, os.WIFEXITED(status), os.WEXITSTATUS(status), os.waitstatus_to_exitcode(status), os.WIFSIGNALED(9), os.WTERMSIG(9))
print(os.waitstatus_to_exitcode(9))
pid = os.posix_spawn("/bin/sh", ["sh", "-c", "exit 7"], os.environ)
p, st = os.waitpid(pid, 0)
print(p == pid, os.waitstatus_to_exitcode(st))
err(os.waitpid, -1, os.WNOHANG)
err(os.posix_spawn, "/nope", ["x"], os.environ)
err(os.posix_spawn, "/bin/sh", [], os.environ)
r, w = os.pipe()
pid = os.posix_spawn("/bin/sh", ["sh", "-c", "echo out; echo $V"], {"V": "env", "PATH": "/bin"},
                     file_actions=[(os.POSIX_SPAWN_DUP2, w, 1), (os.POSIX_SPAWN_CLOSE, r)])
os.close(w)
print(open(r).read(), os.waitpid(pid, 0)[1])
print(len(os.times()), os.times().user >= 0, os.sysconf("SC_PAGE_SIZE"))
err(os.sysconf, "SC_NOPE")
err(os.get_terminal_size, 9999)
print(os.fsencode("\udcff"), os.fsdecode(b"\xff") == "\udcff", os.fspath("x"))
print(os.O_RDONLY, os.O_CREAT, os.EX_OK, os.F_OK, os.R_OK, os.SEEK_END, os.error is OSError)
print(os.stat in os.supports_fd, os.stat in os.supports_dir_fd, os.chdir in os.supports_fd, os.stat in os.supports_follow_symlinks)
