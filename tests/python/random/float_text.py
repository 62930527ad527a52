# SPDX-License-Identifier: MIT
# Pseudo-random floats: repr, parsing, formatting, hex, rounding.
s = 99
def rnd(n):
    global s
    s = (s * 6364136223846793005 + 1442695040888963407) % 2**64
    return (s >> 16) % n
def num():
    k = rnd(5)
    if k == 0: v = rnd(1000000) / 1000
    elif k == 1: v = (rnd(2**40) * 2**12 + rnd(2**12)) * 2.0 ** (rnd(2000) - 1060)
    elif k == 2: v = float(rnd(10**15)) * 10.0 ** (rnd(40) - 20)
    elif k == 3: v = rnd(2**40) / (rnd(2**20) + 1)
    else: v = float(rnd(100)) + 0.5
    return -v if rnd(2) else v
h = 0
def add(t):
    global h
    for c in t: h = (h * 131 + ord(c)) % (2**61 - 1)
for i in range(300):
    v = num()
    t = repr(v)
    assert float(t) == v and float.fromhex(v.hex()) == v
    add(t); add(v.hex())
    for spec in ('.3f', 'e', '.0e', 'g', '.10g', '%', '+.2f', '012.4f', ',.2f', '#.3g', 'n', '.17g', '.25e', '_.1f'): add(format(v, spec))
    for f in ('%.3f', '%e', '%g', '%10.2f', '%-12.1e|', '%+.0f', '%#.0f', '%r', '%s', '%d' if abs(v) < 1e300 else '%s'): add(f % v)
    n = rnd(8) - 2
    add(repr(round(v, n))); add(str(int(v)) if abs(v) < 1e50 else ''); add(str(v.as_integer_ratio()) if abs(v) < 1e50 and abs(v) > 1e-50 else ''); add(str(hash(v)))
    w = num()
    if w: add(repr(v // w)); add(repr(v % w)); add(repr(v / w) if abs(w) > 1e-300 else '')
    add(repr(v + w)); add(repr(v * w)); add(str((v < w, v == w, v >= w)))
    if i % 60 == 0: print(i, t, h)
print(h)
for text in ('1e23', '8.5e22', '9007199254740993', '9007199254740992.5', '1.7976931348623158e308', '1.7976931348623159e308', '2.4703282292062327e-324', '2.4703282292062328e-324', '0.' + '0' * 300 + '1', '1' + '0' * 300, '123456789' * 20, '0.1' + '0' * 100 + '1', '4.35', '0.000001', '5e-324', '1e-323', '6.02214076e23', '.5e1', '1_0.0_1'):
    print(text[:30], repr(float(text)))
