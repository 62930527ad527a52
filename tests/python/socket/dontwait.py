# MSG_DONTWAIT, SO_RCVTIMEO and O_NONBLOCK set behind the back of a socket without a timeout.
import fcntl
import os
import socket
import struct

a, b = socket.socketpair()


def blocked(f, *args):
    try:
        while True:
            f(*args)
    except BlockingIOError as e:
        print(e)


blocked(a.sendmsg, [b"x" * 512], [], socket.MSG_DONTWAIT)
blocked(b.recv, 1 << 16, socket.MSG_DONTWAIT)
b.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, 5000))
blocked(b.recv, 10)
os.set_blocking(a.fileno(), False)
blocked(a.recv, 10)
b.send(b"12345")
print(struct.unpack("i", fcntl.ioctl(a, 0x541B, "\0\0\0\0"))[0])
a.close()
b.close()
