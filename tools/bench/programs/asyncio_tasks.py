# SPDX-License-Identifier: MIT
# asyncio: many short tasks, gather, queues, locks, events, timeouts and cancellation in one loop.
import asyncio
from time import perf_counter


async def tick(n):
    total = 0
    for i in range(n):
        await asyncio.sleep(0)
        total += i
    return total


async def nested(depth, n):
    return await tick(n) if depth == 0 else await nested(depth - 1, n) + 1


async def worker(queue, results, lock):
    while True:
        item = await queue.get()
        if item is None:
            return
        async with lock:
            results.append(item * 2)
        queue.task_done()


async def pipeline(n):
    queue, results, lock = asyncio.Queue(8), [], asyncio.Lock()
    workers = [asyncio.create_task(worker(queue, results, lock)) for _ in range(4)]
    for i in range(n):
        await queue.put(i)
    await queue.join()
    for _ in workers:
        await queue.put(None)
    await asyncio.gather(*workers)
    return sum(results)


async def waiter(event):
    await event.wait()
    return 1


async def cancelled(n):
    event, count = asyncio.Event(), 0
    tasks = [asyncio.create_task(waiter(event)) for _ in range(n)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    event.set()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        count += isinstance(result, asyncio.CancelledError)
    return count


async def futures(n):
    loop = asyncio.get_running_loop()
    total = 0
    for i in range(n):
        future = loop.create_future()
        loop.call_soon(future.set_result, i)
        total += await future
    return total


async def main():
    ticks = sum(await asyncio.gather(*(tick(20) for _ in range(400))))
    deep = sum(await asyncio.gather(*(nested(10, 10) for _ in range(200))))
    async with asyncio.timeout(60):
        piped = await pipeline(4000)
    return ticks, deep, piped, await cancelled(1500), await futures(8000)


start = perf_counter()
answer = asyncio.run(main())
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
