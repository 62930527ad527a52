# SPDX-License-Identifier: MIT
# Pseudo-random changes of dicts and sets of ints, in order.
s = 3
def rnd(n):
    global s
    s = (s * 6364136223846793005 + 1442695040888963407) % 2**64
    return (s >> 16) % n
h = 0
def add(x):
    global h
    for c in repr(x): h = (h * 131 + ord(c)) % (2**61 - 1)
d = {}; model = []
st = set()
for i in range(1000):
    k = rnd(60) if rnd(3) else float(rnd(60))
    op = rnd(10)
    if op < 5:
        d[k] = i
        for e in model:
            if e[0] == k: e[1] = i; break
        else: model.append([k, i])
    elif op < 7:
        d.pop(k, None); model = [e for e in model if e[0] != k]
    elif op == 7 and d:
        p = d.popitem(); assert list(p) == model.pop()
    elif op == 8: d.setdefault(k, -i); model += [[k, -i]] * (k not in [e[0] for e in model])
    elif rnd(40) == 0: d.clear(); model.clear()
    assert [list(x) for x in d.items()] == model, i
    if op < 4: st.add(k)
    elif op < 6: st.discard(k)
    assert len(st) == len(set(st)) and (k in st) == (k in list(st))
    if i % 50 == 0:
        o = {rnd(60) for _ in range(rnd(30))}
        add(sorted(st | o)); add(sorted(st & o)); add(sorted(st - o)); add(sorted(st ^ o)); add((st <= o, st >= o, st == o, st.isdisjoint(o)))
        add(sorted(d.keys() & o)); add(sorted(d.keys() - o)); add(list(d)); add(list(reversed(d))); add(d | {1: 'x'}); add(dict(sorted(d.items())))
    if i % 500 == 0: print(i, len(d), len(st), h)
print(h)
