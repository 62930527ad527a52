# SPDX-License-Identifier: MIT
"""Channel ends for asyncio: what Receiver.aio and Sender.aio give.

A task that has to wait watches the channel's descriptor with loop.add_reader(): no thread. A message
is taken and given to the task in one step, so a cancelled task has taken none.
"""
import asyncio
import collections

import channels

_waiting = {}  # (loop, descriptor) -> deque of (future, end), first come first served


def _ready(key):
    # Wakes one; while the descriptor stays readable the loop calls again.
    queue = _waiting.get(key)
    while queue:
        future, _ = queue.popleft()
        if not future.done():
            future.set_result(None)
            break
    _tidy(key)


def _tidy(key):
    if not _waiting.get(key) and _waiting.pop(key, None) is not None:
        key[0].remove_reader(key[1])


async def _wait(end):
    held = end._hold()  # the descriptor is good meanwhile
    loop = asyncio.get_running_loop()
    key = loop, held.fileno()
    future = loop.create_future()
    queue = _waiting.get(key)
    if queue is None:
        queue = _waiting[key] = collections.deque()
        loop.add_reader(key[1], _ready, key)
    entry = future, end
    queue.append(entry)
    try:
        if not end.closed:  # else whoever closed it has come too early to find the entry
            await future
    finally:
        if entry in queue:
            queue.remove(entry)
        _tidy(key)
        held.close()


def _wake(future):
    if not future.done():
        future.set_result(None)


def closed(end):
    """Called when an end is closed that tasks may be waiting for: they find it closed."""
    for (loop, _), queue in list(_waiting.items()):
        for future, waits_for in list(queue):
            if waits_for is end:
                try:
                    loop.call_soon_threadsafe(_wake, future)
                except RuntimeError:
                    pass  # the loop is closed: its tasks wait for nothing any more


class _End:
    __slots__ = ("end",)

    def __init__(self, end):
        self.end = end

    def __repr__(self):
        return f"<asyncio view of {self.end!r}>"

    def close(self):
        self.end.close()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc):
        self.end.close()


_NOTHING = object()


class Receiver(_End):
    """A receiver whose recv() is a coroutine; async for receives until the end of the stream."""

    __slots__ = ()

    async def _recv(self):
        end = self.end
        while (value := end.try_recv(_NOTHING)) is _NOTHING:
            await _wait(end)
        return value

    async def recv(self, timeout=None):
        """The next message. TimeoutError after `timeout` seconds."""
        if timeout is None:
            return await self._recv()
        async with asyncio.timeout(timeout):
            return await self._recv()

    def __aiter__(self):
        return self

    async def __anext__(self):
        try:
            return await self._recv()
        except channels.EndOfStream:
            raise StopAsyncIteration from None


class Sender(_End):
    """A sender whose send() is a coroutine."""

    __slots__ = ()

    async def _send(self, obj, urgent, limit=None):
        end = self.end
        if end.capacity == 0:
            return await self._meet(obj, urgent, limit)
        while not end.try_send(obj, urgent=urgent):
            await _wait(end)

    async def _meet(self, obj, urgent, limit):
        # The message waits in the channel, where a receiver finds it that does not wait, either.
        end = self.end
        offer = end._offer(obj, urgent)
        try:
            while not end._settle(offer):
                await _wait(end)
        except asyncio.CancelledError:
            if limit is None or not limit.expired() or not end._settle(offer):
                raise  # else it was received in the very moment
        finally:
            del offer  # takes it back, unless it has been received

    async def send(self, obj, /, timeout=None, *, urgent=False):
        """Send a copy of obj, waiting while the channel is full. TimeoutError after `timeout` seconds."""
        if timeout is None:
            return await self._send(obj, urgent)
        async with asyncio.timeout(timeout) as limit:
            await self._send(obj, urgent, limit)
