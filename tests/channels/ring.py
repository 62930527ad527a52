# SPDX-License-Identifier: MIT
# Interpreters in a ring pass a token round. Longer: quiver ring.py 1000 1000
# expect: ok
import sys
import channels
from concurrent import interpreters

N, ROUNDS = (int(a) for a in sys.argv[1:] or (20, 25))


def node(rx, tx):
    for token in rx:
        tx.send(token + 1)
    tx.close()
    rx.close()


pairs = [channels.open(1) for _ in range(N)]
jobs = []
for k in range(1, N):
    rx, tx = pairs[k][1], pairs[(k + 1) % N][0]
    jobs.append(interpreters.create().call_in_thread(node, rx, tx))
    rx.close()
    tx.close()
tx, rx = pairs[1 % N][0], pairs[0][1]
token = 0
for _ in range(ROUNDS):
    tx.send(token + 1)
    token = rx.recv()
assert token == N * ROUNDS, token
tx.close()  # the end of the stream goes round, too
try:
    rx.recv()
except channels.EndOfStream:
    pass
for job in jobs:
    job.result()
rx.close()
print("ok")
