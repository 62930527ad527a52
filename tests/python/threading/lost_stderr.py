# An exception in a thread goes to the stderr of the time when the thread was made.
import io
import sys
import threading

go = threading.Event()


def run():
    go.wait()
    1 / 0


first = sys.stderr = io.StringIO()
t = threading.Thread(target=run, name="T")
t.start()
sys.stderr = None
go.set()
t.join()
sys.stderr = sys.__stderr__
print(first.getvalue().replace(__file__, "FILE"))
sys.stderr = None
t = threading.Thread(target=run, name="T")
t.start()
t.join()
print("nobody is told")
