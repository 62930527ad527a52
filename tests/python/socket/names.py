# Conversions, look-ups that need no network, and their errors.
import socket


def show(f, *args, **kw):
    try:
        print(f.__name__, f(*args, **kw))
    except Exception as e:
        print(f.__name__, type(e).__name__, e)


for f in (socket.htons, socket.ntohl):
    for v in (1, 65535, -1, 2**33, "x", 1.5):
        show(f, v)
show(socket.inet_aton, "127.1")
show(socket.inet_aton, "nope")
show(socket.inet_ntoa, b"\x7f\0\0\1")
show(socket.inet_ntoa, b"x")
show(socket.inet_pton, socket.AF_INET6, "::1")
show(socket.inet_pton, socket.AF_INET, "::1")
show(socket.inet_ntop, socket.AF_INET6, bytes(15) + b"\1")
show(socket.inet_ntop, socket.AF_INET, b"x")
show(socket.getaddrinfo, "127.0.0.1", 80, type=socket.SOCK_STREAM)
show(socket.getaddrinfo, "::1", "80", socket.AF_INET6, socket.SOCK_DGRAM)
show(socket.getaddrinfo, None, 0, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
show(socket.getaddrinfo, "127.0.0.1", 1.5)
show(socket.getaddrinfo, "::1", 80, socket.AF_INET)
show(socket.getaddrinfo, 1, 1)
show(socket.getnameinfo, ("127.0.0.1", 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)
show(socket.getnameinfo, ("127.0.0.1",), 0)
show(socket.gethostbyname, "127.0.0.1")
show(socket.gethostbyname, "<broadcast>")
show(socket.gethostbyname, "")
show(socket.gethostbyname, 1)
show(socket.gethostbyname_ex, "127.0.0.1")
show(socket.getservbyport, -1)
show(socket.CMSG_LEN, 4)
show(socket.CMSG_SPACE, -1)
show(socket.if_nametoindex, "lo")
show(socket.if_indextoname, 1)
show(socket.if_nametoindex, "no such interface")
s = socket.socket()
for address in ("x", ("h",), ("127.0.0.1", 70000), (None, 1), ("127.0.0.1", "x"), ("::1", 1)):
    show(s.bind, address)
show(s.recv, -1)
show(s.recv_into, b"x")
show(s.recvfrom_into, bytearray(2), 3)
show(s.sendto, b"x")
show(s.sendmsg, 1)
show(s.sendmsg, [b"x"], [(1, 2)])
show(s.settimeout, -1)
show(s.settimeout, "x")
show(s.setsockopt, 1, 2, None)
s.close()
show(s.recv, 1)
show(socket.socket, fileno=-1)
show(socket.socket, family=9999)
