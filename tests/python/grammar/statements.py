# SPDX-License-Identifier: MIT
# assert, del, pass, global forms, loops with else, augmented assignment, chained assignment.
try: assert False
except AssertionError as e: print(repr(e))
try: assert 0, ('tuple', 1)
except AssertionError as e: print(repr(e))
assert [1], 'never'
try: assert (lambda: 0)(), f'{1 + 1}'
except AssertionError as e: print(e)
a = b = c = []; a.append(1); print(b, c is a)
d = {}; d['x'] = d['y'] = e = 5; print(d, e)
def order(n): print('o', n, end=' '); return n
l = [0] * 3
l[order(0)] = l[order(1)] = order(2); print(l)
order(l)[order(0)] = order(9); print(l)
l[order(1)] += order(5); print(l)
x, l[x] = 2, 'at x'; print(l)
class I:
    def __iadd__(self, o): print('iadd', o); return 'replaced'
    def __setattr__(self, k, v): print('setattr', k, v)
i = I(); i += 1; print(i)
t = ([1],)
try: t[0] += [2]
except TypeError as e: print(e, t)
s = 'a'; s *= 3; s += 'b'; print(s)
n = 10; n -= 3; n *= 2; n //= 3; n **= 2; n %= 7; n <<= 3; n >>= 1; n |= 1; n &= 7; n ^= 2; n /= 2; print(n)
m = 2; m @= type('M', (), {'__rmatmul__': lambda s, o: ('rmat', o)})(); print(m)
del a, b; 
try: a
except NameError as e: print(e)
l = list(range(10)); del l[2], l[0:2], l[::3]; print(l)
del (l[0]), [l[0]]; print(l)
del ()
o = type('O', (), {})(); o.x = 1; del o.x; print(hasattr(o, 'x'))
for i in []: pass
else: print('else of empty loop')
for i in [1]: break
else: print('not printed')
for i, (j, *k) in [(1, (2, 3, 4)), (5, 'ab')]: print(i, j, k)
for d['k'] in range(3): pass
print(d['k'])
for o.attr in 'xy': pass
print(o.attr)
for i in range(3):
    for j in range(3):
        if j == 1: break
    else: print('no')
    if i == 1: continue
    print(i, j)
while n > 0:
    n -= 1
else: print('while else')
i = 0
while True:
    i += 1
    if i < 3: continue
    break
print(i)
lst = [1, 2, 3]
for v in lst:
    if v < 3: lst.append(v + 10)
print(lst)
dd = {1: 1, 2: 2}
try:
    for k in dd: dd[k + 10] = 1
except RuntimeError as e: print(e)
try:
    for k in dd: del dd[k]
except RuntimeError as e: print(e)
st = {1, 2}
try:
    for k in st: st.add(k + 10)
except RuntimeError as e: print(e)
if 0: pass
elif []: pass
elif None: pass
else: print('else')
print(1 if 0 else 2 if 0 else 3, (1, 2)[True], not 1 or 2 and 3, [] or {} or 0, 1 and 2 and '', None or False)
print(1 < 2 < 3 > 2 != 5, not not 3, 1 if [] else 'e', (yield_ := 4) if 1 else 0)
pass; pass
print(type(lambda: ...), ...)
global zzz
zzz = 1; print(zzz)
def f(): pass
print(f(), f.__name__, (lambda: None)())
def g(): return
def h(): return 1, 2
print(g(), h())
exec('y = 1\nif y:\n    z = 2\nprint(y, z)')
"expression statement"; 1; None; ...; [i for i in ()]
x: int = 3; y = x,; print(y)
print(*[1, 2], *'ab', sep='-', end='!\n')
print(__debug__, __name__, __doc__, __file__.endswith('statements.py'))
if __debug__: print('debug')
