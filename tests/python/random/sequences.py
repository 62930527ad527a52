# SPDX-License-Identifier: MIT
# Pseudo-random slices, sorts, searches and changes of lists, strings and bytes against plain models.
s = 7
def rnd(n):
    global s
    s = (s * 6364136223846793005 + 1442695040888963407) % 2**64
    return (s >> 16) % n
h = 0
def add(x):
    global h
    for c in repr(x): h = (h * 131 + ord(c)) % (2**61 - 1)
def idx(n):
    return (None, rnd(n + 3), -rnd(n + 3), rnd(3 * n + 5))[rnd(4)]
for i in range(250):
    n = rnd(20)
    l = [rnd(10) for _ in range(n)]
    t = ''.join(chr(97 + x) for x in l) if rnd(2) else ''.join(chr(0x3b1 + x) for x in l)
    b = bytes(97 + x for x in l)
    a, z, st = idx(n), idx(n), (None, 1, 2, -1, -2, 3)[rnd(6)]
    add([l[a:z:st], t[a:z:st], b[a:z:st], tuple(l)[a:z:st], list(range(n)[a:z:st]), bytearray(b)[a:z:st], bytes(memoryview(b)[a:z:st])])
    m = l[:]
    new = [rnd(10) for _ in range(rnd(6))]
    try: m[a:z:st] = new
    except ValueError as e: add(str(e))
    add(m)
    m = l[:]; del m[a:z:st]; add(m)
    m = bytearray(b)
    try: m[a:z:st] = bytes(new)
    except ValueError as e: add(str(e))
    add(m)
    m = l[:]; m.sort(key=lambda x: x % 4); add(m); m.sort(reverse=True); add(m); m.reverse(); add(m)
    x = rnd(10); c = chr(97 + x)
    add([x in l, l.count(x), t.count(c), t.find(c), t.rfind(c, a, z), b.find(x + 97), c in t, t.split(c), t.partition(c), t.rsplit(c, 1), t.replace(c, '--', rnd(3)), b.split(c.encode()), t.strip(c), b.translate(None, c.encode()), t * (rnd(3)), t.center(rnd(30)), t.startswith(t[:rnd(5)]), t.join('xyz')])
    add(sorted(zip(l, reversed(l)))); add(sorted(t, key=str.upper)); add(max(l, default=None)); add(sum(l))
    if i % 50 == 0: print(i, l, h)
print(h)
