# SPDX-License-Identifier: MIT
# _interpreters: CPython 3.13's functions, and each of their errors.
# expect: ok
import _interpreters as m
from types import SimpleNamespace


def raises(error, text, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        assert type(e) is error and text in str(e), (type(e), str(e))
        return
    raise AssertionError(f"no {error.__name__}")


# Constants and classes.
assert [getattr(m, "WHENCE_" + n) for n in ("UNKNOWN", "RUNTIME", "LEGACY_CAPI", "CAPI", "XI", "STDLIB")] == \
    list(range(6))
assert issubclass(m.InterpreterNotFoundError, m.InterpreterError)
import channels
assert m.NotShareableError is channels.NotShareableError and issubclass(m.NotShareableError, TypeError)

# Configurations.
isolated = m.new_config()
assert isolated == m.new_config("isolated") and type(isolated) is SimpleNamespace
assert vars(isolated) == dict(use_main_obmalloc=False, allow_fork=True, allow_exec=True, allow_threads=True,
                              allow_daemon_threads=True, check_multi_interp_extensions=True, gil="own")
assert m.new_config("legacy").gil == "shared" and m.new_config("empty").allow_fork is False
assert m.new_config("empty", allow_fork=True, gil="own").allow_fork is True
raises(ValueError, "unsupported config name 'x'", m.new_config, "x")
raises(TypeError, "config name must be a str, not int", m.new_config, 3)
raises(ValueError, "unsupported config field 'x'", m.new_config, x=1)
raises(ValueError, "unsupported gil value 'x'", m.new_config, gil="x")
raises(TypeError, "gil must be str, not int", m.new_config, gil=1)
raises(TypeError, "allow_fork must be bool, not int", m.new_config, allow_fork=1)

# Creating.
a = m.create()
b = m.create(m.new_config("empty"))
c = m.create("isolated", reqrefs=True)
d = m.create(None)
assert a < b < c < d
assert m.get_config(a) == isolated and m.get_config(b).allow_threads is False
assert m.get_config(b, restrict=True).allow_exec is False
raises(m.InterpreterError, "gil must be 'own'", m.create, "legacy")
raises(ValueError, "unsupported config name", m.create, "x")
raises(AttributeError, "use_main_obmalloc", m.create, SimpleNamespace())
raises(TypeError, "options must be a dict, not int", m.create, options=3)
raises(TypeError, "unknown option 'x'", m.create, options={"x": 3})
assert m.list_all() == m.list_all(require_ready=True) == \
    [m.get_main()] + [(i, m.WHENCE_STDLIB) for i in (a, b, c, d)]
assert m.get_current() == m.get_main() and m.get_main()[1] in (m.WHENCE_RUNTIME, m.WHENCE_CAPI)
assert m.whence(a) == m.WHENCE_STDLIB and not m.is_running(a, restrict=True)
main = m.get_main()[0]
assert m.is_running(main)

# Running.
assert m.exec(a, "x = 1", {"y": 2}) is None and m.run_string(a, "assert (x, y) == (1, 2)") is None


def f():
    global z
    z = x + y


assert m.run_func(a, f) is None and m.exec(a, "assert z == 3", restrict=True) is None
assert m.exec(a, f.__code__, dict(x=5)) is None and m.exec(a, "assert z == 7") is None
assert m.set___main___attrs(a, {"z": 8}) is None and m.run_string(a, "assert z == n", shared={"n": 8}) is None
assert m.call(a, len, ("abc",)) == (3, None) and m.call(a, dict, None, {"k": 1}) == ({"k": 1}, None)
info = m.exec(a, "raise KeyError('k')")
assert (info.type.__name__, info.type.__qualname__, info.type.__module__) == ("KeyError", "KeyError", "builtins")
assert info.msg == "'k'" and info.formatted == "KeyError: 'k'" and "Traceback" in info.errdisplay
result, info = m.call(a, lambda: 1 / 0)
assert result is None and info.formatted == "ZeroDivisionError: division by zero"


def closure(n=1):
    def g():
        return n
    return g


raises(TypeError, "exec() argument must be a string, a function, or a code object, not int", m.exec, a, 3)
raises(TypeError, "run_string() argument must be a string, not function", m.run_string, a, f)
raises(TypeError, "run_func() argument must be a function or a code object, not str", m.run_func, a, "f")
raises(ValueError, "without a closure", m.run_func, a, closure())
raises(ValueError, "without parameters", m.run_func, a, closure)
raises(ValueError, "without parameters", m.run_func, a, lambda *a: 1)
raises(ValueError, "without parameters", m.exec, a, (lambda **a: 1).__code__)
raises(ValueError, "without parameters", m.exec, a, lambda *, k: 1)
raises(TypeError, "expected a dict", m.exec, a, "1", [1])
raises(TypeError, "expected a dict", m.set___main___attrs, a, 3)
raises(m.NotShareableError, "generator", m.exec, a, "1", {"g": (k for k in ())})
raises(TypeError, "not callable", m.call, a, 3)
raises(TypeError, "kwargs must be a dict", m.call, a, len, (), 3)
raises(TypeError, "not iterable", m.call, a, len, 3)
raises(m.InterpreterError, "already running", m.exec, main, "1")
raises(m.InterpreterError, "already running", m.call, main, len)

# capture_exception.
assert m.capture_exception() is None
try:
    1 / 0
except ZeroDivisionError as e:
    info = m.capture_exception()
    assert info.formatted == "ZeroDivisionError: division by zero" and info.errdisplay.endswith(info.formatted + "\n")
    assert m.capture_exception(ValueError("v")).msg == "v"
raises(TypeError, "expected exception, got 3", m.capture_exception, 3)

# Ids.
for g in (m.destroy, m.whence, m.is_running, m.incref, m.decref, m.get_config, m.interrupt, m.stop, m.reset, m.stats):
    raises(m.InterpreterNotFoundError, "unrecognized interpreter ID 10000000000", g, 10**10)
    raises(m.InterpreterNotFoundError, "unrecognized interpreter ID -1", g, -1)
    raises(m.InterpreterNotFoundError, "unrecognized interpreter ID", g, 10**30)
    raises(TypeError, "interpreter ID must be an int, got str", g, "1")
for g in (m.exec, m.run_string):
    raises(m.InterpreterNotFoundError, "", g, 10**10, "1")
raises(m.InterpreterNotFoundError, "", m.run_func, 10**10, f)
raises(m.InterpreterNotFoundError, "", m.call, 10**10, f)
raises(m.InterpreterNotFoundError, "", m.set___main___attrs, 10**10, {})
raises(m.InterpreterNotFoundError, "", m.take_output, 10**10, 1)
raises(m.InterpreterError, "is not captured", m.take_output, a, 1)

# References: only who asks for it ends with the last one.
m.incref(a)
m.decref(a)
assert m.whence(a)
m.incref(c)
m.incref(c, restrict=True)
m.decref(c)
assert m.whence(c)
m.decref(c, restrict=True)
raises(m.InterpreterNotFoundError, "", m.whence, c)
m.incref(d, implieslink=True)
m.decref(d)
raises(m.InterpreterNotFoundError, "", m.whence, d)

# Destroying.
raises(m.InterpreterError, "cannot destroy the current interpreter", m.destroy, main)
raises(m.InterpreterError, "cannot reset the current interpreter", m.reset, main)


def from_inside(main, me):
    import _interpreters
    found = []
    for f, id in ((_interpreters.destroy, main), (_interpreters.reset, main), (_interpreters.destroy, me)):
        try:
            f(id)
        except _interpreters.InterpreterError as e:
            found.append(str(e))
    return found


assert m.call(a, from_inside, (main, a))[0] == [
    "cannot destroy an interpreter that the host has made", "cannot reset an interpreter that the host has made",
    "cannot destroy the current interpreter"]
t = m.call_in_thread(a, __import__("time").sleep, (100,))
raises(m.InterpreterError, "interpreter running", m.destroy, a)
raises(m.InterpreterError, "interpreter running", m.reset, a)
raises(m.InterpreterError, "already running", m.exec, a, "1")
m.interrupt(a)
t.join()
m.reset(a)
assert m.exec(a, "assert 'x' not in globals()") is None
m.destroy(a)
m.destroy(b, restrict=True)
raises(m.InterpreterNotFoundError, f"unrecognized interpreter ID {a}", m.destroy, a)
assert m.create() > d  # ids are never used again
assert m.is_shareable((1, "a", None, [f])) and not m.is_shareable(k for k in ())
print("ok")
