# A wait goes on after a signal handler has run, unless the handler raises (PEP 475).
import signal
import socket
import threading

a, b = socket.socketpair()
server = socket.create_server(("127.0.0.1", 0))
clients = []


def soon(f):
    signal.signal(signal.SIGALRM, lambda *_: f())
    signal.setitimer(signal.ITIMER_REAL, 0.02)


def fail():
    raise ZeroDivisionError("from the handler")


for timeout in (None, 100):
    for s in (a, b, server):
        s.settimeout(timeout)
    soon(lambda: b.send(b"sent by the handler"))
    print(a.recv(100))
    soon(lambda: clients.append(socket.create_connection(server.getsockname())))
    conn, _ = server.accept()
    print(conn.getpeername() == clients[-1].getsockname())
    conn.close()
    clients.pop().close()
    payload = bytes(1 << 20)
    got = []

    def drain():
        left = len(payload)
        while left:
            left -= len(b.recv(1 << 16))
        got.append("drained")

    thread = threading.Thread(target=drain)
    soon(thread.start)
    a.sendall(payload)
    thread.join()
    print(got)
    for f in (lambda: a.recv(1), lambda: server.accept(), lambda: a.recvmsg(1)):
        soon(fail)
        try:
            f()
        except ZeroDivisionError as e:
            print(e)
a.close()
b.close()
server.close()
