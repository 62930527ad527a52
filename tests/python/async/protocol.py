# SPDX-License-Identifier: MIT
# Coroutines driven by hand: send, throw, close, attributes, never-awaited warnings, errors of await.
import sys, types, warnings
warnings.simplefilter('ignore')
class Y:
    def __init__(self, v): self.v = v
    def __await__(self):
        got = yield self.v
        return ('got', got)
async def co(x):
    a = await Y(x); print(a)
    b = await Y(x + 1); print(b)
    return 'done'
c = co(1)
print(type(c).__name__, c.cr_running, c.cr_frame is not None, c.cr_await, c.cr_code.co_name, c.__name__, c.cr_origin, repr(c).split(' at ')[0])
try: c.send(1)
except TypeError as e: print(e)
print(c.send(None), type(c.cr_await).__name__, c.send('A'))
try: c.send('B')
except StopIteration as e: print(e.value)
for f in (lambda: c.send(None), lambda: c.throw(ValueError('x')), lambda: c.close()):
    try: print(f())
    except BaseException as e: print(type(e).__name__, e)
for f in (lambda: iter(c), lambda: next(c), lambda: list(c), lambda: c(), lambda: c.__await__().__next__()):
    try: f()
    except BaseException as e: print(type(e).__name__, e)
def drive(c, *vals):
    vals = [None, *vals]
    out = []
    try:
        for v in vals: out.append(c.send(v))
        while True: out.append(c.send(None))
    except StopIteration as e: return out, e.value
    except BaseException as e: return out, repr(e)
class A:
    def __init__(self, r): self.r = r
    def __await__(self): return self.r
async def aw(x): return await x
for v in (5, None, 'a', [], A(5), A(iter([1, 2])), A([1]), A(None), A(co(1)), (i for i in ())):
    print(drive(aw(v)))
@types.coroutine
def tc():
    x = yield 'tc'
    return x
print(drive(aw(tc()), 'v'))
async def raiser():
    try: await Y(1)
    except ValueError as e: print('caught', e); return 'handled'
    finally: print('fin')
c = raiser(); c.send(None)
try: c.throw(ValueError('in'))
except StopIteration as e: print(e.value)
c = raiser(); c.send(None); c.close()
c = raiser(); c.close()
c = co(5)
d = aw(c); e = aw(c); d.send(None)
try: e.send(None)
except RuntimeError as x: print(x)
d.close()
print(drive(c))
async def stop(): raise StopIteration('s')
print(drive(stop()))
async def stopa(): raise StopAsyncIteration('s')
print(drive(stopa()))
async def me(): await m
m = me(); print(drive(m))
async def cmp():
    return [await Y(i) async for i in ag(3)], {i async for i in ag(2)}, {i: await Y(i) async for i in ag(2)}, [i async for i in ag(4) if await Y(i) and i % 2]
async def ag(n):
    for i in range(n): yield i
print(drive(cmp(), *'abcdefghij'))
class CM:
    def __init__(self, swallow=False): self.s = swallow
    async def __aenter__(self): print('enter'); await Y('e'); return self
    async def __aexit__(self, *a): print('exit', a[0] and a[0].__name__); await Y('x'); return self.s
async def w():
    async with CM() as a, CM(True) as b:
        print('body', a is b)
        raise KeyError('k')
    print('after')
    async with CM(): return 'from with'
print(drive(w()))
class NoExit:
    async def __aenter__(self): pass
class NoAwait:
    def __aenter__(self): return 5
    def __aexit__(self, *a): return 5
for o in (5, NoExit(), NoAwait(), open):
    async def f():
        async with o: pass
    print(drive(f()))
class AI:
    def __aiter__(self): return self
    def __anext__(self): return 5
class AI2:
    async def __aiter__(self): return self
class AI3:
    def __aiter__(self): return self
    async def __anext__(self): raise StopAsyncIteration
for o in (5, [1], AI(), AI2(), AI3()):
    async def f():
        async for i in o: pass
        else: return 'else'
    print(drive(f()))
try: aiter(5)
except TypeError as e: print(e)
try: anext(5)
except TypeError as e: print(e)
async def an():
    it = ag(1)
    return await anext(it), await anext(it, 'dflt')
print(drive(an()))
async def an2():
    await anext(ag(0))
print(drive(an2()))
c = co(1); c.__name__ = 'nn'; print(c.__name__)
try: c.__name__ = 1
except TypeError as e: print(e)
c.close()
print(co.__code__.co_flags & 0x80, ag.__code__.co_flags & 0x200, tc.__code__.co_flags & 0x100)
async def lam(): return (lambda: 1)(), [x for x in range(2)], await Y(0)
print(drive(lam()))
