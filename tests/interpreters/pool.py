# SPDX-License-Identifier: MIT
# concurrent.futures.InterpreterPoolExecutor.
# expect: ok
import concurrent.futures
import logging
import threading
import time
import traceback
from concurrent import interpreters
from concurrent.futures import InterpreterPoolExecutor, as_completed, wait

logging.disable(logging.CRITICAL)


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        return e
    raise AssertionError(f"no {error.__name__}")


# In its package, as if it had always been there.
ns = {}
exec("from concurrent.futures import *", ns)
assert ns["InterpreterPoolExecutor"] is InterpreterPoolExecutor is concurrent.futures.InterpreterPoolExecutor
assert "InterpreterPoolExecutor" in concurrent.futures.__all__ and "InterpreterPoolExecutor" in dir(concurrent.futures)
assert str(raises(AttributeError, getattr, concurrent.futures, "nothing")) == (
    "module 'concurrent.futures' has no attribute 'nothing'")
assert issubclass(InterpreterPoolExecutor, concurrent.futures.ThreadPoolExecutor)
from concurrent.futures.interpreter import BrokenInterpreterPool, ExecutionFailed
assert issubclass(BrokenInterpreterPool, concurrent.futures.BrokenExecutor)
assert ExecutionFailed is interpreters.ExecutionFailed

SCALE = None


def set_up(scale, log):
    global SCALE
    SCALE = scale
    log.put(interpreters.get_current().id)


def helper(x):
    return x * SCALE


def work(x):
    return helper(x), interpreters.get_current().id


log = interpreters.create_queue()
main = interpreters.get_current().id
alive = len(interpreters.list_all())
with InterpreterPoolExecutor(2, initializer=set_up, initargs=(10, log)) as pool:
    assert pool.submit(work, 4).result()[0] == 40
    results = list(pool.map(work, range(10)))
    assert [r[0] for r in results] == [10 * k for k in range(10)]
    assert main not in {r[1] for r in results}
    assert [r[0] for r in pool.map(work, range(10), chunksize=4)] == [10 * k for k in range(10)]
    assert list(pool.map(pow, [2, 3, 4], (3, 2, 1, 0), chunksize=2)) == [8, 9, 4]
    assert list(pool.map(lambda a, b: (a, b), "ab", "cd")) == [("a", "c"), ("b", "d")]
    assert list(pool.map(str, [], chunksize=5)) == []
    raises(ValueError, pool.map, str, [1], chunksize=0)
    # Globals of the script are as they are when the call is made.
    for n in range(3):
        assert pool.submit(lambda: n * 2).result() == n * 2
    assert pool.submit(dict, a=1).result() == {"a": 1}
    raises(interpreters.NotShareableError, pool.submit(len, threading.Lock()).result)
    raises(ExecutionFailed, pool.submit(eval, "__import__('threading').Lock()").result)
assert 1 <= log.qsize() <= 2
assert len(interpreters.list_all()) == alive  # they ended with the pool
assert "after shutdown" in str(raises(RuntimeError, pool.submit, print))


# An attribute that cannot be sent does not keep the error back; a note says so, and the original stays as it is.
def fail_held():
    import threading
    global last
    try:
        raise KeyError(1)
    except KeyError as e:
        e.lock = threading.Lock()
        last = error = ValueError("held")
        error.lock, error.number = threading.Lock(), 5
        error.add_note("first")
        raise error


def look_at_last():
    e = last
    return hasattr(e, "lock"), e.number, e.__notes__, hasattr(e.__context__, "lock"), hasattr(e.__context__, "__notes__")


with InterpreterPoolExecutor(1) as pool:
    error = raises(ValueError, pool.submit(fail_held).result)
    left_out = "(could not be sent and is left out: lock)"
    assert error.args == ("held",) and error.number == 5 and not hasattr(error, "lock"), vars(error)
    assert error.__notes__ == ["first", left_out], error.__notes__
    assert type(error.__context__) is KeyError and error.__context__.__notes__ == [left_out]
    assert pool.submit(look_at_last).result() == (True, 5, ["first"], True, False)


# Exceptions come whole.
class Odd(Exception):
    def __init__(self, a, b):
        super().__init__(f"{a} and {b}")
        self.parts = (a, b)


def fail(kind):
    if kind == "odd":
        raise KeyError("x") from ValueError("y")
    if kind == "lock":
        import threading
        raise RuntimeError(threading.Lock())
    raise SystemExit(3)


with InterpreterPoolExecutor(1) as pool:
    e = raises(KeyError, pool.submit(fail, "odd").result)
    assert e.args == ("x",) and type(e.__cause__) is ExecutionFailed
    text = "".join(traceback.format_exception(e))
    assert "in fail" in text and 'raise KeyError("x") from ValueError("y")' in text and "ValueError: y" in text, text
    assert e.__cause__.excinfo.type.__name__ == "KeyError"
    e = raises(ExecutionFailed, pool.submit(fail, "lock").result)
    assert e.excinfo.type.__name__ == "RuntimeError"
    assert raises(SystemExit, pool.submit(fail, "exit").result).code == 3
    futures = pool.map(lambda x: 1 // x, [1, 0, 1])
    assert next(futures) == 1
    raises(ZeroDivisionError, next, futures)
    assert pool.submit(len, "abc").result() == 3  # it goes on

# Cancellation, also of what waits at the end; timeouts.
gate, started = interpreters.create_queue(), interpreters.create_queue()


def hold(started, gate):
    started.put(1)
    return gate.get()


pool = InterpreterPoolExecutor(1)
first = pool.submit(hold, started, gate)
second, third = pool.submit(len, "ab"), pool.submit(len, "abc")
started.get()
assert first.running() and not first.cancel() and second.cancel() and second.cancelled()
raises(TimeoutError, first.result, 0.01)
pool.shutdown(wait=False, cancel_futures=True)
assert third.cancelled()
gate.put("done")
assert first.result() == "done"
pool.shutdown()

# What an initializer raises breaks the pool.
pool = InterpreterPoolExecutor(1, initializer=fail, initargs=("odd",))
e = raises(BrokenInterpreterPool, pool.submit(len, "a").result)
assert str(e) == str(raises(BrokenInterpreterPool, pool.submit, len, "a")) != ""
pool.shutdown()
raises(TypeError, InterpreterPoolExecutor, 1, initializer=3)
raises(ValueError, InterpreterPoolExecutor, 0)
assert len(interpreters.list_all()) == alive

# Names of threads; as_completed and wait; two at once.
with InterpreterPoolExecutor(2, thread_name_prefix="pool") as pool:
    a, b = interpreters.create_queue(), interpreters.create_queue()

    def meet(tx, rx):
        tx.put(1)
        return rx.get()

    both = [pool.submit(meet, a, b), pool.submit(meet, b, a)]
    assert [f.result() for f in as_completed(both)] == [1, 1] and not wait(both).not_done
    assert {t.name for t in threading.enumerate()} >= {"pool_0", "pool_1"}
print("ok")
