# SPDX-License-Identifier: MIT
# Each kind of wait and each thing that ends it: what comes, the time, another thread that closes this end, the other side's
# close(), shutdown() (destroy() of a queue), the end of the interpreter that has the other side, an interrupt, a stop, a deadlock
# that raises. One row for each kind; "-": there is no such thing (tasks wait in poll(), where deadlocks are not looked for; what is
# queued when a channel is shut may still be received and acknowledged; a broadcast's receiver that is sent is one more).
# timeout: 300
# expect: kind           comes  time          own          peer           shut                died           interrupt  stop       deadlock
# expect: recv           'v'    TimeoutError  ClosedError  EndOfStream    EndOfStream         EndOfStream    Interrupt  Interrupt  DeadlockError
# expect: next           'v'    -             ClosedError  StopIteration  StopIteration       StopIteration  Interrupt  Interrupt  DeadlockError
# expect: recv_many      ['v']  TimeoutError  ClosedError  EndOfStream    EndOfStream         EndOfStream    Interrupt  Interrupt  DeadlockError
# expect: select         'v'    TimeoutError  ClosedError  EndOfStream    EndOfStream         EndOfStream    Interrupt  Interrupt  DeadlockError
# expect: meet recv      'v'    TimeoutError  ClosedError  EndOfStream    EndOfStream         EndOfStream    Interrupt  Interrupt  DeadlockError
# expect: meet select    'v'    TimeoutError  ClosedError  EndOfStream    EndOfStream         EndOfStream    Interrupt  Interrupt  DeadlockError
# expect: cast recv      'v'    TimeoutError  ClosedError  EndOfStream    EndOfStream         EndOfStream    Interrupt  Interrupt  DeadlockError
# expect: aio recv       'v'    TimeoutError  ClosedError  EndOfStream    EndOfStream         EndOfStream    Interrupt  Interrupt  -
# expect: aio meet recv  'v'    TimeoutError  ClosedError  EndOfStream    EndOfStream         EndOfStream    Interrupt  Interrupt  -
# expect: pool           'v'    TimeoutError  -            EndOfStream    EndOfStream         EndOfStream    Interrupt  Interrupt  DeadlockError
# expect: call           'v'    Failed        -            Failed         Failed              Failed         Interrupt  Interrupt  Failed
# expect: thread         'v'    TimeoutError  -            Failed         Failed              Failed         Interrupt  Interrupt  Failed
# expect: send           None   TimeoutError  ClosedError  ClosedError    ClosedError         ClosedError    Interrupt  Interrupt  DeadlockError
# expect: send_many      1      TimeoutError  ClosedError  ClosedError    ClosedError         ClosedError    Interrupt  Interrupt  DeadlockError
# expect: send move      None   TimeoutError  ClosedError  ClosedError    ClosedError         ClosedError    Interrupt  Interrupt  DeadlockError
# expect: send select    None   TimeoutError  ClosedError  ClosedError    ClosedError         ClosedError    Interrupt  Interrupt  DeadlockError
# expect: meet send      None   TimeoutError  ClosedError  ClosedError    ClosedError         ClosedError    Interrupt  Interrupt  DeadlockError
# expect: meet s. select None   TimeoutError  ClosedError  ClosedError    ClosedError         ClosedError    Interrupt  Interrupt  DeadlockError
# expect: cast send      None   TimeoutError  ClosedError  ClosedError    ClosedError         -              Interrupt  Interrupt  DeadlockError
# expect: ack            None   TimeoutError  ClosedError  DroppedError   -                   DroppedError   Interrupt  Interrupt  DeadlockError
# expect: meet ack       None   TimeoutError  ClosedError  ClosedError    ClosedError         ClosedError    Interrupt  Interrupt  DeadlockError
# expect: cast ack       None   TimeoutError  ClosedError  DroppedError   -                   DroppedError   Interrupt  Interrupt  DeadlockError
# expect: aio send       None   TimeoutError  ClosedError  ClosedError    ClosedError         ClosedError    Interrupt  Interrupt  -
# expect: aio meet send  None   TimeoutError  ClosedError  ClosedError    ClosedError         ClosedError    Interrupt  Interrupt  -
# expect: aio cast send  None   TimeoutError  ClosedError  ClosedError    ClosedError         -              Interrupt  Interrupt  -
# expect: queue get      'v'    QueueEmpty    -            -              QueueNotFoundError  -              Interrupt  Interrupt  DeadlockError
# expect: queue put      None   QueueFull     -            -              QueueNotFoundError  -              Interrupt  Interrupt  DeadlockError
# expect: old send       None   TimeoutError  -            -              ChannelClosedError  -              Interrupt  Interrupt  DeadlockError
# expect: []
import sys
import time
import channels
from concurrent import interpreters


