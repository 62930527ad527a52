# SPDX-License-Identifier: MIT
# Near a memory limit the collector runs, whatever its thresholds: cyclic garbage is no MemoryError.
# expect: ok
from concurrent import interpreters

m = interpreters.create(memory_limit=8_000_000)
m.exec("""
import gc
gc.set_threshold(10**6, 1000, 1000)
for i in range(300):
    a = [bytes(50_000), [i]]
    a[1].append(a)
del a
full = gc.get_stats()[2]["collections"]
assert 2 < full < 60, gc.get_stats()
""")
assert m.stats()["peak_bytes"] <= 8_000_000
# Not when the program has disabled it, and the error does no harm.
m.exec("""
gc.disable()
l = None
try:
    for i in range(300):
        l = [bytes(50_000), l]
        b = [l]
        b.append(b)
    raise SystemExit("no MemoryError")
except MemoryError:
    l = b = None
assert gc.collect() > 0
x = bytes(6_000_000)
del x
# What is alive near the limit does not make every allocation a collection.
gc.enable()
before = gc.get_stats()[2]["collections"]
keep = [bytes(50_000) for i in range(130)]
for i in range(3000):
    y = [bytes(2_000), [i]]
assert gc.get_stats()[2]["collections"] - before < 30, gc.get_stats()
""")
m.close()
print("ok")
