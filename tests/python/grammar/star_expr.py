# SPDX-License-Identifier: MIT
# Starred targets and expressions.
a, *b = 1, 2, 3; print(a, b)
*a, b = 1, 2, 3; print(a, b)
a, *b, c = 'abcde'; print(a, b, c)
[*a] = 'ab'; print(a)
*a, = (); print(a)
(a, *b), *c = (1, 2, 3), 4, 5; print(a, b, c)
for a, *b in [(1,), (1, 2, 3)]: print(a, b)
[a, [b, *c]] = 1, (2, 3, 4); print(a, b, c)
class O: pass
o = O(); d = {}
o.x, *d['k'], l = range(5); print(o.x, d, l)
def t(src):
    try: exec(src, {})
    except Exception as e: print(type(e).__name__, e)
t('a, b = 1'); t('a, b = 1,'); t('a, b = 1, 2, 3'); t('a, *b = ()'); t('a, *b, c = 1,'); t('a, b = {}'); t('a, b = None'); t('(a, b), c = 1, 2')
t('a, b = "x"'); t('[] = 1,'); t('() = []'); t('[] = ()'); t('a, b, *c = 1,'); t('*a, b, c = [1]'); t('a, b = iter([1])'); t('a, = 1, 2')
def it():
    yield 1; yield 2; yield 3; print('third taken'); yield 4
t2 = it()
try: x, y = t2
except ValueError as e: print(e, next(t2))
def r(): return 1, *[2, 3]
print(r())
def y_(): yield 1, *[2]
print(list(y_()))
print([*range(2), 5, *'ab'], (*[1],), {*[1], 2}, {**{1: 2}, 3: 4})
x = *[1], 2; print(x)
for i in *[1, 2], 3: print(i, end=' ')
print()
def ret(*a): return a
print(ret(*[1], *[2, 3], 4, *()))
print(d[*[1, 2]] if 0 else {(1, 2): 'k'}[*[1, 2]], {(1, 2, 3): 'm'}[1, *(2, 3)])
class G:
    def __getitem__(self, k): return k
    def __setitem__(self, k, v): print('set', k, v)
    def __delitem__(self, k): print('del', k)
g = G()
print(g[*(1, 2)], g[*()], g[*'ab', 1:2], g[1,], g[()], g[1:2:3], g[:], g[::], g[1:], g[:, 1], g[..., None])
g[*[1]] = 2; del g[*[1], 2]
a = b = *c, d = 1, 2, 3; print(a, b, c, d)
a = [1, 2, 3]; i = 0
i, a[i] = 1, 'x'; print(i, a)
a, b = 1, 2; a, b = b, a; print(a, b)
a, b, c = 1, 2, 3; a, b, c = c, a, b; print(a, b, c)
(a) = 1; (a), (b) = 1, 2; [(a), [(b)]] = 3, [4]; print(a, b)
try: print(*1)
except TypeError as e: print(e)
try: [*1]
except TypeError as e: print(e)
try: {**1}
except TypeError as e: print(e)
try: {**[1]}
except TypeError as e: print(e)
try: {*1}
except TypeError as e: print(e)
try: (*1,)
except TypeError as e: print(e)
