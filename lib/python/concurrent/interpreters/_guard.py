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


def _links(exc):
    """The exception and those that it comes from or has in it."""
    found = []
    todo = [exc]
    while todo:
        e = todo.pop()
        if e is not None and not any(e is known for known in found):
            found.append(e)
            todo += [e.__cause__, e.__context__]
            if isinstance(e, BaseExceptionGroup):
                todo += e.exceptions
    return found


def _sendable(exc):
    """The exception, or a copy without those attributes that cannot be sent, which a note names.

    None where it cannot be sent even so.
    """
    if _interpreters.is_shareable(exc):
        return exc
    import channels
    before = [(e, dict(vars(e))) for e in _links(exc)]
    try:
        for e, attributes in before:
            left_out = [name for name, value in attributes.items() if not _interpreters.is_shareable(value)]
            for name in left_out:
                del vars(e)[name]
            if left_out:
                notes = attributes.get("__notes__")
                e.__notes__ = list(notes) if isinstance(notes, (list, tuple)) else []
                e.add_note("(could not be sent and is left out: " + ", ".join(left_out) + ")")
        tx, rx = channels.open()
        tx.send(exc)
        return rx.recv()
    except Exception:
        return None
    finally:
        for e, attributes in before:
            vars(e).clear()
            vars(e).update(attributes)


def run(fn, args, kwargs):
    """Call: (result, None, None), or (None, the exception, its excinfo) when it raised.

    The exception is None where it cannot be sent.
    """
    try:
        return _call(fn, args, kwargs), None, None
    except BaseException as exc:
        excinfo = _interpreters.capture_exception(exc)
        return None, _sendable(exc), excinfo


def run_chunk(fn, chunk):
    """The results of calls with each of the tuples of arguments."""
    return [_call(fn, args, {}) for args in chunk]
