# A pattern that would run for years is stopped from another thread, or by the memory limit; the
# interpreter goes on.
# expect: KeyboardInterrupt
# expect: KeyboardInterrupt
# expect: KeyboardInterrupt
# expect: KeyboardInterrupt
# expect: MemoryError: memory limit of 6000000 bytes exceeded
# expect: MemoryError: memory limit of 6000000 bytes exceeded
# expect: ['a', 'b']
from concurrent import interpreters
from concurrent.interpreters import ExecutionFailed
import channels
import time

i = interpreters.create()
begun_send, begun = channels.open(0)


def work(begun, pattern, text, method):
    import re
    p = re.compile(pattern)
    begun.send(1)
    try:
        getattr(p, method)(text)
    except KeyboardInterrupt as e:
        begun.send(type(e).__name__)


for pattern, text, method in (
    ("(?:a|a)*b", "a" * 100, "match"),
    ("(a*)*b", "a" * 50 + "\u0431", "search"),
    ("(?:(?=a)a|a)*+c|(a|aa)+$", "a" * 100 + "\U00010400", "search"),
    ("(?:x{0}){4000000000}(?:x{0}){4000000000}b", "a" * 100, "findall"),
):
    t = i.call_in_thread(work, begun_send, pattern, text, method)
    begun.recv()
    time.sleep(0.02)
    i.interrupt()
    print(begun.recv())
    t.join()

m = interpreters.create(memory_limit=6_000_000)
m.exec("import re")
for pattern in ("(?:a|bb|b)*c", "(a|(b))*?c"):
    try:
        m.exec(f"re.compile({pattern!r}).match('ab' * 1000000)")
    except ExecutionFailed as e:
        print(e.excinfo.formatted)
print(m.call(lambda: __import__("re").findall("a|b", "axb")))
