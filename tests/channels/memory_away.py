# SPDX-License-Identifier: MIT
# Messages on their way count as their sender's memory, where that has a limit, until somebody has received them.
# expect: ok
import channels
from concurrent import interpreters

MB = 1 << 20


def flood(tx, n, move=False):
    sent = 0
    try:
        for _ in range(n):
            tx.send(bytearray(MB) if move else bytes(MB), move=move)
            sent += 1
    except MemoryError:
        return sent
    return sent


def keep(n):
    return len(bytes(n * MB))


small = interpreters.create(limits={"memory": 16 * MB})
for move in (False, True):
    tx, rx = channels.open()
    sent = small.call(flood, tx, 100, move)
    assert 10 < sent < 16 and len(rx) == sent, sent
    try:
        small.call(keep, 8)
        raise AssertionError
    except interpreters.ExecutionFailed as error:
        assert "MemoryError" in str(error)
    for _ in range(10):
        assert len(rx.recv()) == MB
    assert small.call(keep, 8) == 8 * MB
    assert 8 < small.call(flood, tx, 100, move) < 12
    rx.close()  # drops the rest
    assert small.call(keep, 12) == 12 * MB

# What comes back to the sender itself, is looked at, goes to many, fails.
tx, rx = channels.open()


def there_and_back(n):
    import channels
    tx, rx = channels.open(1)
    data = bytearray(10 * MB)
    for _ in range(n):
        tx.send(data, move=True)
        assert not tx.try_send(1)
        data = rx.recv()
    tx.send(1)
    assert not tx.try_send(data, move=True)
    data += b"x"
    del data
    rx.recv()
    for _ in range(n):
        tx.send(bytes(4 * MB))
        assert len(rx.peek()) == len(rx.recv()) == 4 * MB
    a, b = channels.broadcast(2)
    c = b.dup()
    for _ in range(n):
        a.send(bytes(4 * MB))
        assert len(b.recv()) == len(c.recv()) == 4 * MB
    return len(bytes(12 * MB))


assert small.call(there_and_back, 20) == 12 * MB

# What is on its way outlives its sender.
tx, rx = channels.open()
for _ in range(3):
    worker = interpreters.create(limits={"memory": 16 * MB})
    assert worker.call(flood, tx, 5) == 5
    worker.close()
assert [len(rx.recv()) for _ in range(15)] == [MB] * 15
small.close()
print("ok")
