# check: below_check.py
# Runs with -X read=ROOT -X write=ROOT/w, its argument: ROOT/{r.txt,w/,out -> /etc}. Prints what went wrong.
import os, posix, sys, io, shutil, errno

root = sys.argv[1]
outside = sys.argv[2]  # a folder beside, with secret.txt
w = root + "/w"


def refused(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except PermissionError as e:
        if "capability" in str(e):
            return
        print("WRONG", f, args, repr(e))
    except BaseException as e:
        print("OTHER", f, args, repr(e))
    else:
        print("ALLOWED", f, args, repr(r)[:60])


def fails(code, f, *args, **kw):
    try:
        f(*args, **kw)
    except OSError as e:
        if e.errno != code:
            print("ERRNO", f, args, repr(e))
    else:
        print("DONE", f, args)


# Inside: everything works, with the errors of the system.
assert open(root + "/r.txt").read() == "inside\n"
fails(errno.ENOENT, open, root + "/none")
fails(errno.ENOENT, os.stat, root + "/none/none")
fails(errno.ENOTDIR, os.listdir, root + "/r.txt")
assert sorted(os.listdir(root)) == ["out", "r.txt", "w"]
assert os.path.isdir(root) and os.lstat(root).st_mode and os.path.exists(root + "/w/../r.txt")
with open(w + "/a", "w") as f:
    f.write("text")
os.mkdir(w + "/d")
fails(errno.EEXIST, os.mkdir, w + "/d")
os.rename(w + "/a", w + "/d/b")
os.symlink("d/b", w + "/l")
assert open(w + "/l").read() == "text" and os.readlink(w + "/l") == "d/b"
assert os.lstat(w + "/l").st_size == 3 and os.stat(w + "/l").st_size == 4
os.chmod(w + "/l", 0o6600)
assert os.stat(w + "/l").st_mode & 0o7777 == 0o600
os.truncate(w + "/l", 2)
os.utime(w + "/l", (1, 1)), os.utime(w + "/l", (2, 2), follow_symlinks=False)
assert os.stat(w + "/d/b").st_mtime == 1 and os.access(w + "/l", os.W_OK) and not os.access(root + "/q", 0)
os.link(w + "/d/b", w + "/h")
fd = os.open(w + "/h", os.O_RDWR)
assert os.read(fd, 9) == b"te" and os.fstat(fd).st_nlink == 2
dup = os.dup(fd)
os.close(fd)
with open(dup, "rb") as f:
    assert f.read() == b""
d = os.open(w, os.O_RDONLY)
assert os.stat("l", dir_fd=d).st_size == 2
os.unlink("l", dir_fd=d)
fails(errno.EEXIST, open, w + "/h", "x")
assert [e.name for e in os.scandir(w) if e.is_file()] == ["h"]
assert [e.stat().st_size for e in os.scandir(w) if e.is_file()] == [2]
r, p = os.pipe()
os.write(p, b"x")
assert os.read(r, 1) == b"x"
os.close(r), os.close(p)

# Outside, by every way.
ways = [outside + "/secret.txt", root + "/out/secret.txt", root + "/../" + os.path.basename(outside) + "/secret.txt",
        "/proc/self/root" + outside + "/secret.txt", f"/proc/self/fd/{d}/../../" + os.path.basename(outside) + "/secret.txt",
        outside + "/none", root + "/out/none", root + "/../none", "/", "/etc/passwd", "/proc/self/maps", root + "x", root + "/.."]
os.symlink(outside + "/secret.txt", w + "/s1")
os.symlink("../../" + os.path.basename(outside) + "/secret.txt", w + "/s2")
os.symlink(outside + "/none", w + "/s3")
os.symlink(outside, w + "/s4")
os.symlink("s4", w + "/s5")
ways += [w + "/s1", w + "/s2", w + "/s3", w + "/s5/secret.txt", w + "/s4/none"]
for path in ways:
    for f in (open, os.stat, os.listdir, os.scandir, os.statvfs, os.listxattr, io.FileIO):
        refused(f, path)
    refused(os.getxattr, path, "user.a"), refused(os.access, path, 0), refused(os.pathconf, path, "PC_NAME_MAX")
    for mode in "w", "a", "r+", "w+":
        refused(open, path, mode)
    refused(os.open, path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    refused(os.chmod, path, 0o777), refused(os.truncate, path, 0), refused(os.utime, path)
    refused(os.chown, path, 0, 0), refused(os.setxattr, path, "user.a", b"")
for path in ways[:12] + [w + "/s5/secret.txt", w + "/s4/none", root + "/r.txt", root + "/new", w]:
    refused(os.unlink, path), refused(os.rmdir, path), refused(os.mkdir, path), refused(os.mkfifo, path)
    refused(os.rename, path, w + "/t"), refused(os.rename, w + "/h", path), refused(os.replace, w + "/h", path)
    refused(os.link, path, w + "/t"), refused(os.link, w + "/h", path), refused(os.symlink, "x", path)
    refused(os.lchown, path, 0, 0), refused(os.utime, path, follow_symlinks=False)
for path in ways[:12] + [w + "/s5/secret.txt"]:
    refused(os.lstat, path) if path not in ("/",) else None
    refused(os.readlink, path)
refused(os.mknod, w + "/dev", 0o60600, 0x0801)
refused(os.setxattr, w + "/h", "trusted.a", b"")
refused(os.read, 0, 1), refused(os.dup2, d, 1), refused(os.fstat, 1)
refused(os.lstat, "none"), refused(open, "none")

# A descriptor that somebody else has now: closed behind the file's back.
f = open(w + "/h", "rb", buffering=0)
os.close(f.fileno())
refused(f.read), refused(f.seek, 0)
f.close()
shutil.rmtree(w + "/d")
os.closerange(3, 1000)
refused(os.stat, d)
print("done")
