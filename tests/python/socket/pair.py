# Connected pairs: messages, descriptors, timeouts, options, objects.
import array
import os
import socket
import _socket

a, b = socket.socketpair()
print(a.family, a.type, a.proto, os.get_inheritable(a.fileno()))
print(a.send(b"12345"), b.recv(3), b.recv(10))
print(a.sendmsg([b"ab", bytearray(b"cd"), memoryview(b"ef")]))
x, y = bytearray(2), bytearray(10)
print(b.recvmsg_into([x, y]), x, y)
r, w = os.pipe()
a.sendmsg([b"fd"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [w]))])
data, anc, flags, addr = b.recvmsg(10, socket.CMSG_SPACE(4))
print(data, anc[0][:2], len(anc[0][2]), flags & ~socket.MSG_CMSG_CLOEXEC, addr)
fd = array.array("i", anc[0][2])[0]
os.write(fd, b"through")
print(os.read(r, 10))
for n in (fd, r, w):
    os.close(n)
socket.send_fds(a, [b"x"], [0])
msg, fds, _, _ = socket.recv_fds(b, 1, 1)
print(msg, len(fds))
os.close(fds[0])

b.settimeout(0.01)
for call in (lambda: b.recv(1), lambda: b.recv_into(bytearray(1)), lambda: b.recvmsg(1)):
    try:
        call()
    except TimeoutError as e:
        print(e, e.errno)
b.setblocking(False)
try:
    b.recv(1)
except BlockingIOError as e:
    print(e)
a.setblocking(False)
total = 0
try:
    while True:
        total += a.send(bytes(65536))
except BlockingIOError:
    print("full", total > 65536)
b.setblocking(True)
while total:
    total -= len(b.recv(1 << 20))
a.setblocking(True)
a.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 10000)
print(a.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) >= 10000)
print(a.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE, 4))
d = a.dup()
fd = a.detach()
print(a.fileno(), d.send(b"dup"), b.recv(10))
e = socket.socket(fileno=fd)
print(e.family, e.type, e.proto, e.send(b"e"), b.recv(10))
e.close()
d.close()
print(b.recv(1))
try:
    for _ in range(2):
        b.send(b"x")
except BrokenPipeError as err:
    print(err)
b.close()

p, q = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
p.send(b"one")
p.send(b"two")
print(q.recv(2), q.recvfrom(10), q.getsockname() == "")
p.close()
q.close()

u = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
u.bind("\0quiver-test-%d" % os.getpid())
print(u.getsockname().startswith(b"\0quiver-test-"))
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as v:
    print(v.sendto(b"abstract", u.getsockname()), u.recvfrom(20))
u.close()

with socket.socket(type=socket.SOCK_DGRAM) as s, socket.socket(type=socket.SOCK_DGRAM) as t:
    s.bind(("127.0.0.1", 0))
    t.connect(s.getsockname())
    t.send(b"datagram")
    print(s.recvfrom(100)[1] == t.getsockname())
    buf = bytearray(20)
    s.sendto(b"back", 0, t.getsockname())
    n, who = t.recvfrom_into(buf)
    print(n, buf[:n], who == s.getsockname())

socket.setdefaulttimeout(2.5)
with socket.socket() as s:
    print(s.gettimeout(), s.timeout, s.getblocking())
socket.setdefaulttimeout(None)


class Sub(_socket.socket):
    def __init__(self, *args):
        super().__init__(*args)
        self.extra = 1


s = Sub(socket.AF_INET, socket.SOCK_DGRAM)
print(s.extra, s.family, repr(s).split(",")[1:])
s.close()
print(_socket.socket.__new__(_socket.socket))
