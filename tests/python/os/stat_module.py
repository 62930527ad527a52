# stat (in C: _stat) and errno.
import errno
import stat
import _stat

for mode in (0o100644, 0o40755, 0o120777, 0o60660, 0o20620, 0o10600, 0o140755, 0o104755, 0o102644, 0o41777, 0o1000, 0):
    print(oct(mode), stat.filemode(mode), stat.S_ISREG(mode), stat.S_ISDIR(mode), stat.S_ISLNK(mode), stat.S_IMODE(mode), stat.S_IFMT(mode))
print(stat.S_ISDOOR(0), stat.S_ISWHT(0), stat.ST_SIZE, stat.S_IRWXU, stat.UF_HIDDEN, stat.FILE_ATTRIBUTE_SYSTEM)
print(stat.filemode is _stat.filemode)
for bad in ("x", -1, 2 ** 40):
    try:
        print(stat.S_ISREG(bad))
    except Exception as e:
        print(type(e).__name__, e)
print(errno.EPERM, errno.ENOENT, errno.EAGAIN, errno.EWOULDBLOCK, errno.errorcode[2], errno.errorcode[11], errno.errorcode[95], len(errno.errorcode))
print(sorted(n for n in dir(errno) if n.startswith("EN"))[:12])
