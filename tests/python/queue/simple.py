# SPDX-License-Identifier: MIT
# _queue.SimpleQueue: order, blocking, timeouts, threads, errors.
import _queue as Q, _thread, time
def t(f,*a,**k):
    try: r=f(*a,**k)
    except BaseException as e: r=(type(e).__module__, type(e).__name__, str(e))
    return r
q=Q.SimpleQueue()
print(q.empty(),q.qsize(),t(q.get_nowait),t(q.get,False),t(q.get,True,0),t(q.get,timeout=0.01),t(q.get,timeout=-1),t(q.get,True,'a')[1])
for k in range(20): q.put(k)
q.put_nowait('x'); q.put('y',False,None); print(q.qsize(),[q.get() for _ in range(15)],q.qsize())
for k in range(30): q.put(k)
print([q.get_nowait() for _ in range(q.qsize())],q.empty())
def later(n):
    time.sleep(0.03)
    for k in range(n): q.put(k)
_thread.start_new_thread(later,(3,)); print(q.get(),q.get(timeout=5),q.get(True,None))
out=[]
def worker():
    while (x:=q.get()) is not None: out.append(x)
    out.append(None)
for _ in range(3): _thread.start_new_thread(worker,())
for k in range(300): q.put(k)
for _ in range(3): q.put(None)
while out.count(None)<3: time.sleep(0.001)
print(sorted(x for x in out if x is not None)==list(range(300)))
print(t(Q.SimpleQueue,1)[1],t(Q.SimpleQueue,x=1)[1],Q.Empty.__mro__,Q.SimpleQueue[int],t(q.put)[1],t(q.get,1,2,3)[1])
q=Q.SimpleQueue(); q.put(q); del q # a cycle
class S(Q.SimpleQueue): pass
s=S(); s.put(1); print(s.get(), [n for n in dir(Q) if n[0]!='_'])

