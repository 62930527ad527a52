# SPDX-License-Identifier: MIT
"""Queues between interpreters: create_queue() and Queue of concurrent.interpreters.

As Python 3.14's, but who waits is woken at once, and timeouts may be fractions of a second.
"""
import queue
import weakref

import _interpqueues
from _interpqueues import QueueError, QueueNotFoundError

__all__ = [
    "UNBOUND", "UNBOUND_ERROR", "UNBOUND_REMOVE",
    "create", "list_all",
    "Queue",
    "QueueError", "QueueNotFoundError", "QueueEmpty", "QueueFull",
    "ItemInterpreterDestroyed",
]


class QueueEmpty(QueueError, queue.Empty):
    """Raised from get_nowait() when the queue is empty, and from get() when it was so too long."""


class QueueFull(QueueError, queue.Full):
    """Raised from put_nowait() when the queue is full, and from put() when it was so too long."""


class ItemInterpreterDestroyed(QueueError):
    """Raised from get() for an item whose interpreter has ended, where it was put so."""


class _Unbound:
    """What becomes of an item when the interpreter that has put it ends."""

    __slots__ = ("_name", "_op")

    def __init__(self, name, op):
        self._name = name
        self._op = op

    def __repr__(self):
        return f"<{__name__}.{self._name}>"

    def __reduce__(self):
        return self._name  # one object in each interpreter


UNBOUND_REMOVE = _Unbound("UNBOUND_REMOVE", 1)  # it is removed
UNBOUND_ERROR = _Unbound("UNBOUND_ERROR", 2)    # get() raises ItemInterpreterDestroyed
UNBOUND = _Unbound("UNBOUND", 3)                # get() returns UNBOUND

_POLICIES = {policy._op: policy for policy in (UNBOUND_REMOVE, UNBOUND_ERROR, UNBOUND)}


def _op_of(unbounditems):
    if isinstance(unbounditems, _Unbound):
        return unbounditems._op
    # What CPython raises for any other object; nothing is left to be implemented here.
    raise NotImplementedError(f"unsupported unbound replacement {unbounditems!r}")


def create(maxsize=0, *, unbounditems=UNBOUND):
    """Return a new queue that interpreters can put items into and get them from.

    maxsize: items that it holds before put() waits; 0 or less: any number.
    unbounditems: what becomes of items whose interpreter ends: UNBOUND, UNBOUND_ERROR,
    UNBOUND_REMOVE, unless put() says something else.
    """
    op = _op_of(unbounditems)
    return Queue(_interpqueues.create(maxsize, 0, op))


def list_all():
    """Return all queues."""
    queues = []
    for qid, _, _ in _interpqueues.list_all():
        try:
            queues.append(Queue(qid))
        except QueueNotFoundError:
            pass  # destroyed meanwhile
    return queues


_known = weakref.WeakValueDictionary()


class Queue:
    """A queue that can be sent to other interpreters: all objects of one number are one queue.

    What is put is copied. The queue ends with the last such object, in whatever interpreter.
    """

    __slots__ = ("_id", "_maxsize", "_unbound", "__weakref__")

    def __new__(cls, id, /):
        if not isinstance(id, int):
            raise TypeError(f"id must be an int, got {id!r}")
        id = int(id)
        try:
            return _known[id]
        except KeyError:
            pass
        _, op = _interpqueues.get_queue_defaults(id)
        _interpqueues.bind(id)
        self = super().__new__(cls)
        self._id = id
        self._maxsize = None
        self._unbound = _POLICIES[op]
        _known[id] = self
        return self

    def __del__(self):
        try:
            _interpqueues.release(self._id)
        except (AttributeError, QueueError):
            pass

    def __repr__(self):
        return f"{type(self).__name__}({self._id})"

    def __hash__(self):
        return hash(self._id)

    def __reduce__(self):
        return type(self), (self._id,)

    @property
    def id(self):
        return self._id

    @property
    def unbounditems(self):
        return self._unbound

    @property
    def maxsize(self):
        if self._maxsize is None:
            self._maxsize = _interpqueues.get_maxsize(self._id)
        return self._maxsize

    def empty(self):
        return self.qsize() == 0

    def full(self):
        return _interpqueues.is_full(self._id)

    def qsize(self):
        return _interpqueues.get_count(self._id)

    def put(self, obj, block=True, timeout=None, *, unbounditems=None, _delay=None):
        """Add a copy of the object.

        While the queue is full this waits, for `timeout` seconds at most: then, or with block
        false at once, QueueFull. NotShareableError for what cannot be sent.
        """
        op = self._unbound._op if unbounditems is None else _op_of(unbounditems)
        _interpqueues.put(self._id, obj, 0, op, timeout=timeout if block else 0)

    def put_nowait(self, obj, *, unbounditems=None):
        self.put(obj, False, unbounditems=unbounditems)

    def get(self, block=True, timeout=None, *, _delay=None):
        """Take the first item.

        While the queue is empty this waits, for `timeout` seconds at most: then, or with block
        false at once, QueueEmpty. For an item whose interpreter has ended: what its put() said.
        """
        obj, _, op = _interpqueues.get(self._id, timeout=timeout if block else 0)
        if op is None:
            return obj
        if op == UNBOUND_ERROR._op:
            raise ItemInterpreterDestroyed("item's original interpreter destroyed")
        return UNBOUND

    def get_nowait(self):
        return self.get(False)


_interpqueues._register_heap_types(Queue, QueueEmpty, QueueFull)