def run(started, wait, ends, timeout, own):
    import threading
    started.send(True)
    started.close()
    if own:
        threading.Timer(0.003, ends.close).start()
    try:
        return repr(wait(ends, timeout))
    except BaseException as e:
        return type(e).__name__


def aio(coroutine):
    import asyncio
    return asyncio.run(coroutine)


def pooled(rx, timeout):
    from concurrent.futures import InterpreterPoolExecutor
    with InterpreterPoolExecutor(1) as pool:
        return pool.submit(rx.recv, timeout).result()


def called(rx, timeout):
    from concurrent import interpreters
    i = interpreters.create()
    try:
        return i.call(rx.recv, timeout)
    finally:
        i.close()


def threaded(rx, timeout):
    from concurrent import interpreters
    i = interpreters.create()
    try:
        return i.call_in_thread(rx.recv).result(timeout)
    finally:
        i.stop()


def full(pair):
    pair[0].send(0)
    return pair


def full_queue():
    q = interpreters.create_queue(1)
    q.put(0)
    return q, q


def old_channel():
    import _interpchannels
    c = _interpchannels.create(1)
    return c, c


def old_send(c, timeout):
    import _interpchannels
    if timeout is None:
        return _interpchannels.send(c, b"m", blocking=True)
    return _interpchannels.send(c, b"m", blocking=True, timeout=timeout)


def old_recv(c):
    import _interpchannels
    return _interpchannels.recv(c)


def old_close(c):
    import _interpchannels
    _interpchannels.close(c, force=True)


def destroy(q):
    import _interpqueues
    _interpqueues.destroy(q.id)


def sides(open, receives):
    def make():
        tx, rx = open()
        return (rx, tx) if receives else (tx, rx)
    return make


def comes(end):
    if isinstance(end, channels.Sender):
        end.send("v")
    elif isinstance(end, channels.Receiver):
        end.recv()


