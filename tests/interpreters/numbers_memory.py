# SPDX-License-Identifier: MIT
# A long list of numbers for whose boxes there is no memory stays as it is.
# expect: ok
from concurrent import interpreters

code = """
N = 400_000
l = list(range(10_000, 10_000 + N))       # 1.6 MB packed, 13 MB in boxes
f = [0.5] * N
before = l[:5], len(l)


def fails(do):
    try:
        do()
    except MemoryError:
        return
    raise AssertionError("no MemoryError")


def store():
    l[7] = "x"


def store_slice():
    l[3:9] = ["x"]


def steps():
    l[::2] = l[1::2]


fails(store)
fails(store_slice)
fails(lambda: l.append(None))
fails(lambda: l.insert(0, None))
fails(lambda: f.append(1))
fails(lambda: l.sort(key=lambda x: -x))
fails(lambda: tuple(l))
fails(lambda: l.extend([None]))
fails(lambda: l + f)
fails(lambda: l * 10)
fails(lambda: [None, *l])
fails(lambda: l.append(1 << 80))
fails(lambda: [0] * 10_000_000)
fails(lambda: list(range(10_000_000)))
fails(lambda: [k * 0.5 for k in range(10_000_000)])
fails(lambda: l.extend(range(10_000_000)))
assert (l[:5], len(l)) == before and l[-1] == 10_000 + N - 1 and sum(l) == N * 10_000 + N * (N - 1) // 2
assert len(f) == N and sum(f) == N / 2
l.append(1 << 40)
assert l[0] == 10_000 and l[-1] == 1 << 40
l.sort(reverse=True)
assert l[0] == 1 << 40 and l[-1] == 10_000
"""
small = interpreters.create(limits={"memory": 12 << 20})
small.exec(code)
small.close()
print("ok")
