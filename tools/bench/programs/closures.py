# SPDX-License-Identifier: MIT
# Closures: counters with nonlocal, composed functions, decorators, partial application.
from functools import partial, reduce
from time import perf_counter


def counter(step):
    total = 0

    def bump(by=1):
        nonlocal total
        total += step * by
        return total

    return bump


def compose(*functions):
    def composed(x):
        for f in functions:
            x = f(x)
        return x

    return composed


def counted(f):
    def wrapper(*args):
        wrapper.calls += 1
        return f(*args)

    wrapper.calls = 0
    return wrapper


@counted
def add(a, b):
    return a + b


def work(n):
    bump = counter(3)
    pipeline = compose(lambda x: x + 1, lambda x: x * 2, lambda x: x - bump())
    add_five = partial(add, 5)
    total = 0
    for i in range(n):
        total += pipeline(i) & 255
        total += add_five(i) & 15
    makers = [lambda x, k=k: x * k for k in range(10)]
    for i in range(n // 10):
        total += reduce(lambda a, f: (a + f(i)) & 0xFFFF, makers, 0)
    return total, add.calls


start = perf_counter()
answer = work(250000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
