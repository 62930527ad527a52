# SPDX-License-Identifier: MIT
# Trains the profile-guided build: generators of all kinds, coroutines, asyncio, closures.
import asyncio
import contextlib
import functools
import heapq


def naturals(limit):
    n = 0
    while n < limit:
        sent = yield n
        n += 1 if sent is None else sent


def average():
    total, count, result = 0.0, 0, None
    while True:
        value = yield result
        total += value
        count += 1
        result = total / count


def guarded(log):
    try:
        while True:
            try:
                yield 1
            except KeyError:
                log.append("key")
    finally:
        log.append("end")


def inner(n):
    got = yield n
    yield got
    return n * 2


def outer(n):
    a = yield from inner(n)
    b = yield from [1, 2]
    return a, b


def leaves(tree):
    for child in tree:
        if isinstance(child, list):
            yield from leaves(child)
        else:
            yield child


def nested(depth):
    return [nested(depth - 1), depth, nested(depth - 1)] if depth else [0, 1]


def pipeline(source, *stages):
    for stage in stages:
        source = stage(source)
    return source


def evens(it):
    return (x for x in it if x % 2 == 0)


def doubled(it):
    for x in it:
        yield x * 2
        yield x


def pairs(it):
    last = None
    for x in it:
        if last is not None:
            yield last, x
        last = x


def generators(n):
    total = 0
    for x in naturals(n):
        total += x
    g = naturals(n)
    next(g)
    with contextlib.suppress(StopIteration):
        while True:
            total += g.send(2)
    a = average()
    a.send(None)
    for i in range(n):
        total += a.send(i) > 2
    log = []
    for i in range(n // 10):
        h = guarded(log)
        next(h)
        h.throw(KeyError("x"))
        h.close()
        o = outer(i)
        total += next(o) + o.send(5) + len(list(o))
    total += sum(leaves(nested(9))) + max(leaves(nested(6))) + len(list(leaves(nested(8))))
    for a, b in pairs(pipeline(range(n), evens, doubled)):
        total += a - b
    total += sum(x * y for x in range(60) for y in range(60) if x != y)
    total += len(list(zip(naturals(n), (x for x in range(n)))))
    return total + len(log)


def chained(n):
    def compose(*fs):
        return functools.reduce(lambda f, g: lambda x: f(g(x)), fs)

    def adder(k):
        return lambda x: x + k

    def counter():
        count = 0

        def step(by=1):
            nonlocal count
            count += by
            return count

        def get():
            return count
        return step, get

    f, total = compose(adder(1), adder(2), abs, adder(3)), 0
    step, get = counter()
    table = {name: adder(i) for i, name in enumerate("abcd")}
    for i in range(n):
        total += f(i) + step() + step(2) + get() + table["abcd"[i & 3]](i)
        total += sum(map(lambda x: x * i, (1, 2))) + len(sorted((3, 1, 2), key=lambda x: -x))
    return total


class Later:
    def __init__(self):
        self.queue, self.now, self.number = [], 0, 0

    def add(self, delay, task):
        self.number += 1
        heapq.heappush(self.queue, (self.now + delay, self.number, task))

    def run(self):
        steps = 0
        while self.queue:
            self.now, _, task = heapq.heappop(self.queue)
            steps += 1
            try:
                self.add(next(task), task)
            except StopIteration:
                pass
        return steps


def ticking(every, times):
    for _ in range(times):
        yield every


class Resource:
    def __init__(self, log):
        self.log = log

    async def __aenter__(self):
        await asyncio.sleep(0)
        self.log.append(1)
        return self

    async def __aexit__(self, *what):
        self.log.append(2)


class Numbers:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        return self.n


async def numbers(n):
    for i in range(n):
        if i % 5 == 0:
            await asyncio.sleep(0)
        yield i


async def level(k):
    return 1 if k == 0 else 1 + await level(k - 1)


async def worker(queue, results, lock):
    while True:
        item = await queue.get()
        if item is None:
            break
        async with lock:
            results.append(item * 2)
        queue.task_done()
        await asyncio.sleep(0)


async def main(n):
    total, log, results = 0, [], []
    queue, lock, event = asyncio.Queue(10), asyncio.Lock(), asyncio.Event()
    workers = [asyncio.create_task(worker(queue, results, lock)) for _ in range(4)]
    for i in range(n):
        await queue.put(i)
    for _ in workers:
        await queue.put(None)
    await asyncio.gather(*workers)
    for _ in range(n // 4):
        async with Resource(log):
            total += await level(8)
    async for x in numbers(n):
        total += x
    async for x in Numbers(n):
        total += x
    total += sum([x async for x in numbers(n) if x & 1]) + len({x async for x in Numbers(50)})
    loop, future = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()
    loop.call_soon(future.set_result, 3)
    loop.call_later(0.001, event.set)
    total += await future
    await event.wait()
    for _ in range(20):
        done, _ = await asyncio.wait([asyncio.create_task(level(i)) for i in range(5)])
        total += sum(t.result() for t in done)
        try:
            await asyncio.wait_for(asyncio.sleep(5), 0.0005)
        except asyncio.TimeoutError:
            total += 1
        task = asyncio.create_task(asyncio.sleep(9))
        await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        async with asyncio.TaskGroup() as group:
            made = [group.create_task(level(3)) for _ in range(4)]
        total += sum(t.result() for t in made)
    limit = asyncio.Semaphore(2)

    async def limited(i):
        async with limit:
            await asyncio.sleep(0)
            return i
    total += sum(await asyncio.gather(*(limited(i) for i in range(n))))
    return total + len(log) + len(results)


print(generators(5000))
print(chained(5000))
events = Later()
for i in range(60):
    events.add(i, ticking(i % 7 + 1, 60))
print(events.run())
print(asyncio.run(main(800)))
