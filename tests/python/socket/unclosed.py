# A socket that dies open warns, and is closed.
import os
import socket
import warnings

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    s = socket.socket()
    fd = s.fileno()
    del s
    print([w.category.__name__ for w in caught])
    print(str(caught[0].message)[:25])
try:
    os.fstat(fd)
except OSError as e:
    print(e.errno)
