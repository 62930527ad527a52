# SPDX-License-Identifier: MIT
# Copies of large containers and files, which are made part by part so that they can be stopped.
import array
import binascii
import collections
import hmac
import os
import tempfile

n = 150000  # copies of so many are made in several parts
d = {i: str(i) for i in range(n)}
e = dict(d)
assert e == d and list(e) == list(d)
e[-1] = 0
assert len(e) == n + 1 and -1 not in d
for i in range(0, n, 3): del d[i]
f = d.copy()
assert f == d and len(f) == len(d) and all(i in f for i in list(d)[:1000])
f[0] = 1
assert f[0] == 1
g = {**d, 5: 6}
assert g[5] == 6
assert (d | {1: 2})[1] == 2
assert list(d.items())[:2] == [(1, '1'), (2, '2')]
while len(f) > n // 4: f.popitem()
h = dict(f)
h.update(d)
assert h == {**f, **d}
s = set(range(n))
t = s.copy()
assert t == s
t.discard(5)
u = set(t)
assert u == t and 5 not in u
assert s | t == s and (s - t) == {5}
assert frozenset(s) == s
l = list(range(n))
assert l[:] == l == l.copy() == list(tuple(l))
assert l + l == l * 2 and (l + [1])[-1] == 1
m = l[5:]
m.extend(l)
assert len(m) == 2*n - 5 and m[n-5:] == l
m.extend(m)
assert len(m) == 2*(2*n-5)
assert (l + list(range(3)))[-3:] == [0,1,2]
q = collections.deque(l)
assert q.copy() == q and len(q + q) == 2*n and list(q * 2) == l*2
o = collections.OrderedDict(d)
assert o == d and o.copy() == o
with tempfile.TemporaryFile() as x:
    b = os.urandom(10**7 + 5)
    assert len(b) == 10**7+5
    assert os.write(x.fileno(), b) == len(b)
    assert os.pread(x.fileno(), 2*10**7, 3) == b[3:]
    assert os.pwrite(x.fileno(), b, 7) == len(b)
    x.seek(0)
    c = x.read()
    assert c == b[:7] + b, len(c)
    os.lseek(x.fileno(), 0, 0)
    z = os.read(x.fileno(), 3*10**7)
    assert z == c
    os.lseek(x.fileno(), 0, 0)
    y = bytearray(9*10**6)
    w = bytearray(100)
    assert os.readv(x.fileno(), [w, y]) == 9*10**6+100 and w + y == c[:9*10**6+100]
    os.lseek(x.fileno(), 0, 0)
    assert os.readv(x.fileno(), [y, w]) == 9*10**6+100 and y + w == c[:9*10**6+100]
    os.lseek(x.fileno(), 0, 0)
    assert os.writev(x.fileno(), [y, w, b]) == len(y)+len(w)+len(b)
    assert os.pread(x.fileno(), 10**8, 0) == y+w+b
    x.seek(0)
    k = bytearray(10**8)
    r = x.readinto(k)
    assert k[:r] == y+w+b
assert hmac.compare_digest(b, bytes(b)) and not hmac.compare_digest(b, b[:-1] + b'?' ) or b[-1:] == b'?'
assert binascii.unhexlify(binascii.hexlify(b)) == b and binascii.a2b_base64(binascii.b2a_base64(b)) == b
a = array.array('i', l)
assert a.tolist() == l
print("ok")
