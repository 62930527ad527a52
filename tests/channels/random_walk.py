# SPDX-License-Identifier: MIT
# Four interpreters with two threads each send, receive, select, close and pass ends on, by a seeded plan: nothing is lost and
# nobody hangs.
# timeout: 200
# expect: ok
import channels
from concurrent import interpreters

SEED = 20240229
ROUNDS = 60
WORKERS = 4


def worker(number, seed, rounds, inbox, outboxes, out):
    """Each thread sends its share to random others and answers for what it received; a token in each message says whose it is."""
    import threading
    import channels

    sums = [0, 0]
    counts = [0, 0]

    def sender(state):
        for k in range(rounds):
            state = (state * 1103515245 + 12345) % 2**31
            to = outboxes[(state >> 8) % len(outboxes)]
            kind = (state >> 4) % 5
            value = (state >> 3) % 1000
            if kind == 0:
                message = value
            elif kind == 1:
                message = {"n": value, "text": "x" * (value % 300)}
            elif kind == 2:
                one_tx, one_rx = channels.open((state >> 12) % 3)
                if one_tx.try_send(value):
                    message = one_rx
                else:
                    message = value
                    one_rx.close()
                one_tx.close()
            elif kind == 3:
                message = [value] + list(range(value % 40))
            else:
                message = ValueError(value)
            if kind == 4:
                while not to.try_send(message):
                    try:
                        to.send(message, timeout=0.001)
                        break
                    except TimeoutError:
                        pass
            else:
                to.send(message)
            sums[0] += value
            counts[0] += 1
        for end in outboxes:
            end.close()

    def value_of(message):
        if type(message) is int:
            return message
        if type(message) is dict:
            assert len(message["text"]) == message["n"] % 300
            return message["n"]
        if type(message) is channels.Receiver:
            with message:
                return message.recv()
        if type(message) is list:
            assert message[1:] == list(range(message[0] % 40))
            return message[0]
        return message.args[0]

    def receiver(state):
        while True:
            state = (state * 1103515245 + 12345) % 2**31
            try:
                if state & 64:
                    got = [channels.select([inbox], timeout=5)[1]]
                elif state & 128:
                    got = inbox.recv_many(3)
                else:
                    got = [inbox.recv(timeout=20)]
            except channels.EndOfStream:
                return
            for message in got:
                sums[1] += value_of(message)
                counts[1] += 1

    threads = [threading.Thread(target=sender, args=(seed + number,)), threading.Thread(target=receiver, args=(seed ^ number,))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    out.send((sums, counts))


for capacity in (0, 2, None):
    ends = [channels.open(capacity) for _ in range(WORKERS)]
    out, results = channels.open()
    interps = [interpreters.create() for _ in range(WORKERS)]
    threads = []
    for n, interp in enumerate(interps):
        threads.append(interp.call_in_thread(worker, n, SEED, ROUNDS, ends[n][1], [tx.dup() for tx, _ in ends], out))
    for tx, rx in ends:
        tx.close()
        rx.close()
    out.close()
    totals = list(results)
    for t in threads:
        t.result()
    assert len(totals) == WORKERS, (SEED, capacity, totals)
    sent = sum(sums[0] for sums, _ in totals), sum(counts[0] for _, counts in totals)
    received = sum(sums[1] for sums, _ in totals), sum(counts[1] for _, counts in totals)
    assert sent == received and sent[1] == WORKERS * ROUNDS, (SEED, capacity, totals)
    for interp in interps:
        interp.close()
results.close()
del ends, tx, rx
print("ok")
