# SPDX-License-Identifier: MIT
# Trains the profile-guided build: classes, calls, closures, generators, exceptions, coroutines.
import asyncio
import contextlib
import functools
from dataclasses import dataclass, field


class Account:
    fee = 1

    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance
        self.history = []

    def deposit(self, amount, *, note=""):
        self.balance += amount
        self.history.append((amount, note))
        return self

    def withdraw(self, amount):
        if amount + self.fee > self.balance:
            raise ValueError(f"{self.owner} has only {self.balance}")
        self.balance -= amount + self.fee

    @property
    def count(self):
        return len(self.history)


class Savings(Account):
    def __init__(self, owner, balance=0, rate=0.01):
        super().__init__(owner, balance)
        self.rate = rate

    def deposit(self, amount, *, note="s"):
        return super().deposit(amount, note=note)


class Vector:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __mul__(self, k):
        return Vector(self.x * k, self.y * k)

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y

    def __repr__(self):
        return f"<{self.x} {self.y}>"


@dataclass(order=True)
class Job:
    cost: int
    name: str = field(compare=False)
    tags: list = field(default_factory=list, compare=False)


def banking(n):
    failed = 0
    accounts = [Account("a", 50), Savings("b", 20), Savings("c")]
    for i in range(n):
        account = accounts[i % 3]
        account.deposit(i % 7, note="in")
        try:
            account.withdraw(i % 11)
        except ValueError:
            failed += 1
        finally:
            failed += account.count > n
    return failed, sum(a.balance for a in accounts)


def vectors(n):
    at, step = Vector(0, 0), Vector(1, 2)
    for i in range(n):
        at = at + step * (i & 3)
    return at, at == Vector(1, 1)


def tree(depth):
    return None if depth == 0 else (tree(depth - 1), depth, tree(depth - 1))


def walk(node):
    if node is not None:
        yield from walk(node[0])
        yield node[1]
        yield from walk(node[2])


def pipeline(n):
    def numbers():
        yield from range(n)

    odd = (k for k in numbers() if k & 1)
    squares = map(lambda k: k * k, odd)
    return sum(k for k in squares if k % 3)


def closures(n):
    def counter(step):
        total = 0

        def add(k=1, *more, **named):
            nonlocal total
            total += k * step + len(more) + len(named)
            return total
        return add

    adders = [counter(s) for s in range(5)]
    for i in range(n):
        adders[i % 5](i)
        adders[i % 5](i, 1, 2)
        adders[i % 5](k=i)
    return [a() for a in adders]


@functools.lru_cache(maxsize=None)
def ways(total, coins):
    if total == 0:
        return 1
    if total < 0 or not coins:
        return 0
    return ways(total - coins[0], coins) + ways(total, coins[1:])


@contextlib.contextmanager
def noted(log):
    log.append("in")
    try:
        yield log
    finally:
        log.append("out")


def contexts(n):
    log = []
    for _ in range(n):
        with noted(log):
            pass
        with contextlib.suppress(KeyError):
            {}["x"]
    return len(log)


async def ping(queue, n):
    for i in range(n):
        await queue.put(i)
    await queue.put(None)


async def pong(queue):
    total = 0
    while (item := await queue.get()) is not None:
        total += item
    return total


async def talk(n):
    queue = asyncio.Queue(4)
    return (await asyncio.gather(ping(queue, n), pong(queue)))[1]


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


print(banking(20000))
print(vectors(20000))
print(sum(walk(tree(12))))
print(pipeline(40000))
print(closures(8000))
print(ways(300, (50, 25, 10, 5, 1)))
print(contexts(4000))
print(asyncio.run(talk(1500)))
print(max(Job((i * 37) % 101, f"job{i}") for i in range(4000)))
print([ackermann(2, k) for k in range(60)][-1])
