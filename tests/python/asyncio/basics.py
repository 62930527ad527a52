# Tasks, gather, queues, events, timeouts, cancellation, generators.
import asyncio


async def step(name, delay):
    await asyncio.sleep(delay)
    return name


async def main():
    print(await asyncio.gather(step("a", 0.002), step("b", 0.001), step("c", 0)))
    done, pending = await asyncio.wait({asyncio.create_task(step("w", 0))})
    print([t.result() for t in done], pending)
    try:
        await asyncio.wait_for(asyncio.sleep(100), 0.005)
    except asyncio.TimeoutError as e:
        print("timeout", repr(e))
    try:
        async with asyncio.timeout(0.005):
            await asyncio.Event().wait()
    except TimeoutError:
        print("timeout()")

    queue = asyncio.Queue(2)

    async def produce():
        for n in range(5):
            await queue.put(n)
        await queue.put(None)

    task = asyncio.create_task(produce(), name="producer")
    print(task.get_name())
    got = []
    while (item := await queue.get()) is not None:
        got.append(item)
    await task
    print(got, task.done())

    task = asyncio.create_task(asyncio.sleep(100))
    await asyncio.sleep(0)
    task.cancel("stop")
    try:
        await task
    except asyncio.CancelledError as e:
        print("cancelled", e.args, task.cancelled())

    async def fail():
        raise ValueError("inside")

    print(await asyncio.gather(fail(), step("ok", 0), return_exceptions=True))
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())
            group.create_task(asyncio.sleep(100))
    except* ValueError as group:
        print(group.exceptions)

    async def numbers():
        for n in range(3):
            await asyncio.sleep(0)
            yield n

    print([n async for n in numbers()])
    lock, order = asyncio.Lock(), []

    async def guarded(n):
        async with lock:
            order.append(n)
            await asyncio.sleep(0)

    await asyncio.gather(*(guarded(n) for n in range(4)))
    print(order)
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    loop.call_soon(future.set_result, 42)
    print(await future)
    loop.call_later(0.001, order.append, "later")
    await asyncio.sleep(0.01)
    print(order[-1])
    print(await asyncio.to_thread(lambda: sum(range(100))))
    print(await loop.run_in_executor(None, pow, 2, 10))


asyncio.run(main())
try:
    asyncio.run(step("x", 0), debug=True)
    print(asyncio.run(step("y", 0)))
    asyncio.get_running_loop()
except RuntimeError as e:
    print(e)
