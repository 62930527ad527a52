# SPDX-License-Identifier: MIT
# Ctrl-C reaches a script that runs, or waits, in another interpreter, and wakes what waits here.
# expect: loop KeyboardInterrupt
# expect: read KeyboardInterrupt
# expect: sleep KeyboardInterrupt
# expect: receive KeyboardInterrupt
# expect: nested KeyboardInterrupt
# expect: here KeyboardInterrupt
# expect: in another thread KeyboardInterrupt
import os
import signal
import threading
import time
from concurrent import interpreters

import channels

LOOP = "while True: pass"
READ = "import os; os.read(os.pipe()[0], 1)"
SLEEP = "import time; time.sleep(100)"
NESTED = "from concurrent import interpreters; interpreters.create().exec(%r)" % READ


def press():
    time.sleep(0.03)
    os.kill(os.getpid(), signal.SIGINT)


def name_of(e):
    return getattr(getattr(e, "excinfo", None), "type", type(e)).__name__


def pressed(what, function):
    t = threading.Thread(target=press)
    t.start()
    try:
        function()
        print(what, "came back")
    except BaseException as e:
        print(what, name_of(e))
    try: # the interrupt of the other interpreter may have been quicker than the handler here
        t.join()
        time.sleep(0.001)
    except KeyboardInterrupt:
        t.join()


other = interpreters.create()
pressed("loop", lambda: other.exec(LOOP))
pressed("read", lambda: other.exec(READ))
pressed("sleep", lambda: other.exec(SLEEP))
pressed("receive", lambda: other.exec("import channels; tx, rx = channels.open(); rx.recv()"))
pressed("nested", lambda: other.exec(NESTED))
tx, rx = channels.open()
pressed("here", lambda: rx.recv())

# A thread of this interpreter runs the other one: the main thread alone gets the signal, as
# everywhere, and passes it on with interrupt().
seen = []


def elsewhere():
    try:
        other.exec(READ)
    except BaseException as e:
        seen.append(name_of(e))


t = threading.Thread(target=elsewhere)
t.start()
try:
    p = threading.Thread(target=press)
    p.start()
    time.sleep(100)
except KeyboardInterrupt:
    other.interrupt()
t.join()
p.join()
print("in another thread", *seen)
