# SPDX-License-Identifier: MIT
# A rendezvous with asyncio on both sides, and on either one.
# expect: ok
import asyncio
import threading
import channels
from concurrent import interpreters


async def send_all(tx, values):
    for value in values:
        await tx.aio.send(value)
    tx.close()


async def receive_all(rx):
    return [value async for value in rx]


async def main():
    # Two tasks of one loop.
    tx, rx = channels.open(0)
    got = asyncio.create_task(receive_all(rx))
    await send_all(tx, range(50))
    assert await got == list(range(50))
    # Several senders and receivers.
    tx, rx = channels.open(0)
    takers = [asyncio.create_task(receive_all(rx.dup())) for _ in range(3)]
    rx.close()
    givers = [asyncio.create_task(send_all(tx.dup(), [(who, k) for k in range(20)])) for who in range(3)]
    tx.close()
    await asyncio.gather(*givers)
    got = [pair for part in await asyncio.gather(*takers) for pair in part]
    assert sorted(got) == [(who, k) for who in range(3) for k in range(20)]
    # A message that nobody takes is taken back.
    tx, rx = channels.open(0)
    try:
        await tx.aio.send("late", timeout=0.01)
        raise AssertionError
    except TimeoutError:
        pass
    task = asyncio.create_task(tx.aio.send("gone"))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert rx.try_recv("nothing") == "nothing"
    # urgent goes first; what is offered can be looked at.
    tasks = [asyncio.create_task(tx.aio.send(k, urgent=k == 2)) for k in range(3)]
    await asyncio.sleep(0)
    assert rx.peek() == 2
    assert [await rx.aio.recv() for _ in range(3)] == [2, 0, 1]
    await asyncio.gather(*tasks)
    assert tx.stats()["messages"] == 3
    # Ends that close: the other side's, and one's own.
    for close_own in (False, True):
        tx, rx = channels.open(0)
        task = asyncio.create_task(tx.aio.send(1))
        await asyncio.sleep(0)
        (tx if close_own else rx).close()
        try:
            await task
            raise AssertionError
        except channels.ClosedError:
            pass
    # A thread on the other side.
    tx, rx = channels.open(0)
    got = []
    t = threading.Thread(target=lambda: got.extend(rx))
    t.start()
    await send_all(tx, range(20))
    t.join()
    assert got == list(range(20))


def other(rx):
    import asyncio

    async def take():
        return [value async for value in rx]

    return asyncio.run(take())


asyncio.run(main())
tx, rx = channels.open(0)
job = interpreters.create().call_in_thread(other, rx)
rx.close()
asyncio.run(send_all(tx, [{"k": k} for k in range(30)]))
tx.close()
assert job.result() == [{"k": k} for k in range(30)]
print("ok")
