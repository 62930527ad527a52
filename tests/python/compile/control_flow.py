# SPDX-License-Identifier: MIT
# Loops, conditions, assignments, calls, scopes, f-strings.
def f(n):
    r = []
    i = 0
    while i < n:
        i += 1
        if i == 3: continue
        if i == 7: break
        r.append(i)
    else:
        r.append('else')
    return r
print(f(5), f(10), f(0))
def g(xs):
    for a, b in xs:
        if a > b: return 'gt'
        elif a == b: continue
        print(a, b)
    else:
        return 'done'
print(g([(1, 2), (2, 2), (3, 4)]), g([(2, 1)]))
def h():
    for i in range(3):
        for j in range(3):
            if j == 2: break
            if i == 1: continue
            yield i, j
print(list(h()))
print([x * y for x in range(3) for y in range(x) if x != y], {x: x * x for x in range(4)}, {x % 3 for x in range(10)})
print(sum(x for x in range(10) if x % 2))
x = 5
print(0 < x < 10, 0 < x < 3, 1 < 2 < 3 < 4, 3 > 2 > 2, not 1 < x <= 5)
def ch(a, b, c):
    if a < b() < c(): return 'yes'
    return 'no'
print(ch(1, lambda: 2, lambda: 3), ch(3, lambda: 2, lambda: 3), ch(1, lambda: 5, lambda: 3))
def boolops(a, b, c):
    return a and b or c, a or b and c, not a and b, (a and b) if c else (a or b)
for a in (0, 1, ''):
    for b in (0, 2, 'x'):
        for c in (None, 3):
            print(boolops(a, b, c))
a = b = c = 3
a, b = b + 1, a + 2
print(a, b, c)
(a, *b), c = [1, 2, 3], 4
print(a, b, c)
*a, b = 'xyz'
print(a, b)
[a, [b, c]] = 1, (2, 3)
print(a, b, c)
d = {}
d['k'], d['l'] = 1, 2
print(d)
i, lst = 0, [0, 0, 0]
i, lst[i] = 1, 9
print(i, lst)
def sw(a, b, c):
    a, b, c = c, a, b
    return a, b, c
print(sw(1, 2, 3))
def w():
    if (n := 10) > 5 and (m := n + 1) > 10: return n, m
    return None
print(w())
print([y := 1, y ** 2], (z := 3) + z, z)
print([last := i for i in range(5)], last)
def pin(a):
    return a + (a := 5) + a
print(pin(1))
def pin2(a):
    return [a, (a := 7), a], a < (a := 9) < 10, {a: (a := 2)}, a
print(pin2(1))
def q(x):
    x = x and x + 1 and x
    return x
print(q(5), q(0))
print(1 if x > 3 else 2, 'a' if not x else 'b')
print(f"{x} {x!r:>5} {x:{x}} {'q'!s} {{}} {x=}")
print('%s-%r' % (x, 'a'), '%%' % (), '%5s|' % 'a')
def aug():
    l = [1]
    m = l
    l += [2]
    d = {'a': 1}
    d['a'] += 5
    s = 'x'
    s += 'y'
    n = 2
    n **= 10; n //= 3; n <<= 2; n -= 1; n |= 1; n ^= 3; n &= 0xff; n %= 100; n /= 2
    return l is m, l, d, s, n
print(aug())
class C: pass
o = C(); o.v = 1; o.v += 4; print(o.v)
del o.v
print(hasattr(o, 'v'))
l = list(range(10)); del l[2:4], l[0]; print(l, l[1:5:2], l[::-1], l[-1])
print([*range(3), 7, *'ab'], (*[1], 2), {*[1, 1], 2}, {**{'a': 1}, 'b': 2, **{'a': 3}})
def star(*a, k=1, **kw): return a, k, sorted(kw.items())
print(star(1, *[2, 3], k=4, **{'z': 5}), star(*(1, 2), *[3], x=1, **{'y': 2}), star(*range(3)), star(**{'k': 9}))
def defaults(a, b=2, /, c=3, *, d=4, e): return a, b, c, d, e
print(defaults(1, e=5), defaults(1, 9, c=8, d=7, e=6))
print((lambda x, *y, z=1, **w: (x, y, z, w))(1, 2, 3, z=4, q=5))
def outer():
    n = 0
    def inc():
        nonlocal n
        n += 1
        return n
    def get(): return n
    return inc, get
inc, get = outer()
inc(); inc(); print(get())
def deco(f):
    def w(*a): return 'd' + f(*a)
    return w
@deco
@deco
def ff(s): return s
print(ff('x'), ff.__name__, ff.__qualname__)
def gg(a: int, b: 'str' = 1) -> float: 
    "doc"
    x: int = 3
    return a
print(gg.__annotations__, gg.__doc__, gg.__defaults__)
print(all(i for i in (1, 2)), any(False for _ in ()))
global_x = 1
def setg():
    global global_x, new_g
    global_x = 2; new_g = 3
setg(); print(global_x, new_g)
try: print(undefined_name)
except NameError as e: print(e)
def unb():
    if 0: y = 1
    try: return y
    except UnboundLocalError as e: return str(e)
print(unb())
def unb2():
    y = 1
    del y
    try: y
    except UnboundLocalError as e: return str(e)
print(unb2())
def unb3():
    def inner(): return zz
    try: inner()
    except NameError as e: print(e)
    zz = 1
    return inner()
print(unb3())
assert True
try: assert x == 4, 'msg'
except AssertionError as e: print('AE', e)
print(-x, +x, ~x, not x, 2 ** -1, 7 // 2, -7 // 2, 7 % -3, 1 / 4, 5 @ 3 if 0 else 'm')
print(x is None, x is not None, x in (1, 5), x not in [1], 'a' in 'abc')
print(1_000, 0x10, 1e3, 1j * 1j, b'a\x00', r'\n', ..., None)
def tup(a, b, c):
    a, b = b, a
    a, b, c = c, a, b
    a, b = b, a + b
    class O: pass
    o = O(); l = [0]
    o.x, o.y, l[0] = a, b, c
    (a, b), c = (c, a), b
    x, y = (y := 3), y
    return a, b, c, o.x, o.y, l, x, y
print(tup(1, 2, 3))
def cont(xs):
    r = []
    for x in xs:
        if x == 1: continue
        if not x: continue
        if x is None or x > 5: break
        r.append(x)
    i = 0
    while True:
        i += 1
        if i < 5: continue
        if i > 3: break
    return r, i
print(cont([0, 1, 2, 3, 6, 7]))
