# SPDX-License-Identifier: MIT
# create(limits=, allow=, deny=, sandbox=, streams ...); reset, stop, set_limit, take_output.
# expect: ok
import threading
import time

import channels
from concurrent import interpreters
from concurrent.interpreters import ExecutionFailed, InterpreterError, create


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        return str(e)
    raise AssertionError(f"no {error.__name__}")


def failure(f, *args):
    try:
        f(*args)
    except ExecutionFailed as e:
        return e.excinfo.formatted
    raise AssertionError("did not fail")


# Limits.
i = create(limits={"fuel": 10000, "time": 50, "cpu": 20.5, "output": 100, "recursion": 77}, stdout="capture")
assert i.limit_left("time") == 50 and i.limit_left("cpu") == 20.5 and i.limit_left("memory") is None
assert failure(i.exec, "while True: pass").startswith("LimitExceeded: fuel limit of 10000")
assert failure(i.exec, "1") .startswith("LimitExceeded") and i.limit_left("fuel") == 0
i.set_limit("fuel", None)
i.exec("import sys; assert sys.getrecursionlimit() == 77")
i.set_limit("output", 3)
assert failure(i.exec, "print('abcdef' * 1000, flush=True)").startswith("LimitExceeded: output limit of 3")
assert i.take_output() == b"abc"
t = create(limits={"time": 0.02, "grace": 0.01})
assert failure(t.exec, """
while True:
    try:
        while True: pass
    except BaseException: pass
""").startswith("LimitExceeded: time limit of 0.02 s")
m = create(limits={"memory": 3_000_000})
assert 0 < m.limit_left("memory") < 3_000_000
assert failure(m.exec, "'a' * 10**7") == "MemoryError: memory limit of 3000000 bytes exceeded"
for bad in ({"time": 0}, {"fuel": -1}, {"nothing": 1}, {"time": float("nan")}):
    raises(ValueError, create, limits=bad)
raises(TypeError, create, limits={"fuel": "x"})
raises(ValueError, i.set_limit, "grace", 1)
raises(ValueError, i.set_limit, "nothing", 1)
raises(InterpreterError, interpreters.get_current().set_limit, "fuel", 1)


# Nothing is more than its maker has.
def deeper():
    from concurrent import interpreters
    k = interpreters.create(limits={"fuel": 10**9, "time": 10**6})
    assert 0 < k.limit_left("fuel") < 10**6 and 0 < k.limit_left("time") < 100
    k.set_limit("fuel", None)
    assert 0 < k.limit_left("fuel") < 10**6
    try:
        interpreters.get_main().set_limit("fuel", 5)
    except PermissionError:
        pass
    else:
        raise AssertionError
    return interpreters.create(allow=["read", "write", "interpreter"]).call(reach)


def reach():
    found = []
    for f in (lambda: open("/nowhere"), lambda: open("/nowhere", "w"), lambda: __import__("os").fork(),
              lambda: __import__("_socket").socket(), lambda: __import__("_thread").start_new_thread(print, ())):
        try:
            f()
        except PermissionError as e:
            found.append(str(e).partition("'")[2].partition("'")[0])
        except OSError:
            found.append(None)
    return found


assert create(limits={"fuel": 999_000, "time": 99}, deny=["write"]).call(deeper) == \
    [None, "write", "process", "socket", "thread"]
assert create(sandbox=True).call(reach) == ["read", "write", "process", "socket", "thread"]
assert create(allow=[]).call(reach) == ["read", "write", "process", "socket", "thread"]
raises(ValueError, create, allow=["everything"])
raises(TypeError, create, deny="write")
raises(TypeError, create, deny=3)
raises(TypeError, create, nothing=3)
d = create(read_dirs=["/usr"], write_dirs=[])
d.exec("""
assert open('/usr/bin/env', 'rb').read(1)
try:
    open('/etc/passwd')
except PermissionError:
    pass
else:
    raise AssertionError
""")
assert "capability 'import' is denied" in failure(create(import_allow=["math"]).exec, "import math, json")

# Streams.
c = create(stdout="capture", stderr="capture", stdin="null", capture_bytes=10, overflow="drop_new")
c.exec("import sys; print('out'); print('errors', file=sys.stderr); assert input and sys.stdin.read() == ''")
assert c.take_output() == b"out\n" and c.take_output() == b"" and c.take_output("stderr") == b"errors\n"
c.exec("print('x' * 100)")
assert c.take_output("stdout") == b"x" * 10
raises(ValueError, c.take_output, "stdin")
raises(InterpreterError, t.take_output)
tx, rx = channels.open()
s = create(stdout=tx, stderr="null")
s.exec("import sys; print('through a channel', file=sys.stderr); print('through'); print('a', 'channel', flush=True)")
assert b"".join(rx.recv_many()) == b"through\na channel\n"
for bad in ({"stdin": "capture"}, {"stdout": "nowhere"}, {"stdin": tx}, {"stdout": rx},
            {"overflow": "drop"}, {"capture_bytes": 0}):
    raises(ValueError, create, **bad)
tx.close()
raises(channels.ClosedError, create, stdout=tx)

# Reset.
r = create(stdout="capture", limits={"fuel": 100_000}, argv=["me"])
for n in range(3):
    r.exec("""
import atexit, sys
assert 'x' not in globals() and sys.argv == ['me'] and 'json' not in sys.modules
import json, threading
x = [1]
x.append(x)
atexit.register(print, 'end')
print('begin', end=' ')
""")
    assert failure(r.exec, "while True: pass").startswith("LimitExceeded")
    assert r.take_output() == b"begin "
    id = r.id
    r.reset()
    assert r.take_output() == b"" and r.id == id and r.limit_left("fuel") == 100_000
assert r in interpreters.list_all() and not r.is_running()
w = r.call_in_thread(time.sleep, 100)
raises(InterpreterError, r.reset)
raises(InterpreterError, r.close)
r.stop()
assert "KeyboardInterrupt" in failure(w.result)
r.reset()
raises(InterpreterError, interpreters.get_current().reset)
r.close()
for f in (r.reset, r.stop, r.take_output):
    raises(interpreters.InterpreterNotFoundError, f)
raises(interpreters.InterpreterNotFoundError, r.limit_left, "fuel")
raises(interpreters.InterpreterNotFoundError, r.set_limit, "fuel", 1)
# Exit functions have a budget.
e = create(limits={"exit": 0.01, "grace": 0.01}, stderr="null")
e.exec("""
import atexit
@atexit.register
def f():
    while True: pass
""")
e.reset()
e.close()

# Every interpreter of this test but the main one has gone.
del i, t, m, d, c, s, r, w, e
assert interpreters.list_all() == [interpreters.get_main()], interpreters.list_all()
print("ok")
