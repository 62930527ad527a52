# SPDX-License-Identifier: MIT
# Recursive calls of a Python function with one argument.
from time import perf_counter


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


start = perf_counter()
answer = fib(30)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
