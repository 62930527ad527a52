# SPDX-License-Identifier: MIT
# try blocks that do not raise, and exceptions raised and caught near and far.
from time import perf_counter


class Odd(Exception):
    pass


def check(i):
    if i % 4 == 1:
        raise Odd(i)
    return i


def deep(i, depth):
    if depth == 0:
        return check(i)
    return deep(i, depth - 1)


def work(n):
    total = 0
    for i in range(n):
        try:
            total += check(i)
        except Odd:
            total -= 1
        try:
            total += {1: 2}[i & 1]
        except KeyError as e:
            total += e.args[0]
        finally:
            total += 1
        if i % 16 == 1:
            try:
                deep(i, 10)
            except Odd as e:
                total += e.args[0]
    return total


start = perf_counter()
answer = work(250000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
