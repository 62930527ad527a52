# Instances of struct sequences cannot be changed.
import grp
import os
import sys
import time

s = os.stat(".")
for o in s, os.uname(), os.statvfs("."), time.gmtime(0), sys.float_info, sys.get_asyncgen_hooks(), grp.getgrgid(0):
    print(type(o).__name__)
    name = type(o).__match_args__[0]
    for f in (lambda: setattr(o, name, 1), lambda: delattr(o, name), lambda: setattr(o, "foo", 1),
              lambda: delattr(o, "foo"), lambda: setattr(o, "n_fields", 1), lambda: setattr(o, "__doc__", 1),
              lambda: setattr(o, "count", 1)):
        try:
            print(f())
        except Exception as e:
            print(type(e).__name__, e)
for name in "st_atime", "st_blksize", "st_mtime_ns":
    try:
        setattr(s, name, 1)
    except Exception as e:
        print(type(e).__name__, e)
