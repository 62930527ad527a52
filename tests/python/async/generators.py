# SPDX-License-Identifier: MIT
# Asynchronous generators: asend, athrow, aclose, hooks, errors.
import sys, warnings
warnings.simplefilter('ignore')
sys.unraisablehook = lambda a: print('unraisable', repr(a.exc_value), a.object.__name__)
class Y:
    def __init__(self, v): self.v = v
    def __await__(self): return (yield self.v)
def drive(c, *vals):
    vals = [None, *vals]; out = []
    try:
        for v in vals: out.append(c.send(v))
        while True: out.append(c.send(None))
    except StopIteration as e: return out, e.value
    except BaseException as e: return out, repr(e)
async def ag():
    try:
        x = yield 1; print('x', x)
        await Y('susp')
        y = yield 2; print('y', y)
    except ValueError as e: print('caught', e); yield 'rec'
    finally: print('fin'); await Y('fin susp')
a = ag()
print(type(a).__name__, a.ag_running, a.ag_await, a.ag_code.co_name, a.__name__, repr(a).split(' at ')[0], type(a.asend(None)).__name__, type(a.__anext__()).__name__, type(a.aclose()).__name__, type(a.athrow(ValueError)).__name__)
a = ag()
print(drive(a.asend(5)))
print(drive(a.__anext__())); print(drive(a.asend('X'))); print(drive(a.asend('Y'))); print(drive(a.__anext__()))
a = ag(); drive(a.__anext__()); print(drive(a.athrow(ValueError('v')))); print(drive(a.aclose())); print(drive(a.aclose())); print(drive(a.__anext__()))
a = ag(); drive(a.__anext__()); print(drive(a.athrow(KeyError, 'k'))); print(drive(a.asend(1)))
a = ag(); print(drive(a.aclose())); print(drive(a.__anext__()))
a = ag(); print(drive(a.athrow(ValueError('early')))); print(drive(a.__anext__()))
async def ign():
    try: yield 1
    except GeneratorExit: yield 2
a = ign(); drive(a.__anext__()); print(drive(a.aclose()))
async def st(): raise StopAsyncIteration('x'); yield
print(drive(st().__anext__()))
async def st2(): raise StopIteration('x'); yield
print(drive(st2().__anext__()))
a = ag(); s = a.__anext__(); s2 = a.__anext__()
print(drive(s)); print(drive(s)); print(drive(s2))
a = ag(); drive(a.__anext__()); n = a.asend(1); print(n.send(None)); m = a.asend(2)
try: m.send(None)
except RuntimeError as e: print(e)
print(drive(n))
n = ag().asend(None); n.close()
try: n.send(None)
except RuntimeError as e: print(e)
n = a.athrow(ValueError); n.close()
try: n.send(None)
except RuntimeError as e: print(e)
for f in (lambda: next(a), lambda: iter(a), lambda: list(a), lambda: a.send(None), lambda: [*a]):
    try: f()
    except (TypeError, AttributeError) as e: print(e)
async def delegate():
    async for x in ag2(): yield x * 10
async def ag2():
    for i in range(3): await Y(i); yield i
async def collect(): return [x async for x in delegate()]
print(drive(collect()))
async def gen_in_gen(): return sum([x async for x in (i async for i in ag2())]), [y for y in [x async for x in ag2()]]
print(drive(gen_in_gen()))
async def brk():
    async for x in ag():
        if x == 1: break
    return 'broke'
print(drive(brk()))
def sync_with_async_gen(): return (x async for x in ag2())
print(type(sync_with_async_gen()).__name__)
async def lazy(): return (await Y(i) for i in range(2))
r = lazy()
try: r.send(None)
except StopIteration as e: print(type(e.value).__name__); print(drive(e.value.__anext__(), 'q'))
