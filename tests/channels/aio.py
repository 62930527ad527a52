# SPDX-License-Identifier: MIT
# Channels under asyncio: awaitable ends, cancellation without loss, descriptors that tell the truth.
# expect: ok
import asyncio
import os
import select
import threading
import channels
from concurrent import interpreters


def readable(end):
    return bool(select.select([end.fileno()], [], [], 0)[0])


tx, rx = channels.open(2)
assert rx.fileno() == rx.dup().fileno() != tx.fileno()
assert not readable(rx) and readable(tx)
tx.send(1)
assert readable(rx) and readable(tx)
tx.send(2)
assert readable(rx) and not readable(tx)
assert rx.recv() == 1 and readable(rx) and readable(tx)
assert rx.recv_many() == [2] and not readable(rx)
meet, rmeet = channels.open(0)
assert not readable(meet) and not readable(rmeet)
t = threading.Thread(target=meet.send, args=(1,))
t.start()
select.select([rmeet.fileno()], [], [])
assert rmeet.recv() == 1 and not readable(rmeet)
t.join()
t = threading.Thread(target=rmeet.recv)
t.start()
select.select([meet.fileno()], [], [])
meet.send(2)
t.join()
assert not readable(meet)
rmeet.close()
assert readable(meet)
meet.close()
tx.close()
assert readable(rx)
rx.close()


def echo(rx, tx):
    for obj in rx:
        tx.send(obj * 2)
    tx.close()


async def main():
    worker = interpreters.create()
    to, other_rx = channels.open(2)
    other_tx, back = channels.open(2)
    job = worker.call_in_thread(echo, other_rx, other_tx)
    other_rx.close()
    other_tx.close()
    send, recv = to.aio, back.aio

    async def feed():
        for k in range(200):
            await send.send(k)
        send.close()

    task = asyncio.create_task(feed())
    assert [await recv.recv() for _ in range(100)] == list(range(0, 200, 2))
    assert [obj async for obj in back] == list(range(200, 400, 2))
    await task
    job.result()
    try:
        await recv.recv()
    except channels.EndOfStream:
        pass
    else:
        raise AssertionError("no end")

    # Timeouts, and cancellation at any moment: nothing is lost.
    tx, rx = channels.open()
    ch = rx.aio
    try:
        await ch.recv(timeout=0.01)
    except TimeoutError:
        pass
    else:
        raise AssertionError("no timeout")
    got, sent = [], 0

    async def take():
        while True:
            got.append(await ch.recv())

    for k in range(60):
        task = asyncio.create_task(take())
        for _ in range(k % 6):
            await asyncio.sleep(0)
            tx.send(sent)
            sent += 1
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            pass
    rest = rx.recv_many() if len(rx) else []
    assert got + rest == list(range(sent)), (got, rest)

    # Many tasks on one channel, each message to one.
    tasks = [asyncio.create_task(ch.recv()) for _ in range(20)]
    await asyncio.sleep(0.001)
    await asyncio.to_thread(tx.send_many, range(20))
    assert sorted(await asyncio.gather(*tasks)) == list(range(20))

    # An end that is closed while tasks wait, here and by a thread.
    for close in (rx.dup(), rx.dup()):
        task = asyncio.create_task(close.aio.recv())
        await asyncio.sleep(0.001)
        if close.fileno() % 2:
            close.close()
        else:
            await asyncio.to_thread(close.close)
        try:
            await task
        except channels.EndOfStream:
            raise
        except channels.ClosedError:
            pass
        else:
            raise AssertionError("not closed")
    # The other side goes while a task waits.
    task = asyncio.create_task(ch.recv())
    await asyncio.sleep(0)
    await asyncio.to_thread(tx.close)
    try:
        await task
    except channels.EndOfStream:
        pass
    one, rone = channels.open(1)
    one.send(1)
    task = asyncio.create_task(one.aio.send(2))
    await asyncio.sleep(0)
    rone.close()
    try:
        await task
    except channels.ClosedError:
        pass
    else:
        raise AssertionError("sent to nobody")


asyncio.run(main())
import _channels_aio
assert _channels_aio._waiting == {}

# After fork() the child's descriptors are its own.
tx, rx = channels.open()
fd = rx.fileno()
pid = os.fork()
if pid == 0:
    tx.send("child")
    os._exit(0 if readable(rx) else 1)
assert os.waitpid(pid, 0)[1] == 0
assert not readable(rx)
print("ok")
