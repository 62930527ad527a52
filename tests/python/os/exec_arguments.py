"""What exec refuses."""
import os

for f in (os.execv, "x", ()), (os.execv, "x", ("",)), (os.execve, "x", [], {}), (os.execve, "x", [""], {}), (
    os.execve, "x", ["x"], {"a=b": "c"}), (os.execve, "x", ["x"], {"a\0b": "c"}), (os.execve, "x", ["x"], {"a": "b\0"}):
    try:
        f[0](*f[1:])
    except ValueError as e:
        print(e)
