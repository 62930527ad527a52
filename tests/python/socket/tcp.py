# Streams over the loopback: accept, connect, timeouts, files, threads.
import socket
import threading

server = socket.create_server(("127.0.0.1", 0))
address = server.getsockname()
print(address[0], server.family, server.type, server.getblocking(), server.gettimeout())


def serve(count):
    for _ in range(count):
        conn, peer = server.accept()
        with conn:
            while data := conn.recv(4096):
                conn.sendall(data.upper())


thread = threading.Thread(target=serve, args=(3,))
thread.start()

with socket.create_connection(address) as c:
    c.sendall(b"hello")
    print(c.recv(100))
    print(c.getpeername() == address, c.getsockname()[0])
    buf = bytearray(10)
    c.send(b"abc")
    print(c.recv_into(buf), buf)
    c.send(b"0123456789")
    print(c.recv(10, socket.MSG_PEEK | socket.MSG_WAITALL), c.recv(10, socket.MSG_WAITALL))
    c.shutdown(socket.SHUT_WR)
    print(c.recv(1))

with socket.socket() as c:
    c.settimeout(5)
    print(c.gettimeout(), c.getblocking(), c.connect_ex(address))
    with c.makefile("rw", newline="\n") as f:
        f.write("line one\nline two\n")
        f.flush()
        print(repr(f.readline()), repr(f.readline()))

# more than the buffers of the kernel hold, both ways at once
payload = bytes(range(97, 123)) * 40000
with socket.create_connection(address) as c:
    sender = threading.Thread(target=lambda: (c.sendall(payload), c.shutdown(socket.SHUT_WR)))
    sender.start()
    got = bytearray()
    while data := c.recv(65536):
        got += data
    sender.join()
    print(len(got), got == payload.upper())
thread.join()

server.settimeout(0.01)
try:
    server.accept()
except TimeoutError as e:
    print(type(e) is socket.timeout, e)
server.setblocking(False)
try:
    server.accept()
except BlockingIOError as e:
    print("blocking", e.errno)
server.close()
print(server.fileno())
try:
    server.accept()
except OSError as e:
    print(e)
with socket.socket() as c:
    try:
        c.connect(address)
    except ConnectionRefusedError as e:
        print(e)
    print(c.connect_ex(address))
