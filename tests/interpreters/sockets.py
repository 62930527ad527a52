# SPDX-License-Identifier: MIT
# Sockets in several interpreters: their own default timeouts, waits that an interrupt ends, and
# connections between two of them.
# timeout: 60
# expect: ok
import signal
import socket
import time
from concurrent import interpreters
from concurrent.interpreters import ExecutionFailed

i = interpreters.create()


def default_timeout(value):
    import socket

    socket.setdefaulttimeout(value)
    with socket.socket() as s:
        return s.gettimeout()


assert i.call(default_timeout, 1.5) == 1.5
assert socket.getdefaulttimeout() is None
assert i.call(default_timeout, None) is None


def wait(kind):
    import socket

    a, b = socket.socketpair()
    if kind == "recv":
        a.recv(1)
    elif kind == "recvmsg":
        a.recvmsg_into([bytearray(10)])
    elif kind == "sendall":
        a.sendall(bytes(1 << 24))
    elif kind == "send":
        a.send(bytes(1 << 24))
    elif kind == "timeout":
        a.settimeout(1000)
        a.recv(1)
    elif kind == "accept":
        socket.create_server(("127.0.0.1", 0)).accept()
    elif kind == "asyncio":
        import asyncio

        asyncio.run(asyncio.sleep(1000))


for kind in ("recv", "recvmsg", "sendall", "send", "timeout", "accept", "asyncio"):
    t = i.call_in_thread(wait, kind)
    time.sleep(0.5 if kind == "asyncio" else 0.1)
    i.interrupt()
    try:
        t.result()
    except ExecutionFailed as e:
        assert "KeyboardInterrupt" in e.excinfo.formatted, (kind, e.excinfo.formatted)
    else:
        raise AssertionError(kind)


def echo(fd):
    import socket

    with socket.socket(fileno=fd) as s:
        while data := s.recv(100):
            s.sendall(data[::-1])
    return "done"


a, b = socket.socketpair()
t = i.call_in_thread(echo, b.detach())
a.sendall(b"across")
assert a.recv(100) == b"ssorca"
a.close()
assert t.result() == "done"
# A peer that has gone does not end the process, whatever SIGPIPE does.
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
a, b = socket.socketpair()
b.close()
for send in (lambda: a.send(b"x"), lambda: a.sendall(b"x"), lambda: a.sendmsg([b"x"])):
    try:
        send()
    except BrokenPipeError:
        continue
    raise AssertionError
a.close()
print("ok")
