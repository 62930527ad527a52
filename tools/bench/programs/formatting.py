# SPDX-License-Identifier: MIT
# str.format, the % operator and format() with specifications.
from time import perf_counter


def work(n):
    total = 0
    for i in range(n):
        total += len("%d items of %s at %.2f each" % (i, "thing", i / 7))
        total += len("{:>10}|{:<8}|{:^12}".format(i, "left", "middle"))
        total += len("{0:05d} {1:x} {name!r:>9}".format(i, i * 31, name="ab"))
        total += len(format(i * 1000003, ",")) + len(format(i / 3, "10.3e"))
        total += len("%(a)s-%(b)05.1f" % {"a": i, "b": i * 0.5})
    return total


start = perf_counter()
answer = work(80000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
