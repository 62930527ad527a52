# SPDX-License-Identifier: MIT
# An interpreter in which a thread that is gone imported threading can be closed from any other: nobody waits for that thread.
# expect: 6 True
# expect: done
from concurrent import interpreters


def use_threading():
    import threading
    out = []
    threads = [threading.Thread(target=out.append, args=(k,)) for k in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return sum(out), threading.main_thread() is threading.current_thread()


i = interpreters.create()
print(*i.call_in_thread(use_threading).result())
i.close()
j = interpreters.create()
j.call(use_threading)
j.close()
print("done")
