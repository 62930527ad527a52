# SPDX-License-Identifier: MIT
"""What a worker of InterpreterPoolExecutor runs in its own interpreter.

Apart from the executor's module, so that a worker need not import concurrent.futures.
"""
import _interpreters

# Globals of functions of the main script that calls have set here. Such a function comes with the
# values that it uses, afresh with each call; what an initializer has set must stay.
_kept = {}


def _call(fn, args, kwargs):
    space = getattr(fn, "__globals__", None)
    if not isinstance(space, dict) or space.get("__name__") != "__main__":
        return fn(*args, **kwargs)
    brought = dict(space)
    space.update(_kept)
    try:
        return fn(*args, **kwargs)
    finally:
        for name, value in space.items():
            if name not in brought or brought[name] is not value:
                _kept[name] = value


def run(fn, args, kwargs):
    """Call: (result, None, None), or (None, the exception, its excinfo) when it raised.

    The exception is None where it cannot be sent.
    """
    try:
        return _call(fn, args, kwargs), None, None
    except BaseException as exc:
        excinfo = _interpreters.capture_exception(exc)
        return None, exc if _interpreters.is_shareable(exc) else None, excinfo


def run_chunk(fn, chunk):
    """The results of calls with each of the tuples of arguments."""
    return [_call(fn, args, {}) for args in chunk]
