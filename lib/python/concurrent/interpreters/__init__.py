# SPDX-License-Identifier: MIT
"""Several interpreters in one process, each with its own lock and heap (PEP 734).

    from concurrent import interpreters

    interp = interpreters.create()
    interp.call(print, "hello")                # here, on this thread
    t = interp.call_in_thread(work, rx, tx)    # in parallel, on a thread of its own
    t.join()

Arguments and results are copied: see the module channels, whose ends can be passed too.
"""
import sys

import _interpreters
from _interpreters import (
    InterpreterError, InterpreterNotFoundError, LimitExceeded, NotShareableError,
)

__all__ = [
    "get_current", "get_main", "create", "list_all", "is_shareable",
    "Interpreter", "Thread",
    "InterpreterError", "InterpreterNotFoundError", "ExecutionFailed", "NotShareableError",
    "LimitExceeded",
    "create_queue", "Queue", "QueueError", "QueueNotFoundError", "QueueEmpty", "QueueFull",
    "ItemInterpreterDestroyed", "UNBOUND", "UNBOUND_ERROR", "UNBOUND_REMOVE",
]

is_shareable = _interpreters.is_shareable

_WHENCES = {
    _interpreters.WHENCE_UNKNOWN: "unknown",
    _interpreters.WHENCE_RUNTIME: "runtime init",
    _interpreters.WHENCE_LEGACY_CAPI: "legacy C-API",
    _interpreters.WHENCE_CAPI: "C-API",
    _interpreters.WHENCE_XI: "cross-interpreter C-API",
    _interpreters.WHENCE_STDLIB: "_interpreters module",
}


class ExecutionFailed(InterpreterError):
    """What ran in another interpreter raised an exception that it did not handle.

    excinfo has its type (with __name__, __qualname__, __module__), msg, formatted ("ValueError: x")
    and errdisplay, the traceback's text.
    """

    def __init__(self, excinfo):
        message = excinfo.formatted
        if not message:
            message = f"{excinfo.type.__name__}: {excinfo.msg}" if excinfo.type else excinfo.msg
        super().__init__(message)
        self.excinfo = excinfo

    def __str__(self):
        shown = self.excinfo.errdisplay
        if not shown:
            return super().__str__()
        return f"{super().__str__()}\n\nUncaught in the interpreter:\n\n{shown.rstrip()}"


def create(*, limits=None, allow=None, deny=None, sandbox=False,
           stdin=None, stdout=None, stderr=None, capture_bytes=None, overflow=None,
           argv=None, path=None, read_dirs=None, write_dirs=None, import_allow=None,
           memory_limit=None, recursion_limit=None):
    """Return a new (idle) interpreter. What is not given is as in this one, and nothing is more.

    limits: a dict: "memory" (bytes of its heap: MemoryError), "recursion" (nested calls),
        "time", "cpu" (seconds), "fuel" (instructions), "output" (bytes): what goes beyond is stopped
        with LimitExceeded; "grace" (seconds that its handlers have then), "exit" (seconds for exit
        functions and finalizers). memory_limit, recursion_limit: two of them.
    allow, deny: lists of capabilities: "read", "write", "environment", "process", "socket", "thread",
        "interpreter", "native". allow: no others; deny: not these.
    sandbox: for scripts that nobody trusts: no capability, no stdin, clocks of a millisecond, ...
    stdin: "inherit" or "null"; stdout, stderr: these, "capture" (see take_output), or a
        channels.Sender, which gets the bytes as they are written while it is open.
    capture_bytes: how many a captured stream keeps; overflow: what becomes of more: "drop_old",
        "drop_new", or "raise" (OSError).
    argv, path: sys.argv, and sys.path without the standard library.
    read_dirs, write_dirs: folders below which alone it may read, or write.
    import_allow: names of modules that it may import.
    """
    limits = dict(limits or ())
    if memory_limit is not None:
        limits["memory"] = memory_limit
    if recursion_limit is not None:
        limits["recursion"] = recursion_limit
    options = {
        "sandbox": sandbox, "limits": limits, "allow": allow, "deny": deny,
        "stdin": stdin, "stdout": stdout, "stderr": stderr,
        "capture_bytes": capture_bytes, "overflow": overflow, "argv": argv, "path": path,
        "read_dirs": read_dirs, "write_dirs": write_dirs, "import_allow": import_allow,
    }
    id = _interpreters.create(reqrefs=True, options=options)
    return Interpreter(id, _whence=_interpreters.WHENCE_STDLIB)


def list_all():
    """Return all existing interpreters."""
    found = []
    for id, whence in _interpreters.list_all():
        try:
            found.append(Interpreter(id, _whence=whence))
        except InterpreterNotFoundError:
            pass  # it has ended meanwhile
    return found


def get_current():
    """Return the interpreter that runs this."""
    id, whence = _interpreters.get_current()
    return Interpreter(id, _whence=whence)


def get_main():
    """Return the main interpreter."""
    id, whence = _interpreters.get_main()
    return Interpreter(id, _whence=whence)


def __getattr__(name):
    # Queues are in a module of their own, which is loaded when they are asked for: few workers do.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from concurrent.interpreters import _queues
    value = _queues.create if name == "create_queue" else getattr(_queues, name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})


