# SPDX-License-Identifier: MIT
# _interpchannels: each function and error as CPython 3.13 has them.
# expect: ok
import os
import signal
import threading
import time

import _interpchannels as C
import _interpreters as I
import channels

REMOVE, ERROR, REPLACE = 1, 2, 3
me = I.get_current()[0]


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        assert type(e) is error, type(e)
        return str(e)
    raise AssertionError(f"no {error.__name__}")


def fresh(n=1):
    c = C.create(REPLACE)
    for _ in range(n):
        C.send(c, 7, blocking=False)
    return c


def state(c):
    i = C.get_info(c)
    return "open" if i.open else "closing" if i.closing else "closed" if i.closed else "?"


for name in ("NotFound", "Closed", "Empty", "NotEmpty"):
    assert getattr(C, f"Channel{name}Error").__mro__[1:3] == (C.ChannelError, RuntimeError)

# ChannelID.
raises(TypeError, C.create)
assert raises(ValueError, C.create, 9) == "unsupported unboundop 9"
raises(TypeError, C.create, "x")
c = C.create(REPLACE)
n = int(c)
assert repr(c) == f"ChannelID({n})" and str(c) == str(n) and hash(c) == hash(n)
assert c == n and n == c and c == float(n) and c != "x" and not c != n
assert (c.end, c.send.end, c.recv.end) == ("both", "send", "recv")
assert repr(c.send) == f"ChannelID({n}, send=True)" and repr(c.send.recv) == f"ChannelID({n}, recv=True)"
assert c.send == n and c.send != c and c.send == c.send and "abc"[:c] == "abc"[:n]
raises(TypeError, lambda: c < c)
raises(TypeError, C.ChannelID, 3)
assert C._channel_id(n) == c and C._channel_id(c).end == "both"
assert C._channel_id(n, send=True).end == "send" and C._channel_id(n, send=True, recv=True).end == "both"
assert raises(ValueError, C._channel_id, n, send=False, recv=False) == "'send' and 'recv' cannot both be False"
assert raises(C.ChannelNotFoundError, C._channel_id, 10**9) == "channel 1000000000 not found"
assert repr(C._channel_id(10**9, force=True)) == "ChannelID(1000000000)"
for f in (C._channel_id, C.recv, C.close, C.release, C.destroy, C.get_count, C.get_info, C.get_channel_defaults):
    assert raises(TypeError, f, "x") == "channel ID must be an int, got str"
    assert raises(ValueError, f, -1) == "channel ID must be a non-negative int, got -1"
    raises(OverflowError, f, 2**64)
    raises(C.ChannelNotFoundError, f, 10**9)
assert (c, REPLACE) in C.list_all()
only = int(C.create(REMOVE))  # nobody refers to it
raises(C.ChannelNotFoundError, C.get_info, only)

# recv, send, and who is at the ends.
assert C.list_interpreters(c, send=False) == []
assert raises(C.ChannelEmptyError, C.recv, c) == f"channel {n} is empty"
assert C.recv(c, None) == (None, None) and C.recv(cid=c, default=4) == (4, None)
i = C.get_info(c)
assert (i.num_interp_recv, i.num_interp_send, i.recv_associated, i.send_associated) == (1, 0, True, False)
assert tuple(i) == (True, False, False, 0, 0, 0, 1, 0)
assert C.send(c, {"a": 1}, blocking=False) is None
i = C.get_info(c)
assert (i.count, i.num_interp_recv, i.num_interp_both, i.send_associated) == (1, 0, 1, True)
assert C.get_count(c) == 1 and C.get_channel_defaults(c) == REPLACE
assert C.list_interpreters(c, send=True) == [me] == C.list_interpreters(c, send=False)
assert C.recv(c) == ({"a": 1}, None)
raises(TypeError, C.list_interpreters, c)
raises(TypeError, C.send, c)
raises(I.NotShareableError, C.send, c, threading.Lock(), blocking=False)
assert raises(ValueError, C.send, c, 1, 5) == "unsupported unboundop 5"
assert raises(ValueError, C.send, c, 1, timeout=-1) == "timeout value must be a non-negative number"
assert raises(ValueError, C.send, c, 1, blocking=False, timeout=3) == (
    "can't specify a timeout for a non-blocking call")
raises(TypeError, C.send, c, 1, timeout="x")

# A send that waits until it is received; what is too late is taken back.
start = time.monotonic()
assert raises(TimeoutError, C.send, c, 1, timeout=0.03) == "timed out"
assert 0.025 < time.monotonic() - start < 5
raises(TimeoutError, C.send, c, 1, timeout=0)
assert C.get_count(c) == 0


def receive(c, out):
    while (item := C.recv(c, None)[0]) is None:
        time.sleep(0.001)
    out.append(item)


out = []
t = threading.Thread(target=receive, args=(c, out))
t.start()
assert C.send(c, 5) is None
t.join()
assert out == [5]
for end in (lambda: C.close(c, force=True), lambda: C.destroy(c), lambda: C.release(c)):
    c = fresh(0)

    def later():
        while not C.get_count(c):
            time.sleep(0.001)
        end()

    t = threading.Thread(target=later)
    t.start()
    raises(C.ChannelClosedError, C.send, c, 5)
    t.join()

# Received while a signal handler of the sender waits for something else.
tx, rx = channels.open()
c = fresh(0)
caught, entered = [], threading.Event()


