# fork() waits for what another thread imports: the child sees all of it, and can import itself.
import _imp
import os
import sys
import threading
import time

started = threading.Event()


def importer():
    _imp.acquire_lock()
    sys.modules["half"] = "half"
    started.set()
    time.sleep(0.02)
    sys.modules["half"] = "whole"
    _imp.release_lock()


t = threading.Thread(target=importer)
t.start()
started.wait()
pid = os.fork()
if pid == 0:
    import half
    import colorsys
    os._exit(10 if half == "whole" and not _imp.lock_held() else 20)
t.join()
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), _imp.lock_held())

# In a thread that holds the lock itself.
_imp.acquire_lock()
pid = os.fork()
if pid == 0:
    held = _imp.lock_held()
    _imp.release_lock()
    os._exit(10 if held and not _imp.lock_held() else 20)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), _imp.lock_held())
_imp.release_lock()
print(_imp.lock_held())