class Interpreter:
    """One interpreter. It ends with close(), or with the last such object that names it."""

    __slots__ = ("_id", "_whence", "__weakref__")

    def __new__(cls, id, /, _whence=None):
        if not isinstance(id, int):
            raise TypeError(f"id must be an int, got {id!r}")
        if _whence is None:
            _whence = _interpreters.whence(id)
        _interpreters.incref(id)
        self = super().__new__(cls)
        self._id = id
        self._whence = _whence
        return self

    def __repr__(self):
        return f"{type(self).__name__}({self._id})"

    def __hash__(self):
        return hash(self._id)

    def __eq__(self, other):
        if not isinstance(other, Interpreter):
            return NotImplemented
        return self._id == other._id

    def __del__(self):
        try:
            id = self._id
        except AttributeError:
            return
        try:
            _interpreters.decref(id)
        except InterpreterNotFoundError:
            pass

    def __reduce__(self):
        return type(self), (self._id,)

    @property
    def id(self):
        return self._id

    @property
    def whence(self):
        return _WHENCES.get(self._whence, "unknown")

    def is_running(self):
        """Return whether or not the identified interpreter is running."""
        return _interpreters.is_running(self._id)

    def close(self):
        """End the interpreter. InterpreterError while something runs in it, and for the current one."""
        _interpreters.destroy(self._id)

    def prepare_main(self, ns=None, /, **kwargs):
        """Set names of the interpreter's __main__ to copies of the values."""
        ns = dict(ns, **kwargs) if ns is not None else kwargs
        excinfo = _interpreters.set___main___attrs(self._id, ns)
        if excinfo is not None:
            raise ExecutionFailed(excinfo)

    def exec(self, code, /):
        """Run source text, or the body of a function without parameters, in the interpreter's __main__.

        The calling thread waits. An unhandled exception becomes ExecutionFailed here.
        """
        excinfo = _interpreters.exec(self._id, code)
        if excinfo is not None:
            raise ExecutionFailed(excinfo)

    def call(self, callable, /, *args, **kwargs):
        """Call with copies of the arguments in the interpreter; a copy of the result.

        The calling thread waits. An unhandled exception becomes ExecutionFailed here.
        """
        result, excinfo = _interpreters.call(self._id, callable, args, kwargs)
        if excinfo is not None:
            raise ExecutionFailed(excinfo)
        return result

    def call_in_thread(self, callable, /, *args, **kwargs):
        """Start the call on an OS thread of its own and return a Thread."""
        return Thread(_interpreters.call_in_thread(self._id, callable, args, kwargs))

    def reset(self):
        """Make the interpreter as new: nothing of its modules, objects and threads is left.

        It keeps its id, and is as create() made it. InterpreterError while something runs in it.
        """
        _interpreters.reset(self._id)

    def interrupt(self):
        """Raise KeyboardInterrupt in what runs in the interpreter. Any interpreter may ask."""
        _interpreters.interrupt(self._id)

    def stop(self):
        """The same, and again wherever it is caught, until what now runs in it has ended."""
        _interpreters.stop(self._id)

    def set_limit(self, name, amount, /):
        """Set one of the limits that create() knows, counted from now on; None removes it.

        Not more than what this interpreter has left of its own.
        """
        _interpreters.set_limit(self._id, name, amount)

    def limit_left(self, name, /):
        """Return what is left of a limit, or None where there is none."""
        return _interpreters.limit_left(self._id, name)

    def take_output(self, stream="stdout", /):
        """Return the bytes that a captured stream has got since the last call."""
        try:
            fd = {"stdout": 1, "stderr": 2}[stream]
        except (KeyError, TypeError):
            raise ValueError(f"no output stream {stream!r}") from None
        return _interpreters.take_output(self._id, fd)[0]

    def stats(self):
        """Counters as a dict: live_bytes, peak_bytes, cpu_seconds, messages_sent, bytes_sent, ..."""
        return _interpreters.stats(self._id)


class Thread:
    """A call in another interpreter, on an OS thread of its own."""

    __slots__ = ("_handle", "_asked", "__weakref__")

    def __init__(self, handle):
        self._handle = handle
        self._asked = False

    def __repr__(self):
        state = "running" if self.is_alive() else "ended"
        return f"<Thread in interpreter {self._handle.interpreter}, {state}>"

    def join(self, timeout=None):
        """Wait for the end of the call, for `timeout` seconds at most."""
        self._handle.join(timeout)

    def is_alive(self):
        return self._handle.is_alive()

    def result(self, timeout=None):
        """Wait for the end; what the call returned, or ExecutionFailed when it raised.

        TimeoutError when it has not ended after `timeout` seconds.
        """
        result, excinfo = self._handle.result(timeout)
        self._asked = True
        if excinfo is not None:
            raise ExecutionFailed(excinfo)
        return result

    def __del__(self):
        # An error that nobody asked for must not vanish.
        if self._asked or self._handle.is_alive():
            return
        excinfo = self._handle.result()[1]
        if excinfo is not None:
            if sys is not None and sys.stderr is not None:
                print(f"Exception in {self!r}:\n{excinfo.errdisplay.rstrip()}", file=sys.stderr)
