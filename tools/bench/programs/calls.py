# SPDX-License-Identifier: MIT
# Calls of every common form: defaults, keywords, *args, closures, lambdas, built-ins.
from time import perf_counter


def plain(a, b):
    return a + b


def default(a, b=2, c=3):
    return a + b + c


def star(*args):
    return len(args)


def adder(k):
    def add(x):
        return x + k

    return add


def work(n):
    total = 0
    add5 = adder(5)
    twice = lambda x: x + x
    for i in range(n):
        total += plain(i, 1)
        total += default(i)
        total += default(i, c=7)
        total += star(i, i, i)
        total += add5(i)
        total += twice(i)
        total += abs(-i)
        total += len("abc")
    return total


start = perf_counter()
answer = work(300000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
