# Texts and bytes of some megabytes, which are worked on in parts.
import random
random.seed(1)
for src in ('a'*1100000, 'ä'*1100000, 'aä€'*370000, 'a€'*540000+'😀'*40000):
    b = src.encode()
    print(len(b), b.decode() == src, bytearray(b).decode() == src)
    for cut in (1,2):
        try: r = b[:-cut].decode()
        except UnicodeDecodeError as e: r = (e.start, e.end, e.reason)
        print(r if isinstance(r, tuple) else len(r), len(b[:-cut].decode('utf-8','ignore')))
    bad = b[:1050000] + b'\xff\x80\x80\x80' + b[1050000:]
    print(len(bad.decode('utf-8', 'replace')), len(bad.decode('utf-8','surrogateescape').encode('utf-8','surrogateescape')) == len(bad))
    try: bad.decode()
    except UnicodeDecodeError as e: print(e)
    try: (src + '\ud800' + src).encode()
    except UnicodeEncodeError as e: print(e)
import codecs
d = codecs.getincrementaldecoder('utf-8')()
s = 'aä€😀' * 120000
b = s.encode()
print(d.decode(b[:-2]) + d.decode(b[-2:], True) == s)
print((b'\x80' * 100).decode('utf-8', 'ignore') == '', len((b'\x80'*1500).decode('utf-8','replace')))
x = bytes(range(256)) * 300; t = bytes(reversed(range(256)))
for y in (x, bytearray(x)):
    r = y.translate(t); print(type(r).__name__, hash(bytes(r)) == hash(bytes(255 - c for c in x)))
    r = y.translate(t, b'abc'); print(len(r), bytes(r)[:10])
    r = y.translate(None, bytes(range(250))); print(len(r), bytes(r)[:8])
print((b'abc' * 1000000)[-5:], len(b'ab' * 3000001), len(bytearray(b'x') * 5000000), bytearray(b'xyz')*1000000 == b'xyz'*1000000, ('é' * 3000000)[-1], ('a€'*2000000).count('€'), len(('b'*3000000)*3), b''*5, b'ab'*0)
print(len(','.join(['ab'] * 100000)), len('€'.join(['ab'] * 100000)), len(''.join(str(i) for i in range(100000))))
a = set(range(100000)); c = set(range(50000, 150000))
for f in ('__and__','__or__','__sub__','__xor__'): print(len(getattr(a, f)(c)))
for f in ('update','intersection_update','difference_update','symmetric_difference_update'):
    z = set(a); getattr(z, f)(c); print(len(z), sum(z))
z = set(); z.update(dict.fromkeys(range(100000))); print(len(z))
