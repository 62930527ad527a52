# SPDX-License-Identifier: MIT
# faulthandler in other interpreters: tracebacks yes, the process's signals no. A watchdog looks at
# threads that compute, call and end meanwhile.
# expect: RuntimeError faulthandler handles signals in the main interpreter only
# expect: RuntimeError faulthandler handles signals in the main interpreter only
# expect: False False False
# expect: True
# expect: True
import faulthandler
import tempfile
import threading
from concurrent import interpreters

i = interpreters.create()
i.exec("""
import faulthandler, tempfile
for f in faulthandler.enable, lambda: faulthandler.register(10):
    try:
        f()
    except RuntimeError as e:
        print(type(e).__name__, e)
print(faulthandler.is_enabled(), faulthandler.disable(), faulthandler.unregister(10))
with tempfile.TemporaryFile() as out:
    faulthandler.dump_traceback(out)
    out.seek(0)
    print(b"Current thread" in out.read())
faulthandler.dump_traceback_later(1000)
""")
i.close()


def work(n):
    if n:
        exec(f"def g(): return work({n - 1})\ng()", {"work": work})
    return [lambda: k for k in range(5)]


with tempfile.TemporaryFile() as out:
    faulthandler.dump_traceback_later(0.0005, repeat=True, file=out)
    for _ in range(20):
        threads = [threading.Thread(target=work, args=(20,)) for _ in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
    faulthandler.cancel_dump_traceback_later()
    out.seek(0)
    print(out.read().count(b"Timeout (0:00:00.000500)!\nThread 0x") > 3)
