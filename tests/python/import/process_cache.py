# Code that one interpreter has compiled is not compiled again by the next: this one's file is
# changed meanwhile, in a way that its time, size and place do not show.
import os, sys
from concurrent import interpreters

folder = f"/tmp/quiver-process-cache-{os.getpid()}"
os.mkdir(folder)
path = os.path.join(folder, "shared_code.py")


def write(text):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT)
    os.write(fd, text)
    os.close(fd)
    os.utime(path, ns=(10**18, 10**18))


try:
    sys.path.insert(0, folder)
    sys.dont_write_bytecode = True
    write(b"value = 1\n")
    import shared_code
    print(shared_code.value, flush=True)
    # expect: 1
    write(b"value = 2\n")
    look = f"import sys; sys.path.insert(0, {folder!r}); sys.dont_write_bytecode = True\n" \
        "import shared_code; print(shared_code.value, shared_code.__file__ == shared_code.__spec__.origin)"
    interpreters.create().exec(look)
    # expect: 1 True
    os.utime(path, ns=(10**18, 10**18 + 1))
    interpreters.create().exec(look)
    # expect: 2 True
finally:
    os.unlink(path)
    os.rmdir(folder)
