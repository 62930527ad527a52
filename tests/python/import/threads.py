# Two threads import one slow module: both see all of it.
import os, sys, _thread, time
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "data"))
done = [_thread.allocate_lock() for _ in range(3)]
seen = []
def work(lock):
    import slow
    seen.append(slow.end)
    lock.release()
for lock in done:
    lock.acquire()
    _thread.start_new_thread(work, (lock,))
for lock in done:
    lock.acquire()
print(seen)
# A cycle through two threads does not hang.
seen.clear()
def left(lock):
    import cross_a
    seen.append(cross_a.a)
    lock.release()
def right(lock):
    import cross_b
    seen.append(cross_b.b)
    lock.release()
_thread.start_new_thread(left, (done[0],))
_thread.start_new_thread(right, (done[1],))
done[0].acquire(); done[1].acquire()
print(sorted(seen))
