# SPDX-License-Identifier: MIT
# Coroutines: async functions on a small loop of our own, and asyncio's tasks and queues.
import asyncio
from time import perf_counter


class Pause:
    def __await__(self):
        yield self


async def child(n):
    total = 0
    for i in range(n):
        if i % 10 == 0:
            await Pause()
        total += i
    return total


async def parent(n, depth):
    if depth == 0:
        return await child(n)
    return await parent(n, depth - 1) + 1


def loop(coroutines):
    ready = list(coroutines)
    results = []
    while ready:
        again = []
        for c in ready:
            try:
                c.send(None)
            except StopIteration as e:
                results.append(e.value)
            else:
                again.append(c)
        ready = again
    return sum(results)


async def producer(queue, n):
    for i in range(n):
        await queue.put(i)
    await queue.put(None)


async def consumer(queue):
    total = 0
    while (item := await queue.get()) is not None:
        total += item
    return total


async def both(n):
    queue = asyncio.Queue(16)
    _, *totals = await asyncio.gather(producer(queue, n), consumer(queue))
    return totals


start = perf_counter()
answer = loop(parent(300, 8) for _ in range(1500)), asyncio.run(both(40000))
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
