# SPDX-License-Identifier: MIT
"""InterpreterPoolExecutor, as Python 3.14 has it: a pool of threads with an interpreter each.

    with InterpreterPoolExecutor() as pool:
        results = list(pool.map(work, jobs, chunksize=100))

Functions, also lambdas and those of the main script, and arguments, results and exceptions are
copied between interpreters. The calls run in parallel.
"""
import itertools
import os
import queue
import threading
import weakref
from functools import partial

from concurrent import interpreters
from concurrent.futures import thread as _thread
from concurrent.interpreters import ExecutionFailed, _guard

__all__ = ["InterpreterPoolExecutor", "BrokenInterpreterPool", "ExecutionFailed"]


class BrokenInterpreterPool(_thread.BrokenThreadPool):
    """Raised when a worker of an InterpreterPoolExecutor could not be set up."""


class _Workers(threading.local):
    """The interpreter of the thread that asks. It ends with the thread."""

    interpreter = None


def _call(interpreter, fn, args, kwargs):
    result, exc, excinfo = interpreter.call(_guard.run, fn, args, kwargs)
    if excinfo is None:
        return result
    failure = ExecutionFailed(excinfo)
    if exc is None:
        raise failure
    raise exc from failure


def _set_up(workers, everyone, initializer, initargs):
    workers.interpreter = interpreters.create()
    everyone.add(workers.interpreter)
    if initializer is not None:
        _call(workers.interpreter, initializer, initargs, {})


def _work(workers, fn, args, kwargs):
    return _call(workers.interpreter, fn, args, kwargs)


class InterpreterPoolExecutor(_thread.ThreadPoolExecutor):
    """Runs calls in a pool of interpreters, each on a thread of its own."""

    _counter = itertools.count().__next__

    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=()):
        """A pool of at most max_workers interpreters (default: as many as there are processors,
        and 4 more, but at most 32).

        initializer: a callable that each of them runs first, with the arguments initargs. When it
        raises, the pool is broken: BrokenInterpreterPool.
        """
        if max_workers is None:
            max_workers = min(32, (os.cpu_count() or 1) + 4)
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._workers = _Workers()
        self._interpreters = weakref.WeakSet()
        super().__init__(
            max_workers,
            thread_name_prefix or f"InterpreterPoolExecutor-{self._counter()}",
            _set_up, (self._workers, self._interpreters, initializer, tuple(initargs)))

    def submit(self, fn, /, *args, **kwargs):
        """Schedule fn(*args, **kwargs): a Future.

        Its exception is a copy of the one that was raised; the ExecutionFailed that is its cause
        has the traceback, as text.
        """
        try:
            return super().submit(_work, self._workers, fn, args, kwargs)
        except _thread.BrokenThreadPool as e:
            raise BrokenInterpreterPool(*e.args) from None

    def map(self, fn, *iterables, timeout=None, chunksize=1):
        """The results of fn(a, b, ...) for the items of the iterables, in their order.

        chunksize: calls that are made as one message; long iterables are done faster with more.
        """
        if chunksize < 1:
            raise ValueError("chunksize must be >= 1.")
        if chunksize == 1:
            return super().map(fn, *iterables, timeout=timeout)
        jobs = zip(*iterables)
        chunks = iter(lambda: list(itertools.islice(jobs, chunksize)), [])
        results = super().map(partial(_guard.run_chunk, fn), chunks, timeout=timeout)
        return _chain(results)

    def shutdown(self, wait=True, *, cancel_futures=False):
        super().shutdown(wait, cancel_futures=cancel_futures)
        if wait:
            for interpreter in list(self._interpreters):
                try:
                    interpreter.close()
                except interpreters.InterpreterError:
                    pass  # its thread has ended it

    def _initializer_failed(self):  # a worker of ThreadPoolExecutor calls this
        with self._shutdown_lock:
            self._broken = "A worker's initializer failed: the pool is not usable any more"
            while True:
                try:
                    item = self._work_queue.get_nowait()
                except queue.Empty:
                    break
                if item is not None:
                    item.future.set_exception(BrokenInterpreterPool(self._broken))


def _chain(results):
    for chunk in results:
        chunk.reverse()
        while chunk:
            yield chunk.pop()
