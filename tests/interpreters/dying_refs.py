# SPDX-License-Identifier: MIT
# While a script is being stopped, the end of what dies may be put off: weak references to it are
# dead at once all the same, and nobody who knows of it shows it: frames, base classes.
# timeout: 60
# expect: ok
import time
from concurrent import interpreters
from concurrent.interpreters import ExecutionFailed


def script():
    import sys
    import weakref

    class Thing:
        pass

    keep = Thing()
    try:
        while True:
            pass
    except KeyboardInterrupt:
        for _ in range(12000):
            thing = Thing()
            ref = weakref.ref(thing)
            del thing
            assert ref() is None
            assert weakref.getweakrefcount(keep) <= 1 and weakref.ref(keep)() is keep
            del ref
            weakref.proxy(keep).x = 1
            assert sys._getframe().f_lineno
        for _ in range(100):
            type("Other", (Thing,), {})
            assert len(Thing.__subclasses__()) < 200 and str(Thing.__subclasses__())
        raise


worker = interpreters.create()
for _ in range(3):
    task = worker.call_in_thread(script)
    time.sleep(0.05)
    worker.interrupt()
    try:
        task.result()
    except ExecutionFailed as e:
        assert "KeyboardInterrupt" in str(e), e
worker.close()
print("ok")
