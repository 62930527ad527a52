# SPDX-License-Identifier: MIT
# A small event loop: tasks, futures, sleeps, cancellation, gather.
import heapq
from collections import deque
class Future:
    def __init__(self): self.done = False; self.value = None; self.exc = None; self.waiters = []
    def set(self, v): self.done = True; self.value = v; [loop.ready.append((t, None)) for t in self.waiters]
    def fail(self, e): self.done = True; self.exc = e; [loop.ready.append((t, None)) for t in self.waiters]
    def __await__(self):
        while not self.done: yield self
        if self.exc: raise self.exc
        return self.value
class Cancelled(BaseException): pass
class Task(Future):
    n = 0
    def __init__(self, coro):
        super().__init__(); self.coro = coro; Task.n += 1; self.name = f'T{Task.n}'; loop.ready.append((self, None))
    def step(self, exc):
        try: f = self.coro.throw(exc) if exc else self.coro.send(None)
        except StopIteration as e: self.set(e.value)
        except (Exception, Cancelled) as e: self.fail(e)
        else: f.waiters.append(self)
    def cancel(self): loop.ready.append((self, Cancelled()))
class Loop:
    def __init__(self): self.ready = deque(); self.timers = []; self.time = 0; self.seq = 0
    def run(self, coro):
        t = Task(coro)
        while not t.done:
            while self.ready:
                task, exc = self.ready.popleft()
                if not task.done: task.step(exc)
            if not t.done:
                self.time, _, f = heapq.heappop(self.timers) if self.timers else (_ for _ in ()).throw(RuntimeError('deadlock'))
                f.set(None)
        if t.exc: raise t.exc
        return t.value
    def sleep(self, d):
        f = Future(); self.seq += 1; heapq.heappush(self.timers, (self.time + d, self.seq, f)); return f
loop = Loop()
async def worker(name, q, out):
    while True:
        item = await q.get()
        if item is None: break
        await loop.sleep(item); out.append((loop.time, name, item))
    return name
class Queue:
    def __init__(self): self.items = deque(); self.getters = deque()
    def put(self, x):
        self.items.append(x)
        if self.getters: self.getters.popleft().set(None)
    async def get(self):
        while not self.items:
            f = Future(); self.getters.append(f); await f
        return self.items.popleft()
async def gather(*coros):
    tasks = [Task(c) for c in coros]
    return [await t for t in tasks]
async def main():
    q, out = Queue(), []
    ws = [Task(worker(f'w{i}', q, out)) for i in range(3)]
    for d in (5, 1, 3, 2, 2, 1): q.put(d)
    for _ in ws: q.put(None)
    print([await w for w in ws]); print(out)
    async def fail(n): await loop.sleep(n); raise ValueError(n)
    try: await gather(loop_id(1), fail(2), loop_id(3))
    except ValueError as e: print('gather failed', e)
    async def forever():
        try:
            while True: await loop.sleep(1)
        except Cancelled: print('cancelled at', loop.time); raise
        finally: await loop.sleep(1); print('cleaned at', loop.time)
    t = Task(forever()); await loop.sleep(3); t.cancel()
    try: await t
    except Cancelled as e: print('saw', type(e).__name__)
    async def ticker(n):
        for i in range(n): await loop.sleep(1); yield i
    print([x async for x in ticker(4)], loop.time)
    class Lock:
        def __init__(self): self.held = False; self.w = deque()
        async def __aenter__(self):
            while self.held: f = Future(); self.w.append(f); await f
            self.held = True
        async def __aexit__(self, *a):
            self.held = False
            if self.w: self.w.popleft().set(None)
    lock, log = Lock(), []
    async def crit(i):
        async with lock: log.append(('in', i)); await loop.sleep(1); log.append(('out', i))
    await gather(*(crit(i) for i in range(3))); print(log)
    return 'end'
async def loop_id(x): await loop.sleep(x); return x
print(loop.run(main()))
try: loop.run(Queue().get())
except RuntimeError as e: print(e)
