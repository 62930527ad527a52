# Paths of other kinds, environments, and what posix_spawn takes.
import os, warnings
warnings.simplefilter("always")
for e in (None, 3, [], {'':'a'}, {1:'a'}, {'a': bytearray(b"x")}, {'a=b': 'c'}):
    for f in (os.posix_spawn, os.execve):
        try: print(f('/nonexistent', ['x'], e))
        except Exception as x: print(type(x).__name__, x)
for f, *a in [(os.putenv, 1, "a"), (os.unsetenv, bytearray(b"a")), (os.system, 3), (os.execv, "/none", [1]), (os.execv, "/none", [bytearray(b"1")]), (os.putenv, "a", None)]:
    try: print(f(*a))
    except Exception as x: print(type(x).__name__, x)
for p in bytearray(b"/"), memoryview(b"/"):
    with warnings.catch_warnings(record=True) as w:
        print(len(os.listdir(p)) > 3, os.stat(p).st_size > 0, {type(x) for x in os.listdir(p)}, os.access(p, 0))
        print([str(x.message) for x in w])
        try: os.stat(bytearray(b"a\0b"))
        except Exception as x: print(type(x).__name__, x)
for k in dict(resetids=None), dict(resetids="x"), dict(setsid=2.5), dict(setpgroup="a"), dict(setsigmask=None), dict(setsigdef=[0]), dict(setsigmask=[5000]), dict(scheduler=(1,)), dict(scheduler=(1, 2)), dict(scheduler=("a", os.sched_param(0))), dict(scheduler=(None, os.sched_param(0))), dict(scheduler=(os.SCHED_OTHER, os.sched_param(0)), resetids=True, setsid=True, setpgroup=None):
    try: print(os.waitpid(os.posix_spawn("/bin/true", ["true"], {}, **k), 0)[1])
    except Exception as x: print(k, type(x).__name__, x)
