import threading, time, _thread
def err(f, *a, **k):
    try: print('no error', f(*a, **k))
    except BaseException as e: print(type(e).__name__, e)
l = _thread.allocate_lock(); print(l.acquire(), l.acquire(False), l.acquire(timeout=0.01), l.locked(), repr(l).split(' at ')[0]); l.release(); err(l.release); err(l.acquire, False, 1); err(l.acquire, True, -2); err(l.acquire, True, 1e20)
with l: print(l.locked())
r = threading.RLock()
with r:
    with r: print(r._is_owned(), repr(r).split(' owner')[0])
err(r.release)
out = []
ts = [threading.Thread(target=lambda n=n: out.append(n), name=f'w{n}') for n in range(8)]
for t in ts: t.start()
for t in ts: t.join()
print(sorted(out), threading.active_count(), threading.current_thread().name, ts[0].is_alive())
n = 0
def work():
    global n
    for _ in range(2000):
        with l: n += 1
ts = [threading.Thread(target=work) for _ in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(n)
c = threading.Condition(); items = []
def consume(k):
    got = 0
    while got < k:
        with c:
            while not items: c.wait()
            items.pop(); got += 1
t = threading.Thread(target=consume, args=(100,)); t.start()
for i in range(100):
    with c: items.append(i); c.notify()
t.join(); print(items)
e = threading.Event(); threading.Timer(0.01, e.set).start(); print(e.wait(10), e.wait(0), threading.Event().wait(0.01))
b = threading.Barrier(3); res = []
ts = [threading.Thread(target=lambda: res.append(b.wait())) for _ in range(3)]
for t in ts: t.start()
for t in ts: t.join()
print(sorted(res))
loc = threading.local(); loc.x = 1
def see(): print(hasattr(loc, 'x')); loc.x = 2; print(loc.x, loc.__dict__)
t = threading.Thread(target=see); t.start(); t.join(); print(loc.x); del loc.x; err(lambda: loc.x)
class L(threading.local):
    cls = 5
    def __init__(self, v): self.v = v
    def get(self): return self.v
m = L(3); m.v = 4
t = threading.Thread(target=lambda: print(m.get(), m.cls)); t.start(); t.join(); print(m.get()); err(threading.local, 1)
seen = []
threading.excepthook = lambda a: seen.append((a.exc_type.__name__, str(a.exc_value), a.thread.name))
def bad(): raise ValueError('boom')
t = threading.Thread(target=bad, name='T'); t.start(); t.join(); print(seen)
t = threading.Thread(target=_thread.exit); t.start(); t.join()
s = threading.Semaphore(0); threading.Thread(target=s.release).start(); print(s.acquire(timeout=10), s.acquire(blocking=False))
err(_thread.start_new_thread, 3, ()); err(_thread.start_new_thread, print, 3); err(_thread.start_new_thread, print, (), 3); err(_thread.stack_size, -1); err(_thread.stack_size, 100)
t = threading.Thread(target=time.sleep, args=(0.2,)); t.start(); t.join(0.01); print(t.is_alive()); t.join(); print(t.is_alive(), t.ident > 0, t.native_id > 0)
err(t.start); threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
def late(): time.sleep(0.05); print('late')
threading.Thread(target=late).start(); print('main done')