def handler(*_):
    entered.set()
    caught.append(rx.recv())


def meanwhile():
    while not C.get_count(c):
        time.sleep(0.001)
    os.kill(os.getpid(), signal.SIGUSR1)
    entered.wait()
    time.sleep(0.01)
    caught.append(C.recv(c))
    time.sleep(0.01)
    tx.send("late")


signal.signal(signal.SIGUSR1, handler)
t = threading.Thread(target=meanwhile)
t.start()
C.send(c, 5)
t.join()
assert caught == [(5, None), "late"], caught

# Buffers.
c = fresh(0)
for data in (b"abc", bytearray(b"xyz"), memoryview(b"12")):
    C.send_buffer(c, data, blocking=False)
    got = C.recv(c)[0]
    assert type(got) is memoryview and got == data
assert raises(TypeError, C.send_buffer, c, "abc") == "memoryview: a bytes-like object is required, not 'str'"

# Closing: an empty channel, and one that is not.
for kw in ({}, {"send": True}, {"recv": True}):
    c = fresh(0)
    C.close(c, **kw)
    assert state(c) == "closed"
n = int(c)
for f in (C.recv, C.get_count, C.release, C.close, C.get_channel_defaults):
    assert raises(C.ChannelClosedError, f, c) == f"channel {n} is closed"
raises(C.ChannelClosedError, C.recv, c, 1)
raises(C.ChannelClosedError, C.send, c, 1, blocking=False)
raises(C.ChannelClosedError, C.list_interpreters, c, send=True)
assert c not in [cid for cid, _ in C.list_all()]
C.destroy(c)
raises(C.ChannelNotFoundError, C.get_info, c)
for kw in ({}, {"recv": True}, {"send": True, "recv": True}, {"send": False}, {"send": False, "recv": True}):
    c = fresh()
    assert raises(C.ChannelNotEmptyError, C.close, c, **kw) == (
        f"channel {c} may not be closed if not empty (try force=True)")
    C.send(c, 8, blocking=False)
    assert state(c) == "open" and C.recv(c) == (7, None) and C.recv(c) == (8, None)
    C.close(c)
for kw in ({"send": True}, {"send": True, "recv": False}):
    c = fresh(2)
    C.close(c, **kw)
    assert state(c) == "closing" and C.get_count(c) == 2
    raises(C.ChannelClosedError, C.send, c, 8, blocking=False)
    assert C.recv(c) == (7, None) and state(c) == "closing" and C.recv(c) == (7, None) and state(c) == "closed"
    raises(C.ChannelClosedError, C.recv, c)
for kw in ({}, {"send": True}, {"recv": True}):
    c = fresh()
    C.close(c, force=True, **kw)
    assert state(c) == "closed" and tuple(C.get_info(c)) == (False, False, True, 0, 0, 0, 0, 0)

# Releasing one's own ends: the channel closes with the last open one.
for kw in ({}, {"send": True}, {"send": True, "recv": True}, {"force": False}, {"send": False}):
    c = fresh()
    C.release(c, **kw)
    assert state(c) == "closed", kw
c = fresh()
C.release(c, recv=True)
assert state(c) == "open" and C.get_info(c).num_interp_both_recv_released == 1
C.send(c, 8, blocking=False)
assert raises(C.ChannelClosedError, C.recv, c) == f"channel {c} is already closed"
assert C.list_interpreters(c, send=False) == [] and C.get_info(c).recv_released
C.release(c)
assert state(c) == "closed"

# Other interpreters; an end that is sent; items of one that has ended.
c = fresh(0)
C.send(c, [c, c.send, c.recv], blocking=False)
both, send, recv = C.recv(c)[0]
assert both == c and send == c.send and recv == c.recv
for op, left in ((REMOVE, []), (ERROR, [(None, 2)]), (None, [(None, 3)])):
    c = C.create(REPLACE)
    i = I.create()
    assert I.run_string(i, f"import _interpchannels as C\nC.send({c}, 5, {op}, blocking=False)") is None
    assert C.list_interpreters(c, send=True) == [i] and C.get_info(c).num_interp_send == 1
    C.send(c, 6, blocking=False)
    assert C.list_interpreters(c, send=True) == [i, me]
    I.destroy(i)
    info = C.get_info(c)
    assert (info.num_interp_send, info.num_interp_send_released, info.count) == (1, 1, len(left) + 1)
    assert [C.recv(c) for _ in range(info.count)] == [*left, (6, None)]
c = C.create(REPLACE)
i = I.create()
I.run_string(i, f"import _interpchannels as C\nC.recv({c}, None)")
I.destroy(i)
assert state(c) == "closed"  # nobody was at it any more

# Classes of ends are sent by their _id.
assert raises(TypeError, C._register_end_types, 1, int) == "expected a type for 'send'"
assert raises(TypeError, C._register_end_types, int, 1) == "expected a type for 'recv'"


class Send:
    def __init__(self, cid):
        self._id = cid


class Recv(Send):
    pass


C._register_end_types(Send, Recv)
c = fresh(0)
C.send(c, [Send(c), Recv(c)], blocking=False)
a, b = C.recv(c)[0]
assert type(a) is Send and type(b) is Recv and a._id == c == b._id

child = I.create(options={"deny": ["interpreter"]})
info = I.run_string(child, f"import _interpchannels as C; C.recv({c})")
assert info.type.__name__ == "PermissionError", info
print("ok")
