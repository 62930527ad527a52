# SPDX-License-Identifier: MIT
# After fork() queues work in the child, also when other threads were at them.
# expect: ok
import os
import threading

import _interpqueues as Q
from concurrent import interpreters

q, busy = interpreters.create_queue(), interpreters.create_queue()
stop = False


def turn():
    while not stop:
        busy.put(1)
        busy.get()


waiter = threading.Thread(target=q.get)  # sleeps in it meanwhile
threads = [threading.Thread(target=turn) for _ in range(2)]
for t in [waiter, *threads]:
    t.start()
for _ in range(20):
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            own = interpreters.create_queue(1)
            own.put(2)
            q.put(3)
            assert own.get() == 2 and q.get() == 3
            busy.put(4)
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
stop = True
q.put(None)
for t in [waiter, *threads]:
    t.join()
print("ok")