NEW, MEET, CAST = lambda: channels.open(4), lambda: channels.open(0), lambda: channels.broadcast(1)
FULL, FULL_CAST = lambda: full(channels.open(1)), lambda: full(channels.broadcast(1))
# name: how to make (mine, theirs), the wait, whether it takes a time, what brings the end, columns that it has not
KINDS = {
    "recv": (sides(NEW, True), lambda e, t: e.recv(t)),
    "next": (sides(NEW, True), lambda e, t: next(e), comes, "time"),
    "recv_many": (sides(NEW, True), lambda e, t: e.recv_many(timeout=t)),
    "select": (sides(NEW, True), lambda e, t: __import__("channels").select([e], t)[1]),
    "meet recv": (sides(MEET, True), lambda e, t: e.recv(t)),
    "meet select": (sides(MEET, True), lambda e, t: __import__("channels").select([e], t)[1]),
    "cast recv": (sides(CAST, True), lambda e, t: e.recv(t)),
    "aio recv": (sides(NEW, True), lambda e, t: aio(e.aio.recv(t)), comes, "deadlock"),
    "aio meet recv": (sides(MEET, True), lambda e, t: aio(e.aio.recv(t)), comes, "deadlock"),
    "pool": (sides(NEW, True), pooled, comes, "own"),
    "call": (sides(NEW, True), called, comes, "own"),
    "thread": (sides(NEW, True), threaded, comes, "own"),
    "send": (sides(FULL, False), lambda e, t: e.send(1, t)),
    "send_many": (sides(FULL, False), lambda e, t: e.send_many([1], t)),
    "send move": (sides(FULL, False), lambda e, t: e.send(bytearray(b"m"), t, move=True)),
    "send select": (sides(FULL, False), lambda e, t: __import__("channels").select([(e, 1)], t)[1]),
    "meet send": (sides(MEET, False), lambda e, t: e.send(1, t)),
    "meet s. select": (sides(MEET, False), lambda e, t: __import__("channels").select([(e, 1)], t)[1]),
    "cast send": (sides(FULL_CAST, False), lambda e, t: e.send(1, t), comes, "died"),
    "ack": (sides(NEW, False), lambda e, t: e.send(1, t, ack=True), comes, "shut"),
    "meet ack": (sides(MEET, False), lambda e, t: e.send(1, t, ack=True)),
    "cast ack": (sides(CAST, False), lambda e, t: e.send(1, t, ack=True), comes, "shut"),
    "aio send": (sides(FULL, False), lambda e, t: aio(e.aio.send(1, t)), comes, "deadlock"),
    "aio meet send": (sides(MEET, False), lambda e, t: aio(e.aio.send(1, t)), comes, "deadlock"),
    "aio cast send": (sides(FULL_CAST, False), lambda e, t: aio(e.aio.send(1, t)), comes, "died deadlock"),
    "queue get": (lambda: (interpreters.create_queue(1),) * 2, lambda q, t: q.get(timeout=t), lambda q: q.put("v"), "own peer died"),
    "queue put": (full_queue, lambda q, t: q.put(1, timeout=t), lambda q: q.get(), "own peer died"),
    "old send": (old_channel, old_send, old_recv, "own peer died"),
}
# Those whose waits the channel counts.
SEEN = {name for name in KINDS if name.split()[0] not in ("aio", "ack", "queue", "old")} - {"meet ack", "cast ack"}
COLUMNS = "comes time own peer shut died interrupt stop deadlock".split()
workers = []
LONG = 60  # who has not ended by then hangs


def worker():
    return workers.pop() if workers else interpreters.create()


def cell(name, column, make, wait, bring=comes, without=""):
    if column in without.split():
        return "-"
    mine, theirs = make()
    w = worker()
    if column == "deadlock":
        channels.on_deadlock("raise")
    started, begins = channels.open(1)
    job = w.call_in_thread(run, started, wait, mine, 0.003 if column == "time" else None, column == "own")
    if mine is not theirs:
        mine.close()
    begins.recv()
    for _ in range(0 if column in ("time", "own", "deadlock") else 100 if name in SEEN else 3):
        if name in SEEN and theirs.stats()["waits"]:
            break
        time.sleep(0.001)
    if column == "comes":
        bring(theirs)
    elif column == "peer":
        theirs.close()
    elif column == "shut":
        {channels.Sender: lambda e: e.shutdown(), channels.Receiver: lambda e: e.shutdown(),
         interpreters.Queue: destroy}.get(type(theirs), old_close)(theirs)
    elif column == "died":
        p = worker()
        p.prepare_main(end=theirs)
        theirs.close()
        p.close()
    elif column == "interrupt":
        w.interrupt()
        while name.split()[0] in ("aio", "pool") and (job.join(0.3) or job.is_alive()):
            w.interrupt()  # asyncio and pools lose one that comes between their lines, as in CPython
    elif column == "stop":
        w.stop()
    try:
        result = job.result(None if column == "deadlock" else LONG)
    except BaseException as e:
        result = f"{type(e).__name__}: {e}".splitlines()[0]
    finally:
        channels.on_deadlock("ignore")
    if column == "stop":
        w.close()
    else:
        workers.append(w)
    # An interrupt may come when the wait's own handler is not there yet.
    return result.replace("ExecutionFailed: KeyboardInterrupt", "KeyboardInterrupt")


def widths(row):
    short = {"KeyboardInterrupt": "Interrupt", "ExecutionFailed": "Failed"}
    return "".join(f"{short.get(word, word):{width}}" for word, width in zip(row, (15, 7, 14, 13, 15, 20, 15, 11, 11, 0)))


print(widths(["kind", *COLUMNS]))
for name, kind in KINDS.items():
    if len(sys.argv) < 2 or name in sys.argv[1:]:
        print(widths([name, *(cell(name, column, *kind) for column in COLUMNS)]), flush=True)
for w in workers:
    w.close()
del w
print(channels.list_all())
