# What audit hooks hear of the module os.
import os
import pathlib
import sys
import tempfile

on = False
folder = os.path.realpath(tempfile.mkdtemp())


def show(a):
    if isinstance(a, str):
        return a.replace(folder, "HERE")
    return a if isinstance(a, (int, bytes, tuple, list)) or a is None else type(a).__name__


def hook(event, args):
    global on
    if on and event.startswith("os."):
        on = False
        print(event, [show(a) for a in (args if event != "os.kill" else args[1:])])
        if args and args[0] == "forbidden":
            on = True
            raise PermissionError(event)
        on = True


sys.addaudithook(hook)
os.chdir(folder)
d = os.open(".", os.O_RDONLY)
on = True
os.mkdir("a")
os.mkdir(pathlib.Path("b"), 0o700)
os.mkdir(b"c", dir_fd=d)
os.rename("b", "b2")
os.replace("b2", "b3", src_dir_fd=d, dst_dir_fd=d)
os.rmdir("b3")
os.rmdir("c", dir_fd=d)
fd = os.open("f", os.O_CREAT | os.O_RDWR)
os.link("f", "g")
os.link("f", "h", src_dir_fd=d)
os.symlink("f", "s")
os.symlink("f", "t", dir_fd=d)
os.remove("g")
os.unlink("h", dir_fd=d)
os.chmod("f", 0o600)
os.chmod(fd, 0o644)
os.fchmod(fd, 0o600)
os.chown("f", -1, -1)
os.lchown("f", -1, -1)
os.fchown(fd, -1, -1)
os.truncate("f", 3)
os.ftruncate(fd, 2)
os.lockf(fd, os.F_TEST, 0)
os.utime("f")
os.utime("f", (1, 2))
os.utime("f", ns=(1, 2), dir_fd=d)
os.listdir("a")
os.listdir()
os.listdir(d)
os.scandir("a").close()
os.scandir().close()
os.chdir("a")
os.fchdir(d)
os.putenv("QV_NAME", "v")
os.unsetenv("QV_NAME")
os.environ["QV_NAME"] = "w"
del os.environ["QV_NAME"]
os.system("true")
os.kill(os.getpid(), 0)
for f in (lambda: os.mkdir("forbidden"), lambda: os.listdir("forbidden"), lambda: os.remove("forbidden"),
          lambda: os.rename("forbidden", "x"), lambda: os.execv("forbidden", ["x"]), lambda: os.chdir("forbidden"),
          lambda: os.scandir("forbidden"), lambda: os.truncate("forbidden", 0), lambda: os.symlink("forbidden", "x"),
          lambda: os.posix_spawn("forbidden", ["x"], {"A": "b"})):
    try:
        f()
    except PermissionError as e:
        print("PermissionError", e)
on = False
os.close(fd)
os.close(d)
import shutil  # noqa: E402

os.chdir("/")
shutil.rmtree(folder)
