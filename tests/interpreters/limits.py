# SPDX-License-Identifier: MIT
# Limits and counters.
# expect: ok
from concurrent import interpreters
from concurrent.interpreters import ExecutionFailed


def failure(f, *args):
    try:
        f(*args)
    except ExecutionFailed as e:
        return e.excinfo.formatted
    raise AssertionError("did not fail")


m = interpreters.create(memory_limit=4_000_000)
assert failure(m.exec, "x = 'a' * 10**7") == "MemoryError: memory limit of 4000000 bytes exceeded"
m.exec("""
x = []
try:
    while True:
        x.append('%d' % len(x))
except MemoryError:
    del x
""")
m.exec("y = 'b' * 1000")
s = m.stats()
assert s["live_bytes"] < s["peak_bytes"] <= 4_000_000 and s["allocations"] > 0 and s["cpu_seconds"] > 0
r = interpreters.create(recursion_limit=100)
assert failure(r.exec, "def f(): f()\nf()").startswith("RecursionError")
a = interpreters.create(argv=["prog", "x"], path=["/some/where"])
a.exec("import sys; assert sys.argv == ['prog', 'x'] and sys.path[0] == '/some/where', sys.path")


# A limit cannot be got rid of by making another interpreter.
def make():
    from concurrent import interpreters
    interpreters.create().exec("x = 'a' * 10**7")


assert "MemoryError" in failure(m.call, make)

import channels
i = interpreters.create()
tx, rx = channels.open()
before = interpreters.get_current().stats()
i.call(lambda tx: [tx.send(k) for k in range(10)], tx)
rx.recv_many()
after = interpreters.get_current().stats()
assert i.stats()["messages_sent"] == 10 and i.stats()["bytes_sent"] >= 20
assert after["messages_received"] - before["messages_received"] == 10
print("ok")
