# SPDX-License-Identifier: MIT
# Large messages, and messages that do not fit where they go: MemoryError there, and all goes on.
# timeout: 120
# expect: ok
import channels
from concurrent import interpreters
from concurrent.interpreters import ExecutionFailed

i = interpreters.create()
tx, rx = channels.open(2)
back, back_rx = channels.open(2)
BIG = [
    b"\x00\xff" * 2_000_000, "é" * 1_000_000, "\U0001f600" * 300_000, list(range(300_000)), [0.5] * 200_000,
    {k: str(k) for k in range(20_000)}, 1 << 2_000_000, [[k] for k in range(30_000)],
]
t = i.call_in_thread(lambda rx, tx: [tx.send(m) for m in rx] and None, rx, back)
rx.close()
back.close()
for value in BIG:
    tx.send(value)
    assert back_rx.recv() == value
tx.close()
t.result()
i.close()


# The parent unpacks what its worker had no room for.
def too_much(tx):
    return tx.send("x" * 50_000_000)


def unpack(rx):
    return len(rx.recv())


small = interpreters.create(memory_limit=4_000_000)
tx, rx = channels.open()
try:
    small.call(too_much, tx)
except ExecutionFailed as e:
    assert e.excinfo.type.__name__ == "MemoryError", e
tx.send(b"y" * 20_000_000)
tx.send([[k] for k in range(200_000)])
for _ in range(2):
    try:
        small.call(unpack, rx)
    except ExecutionFailed as e:
        assert e.excinfo.type.__name__ == "MemoryError", e
    else:
        print("it had room")
tx.send("fits")
assert small.call(unpack, rx) == 4 and len(rx) == 0
small.close()
tx.close()
rx.close()
back_rx.close()
assert channels.list_all() == []
print("ok")
