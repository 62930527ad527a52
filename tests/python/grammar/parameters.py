# SPDX-License-Identifier: MIT
# Every kind of parameter and the errors of calls.
def p(f, *a, **k):
    try: print(f(*a, **k))
    except TypeError as e: print('TypeError:', e)
def f0(): return 'f0'
def f1(a): return a
def f2(a, b): return a, b
def f3(a, b, c): return a, b, c
def fd(a, b=2): return a, b
def fdd(a=1, b=2, c=3): return a, b, c
def fp(a, /, b): return a, b
def fpd(a, b=2, /, c=3): return a, b, c
def fk(*, k): return k
def fk2(*, k, l): return k, l
def fk3(*, k, l, m=3): return k, l, m
def fkd(a, *, k=1): return a, k
def fa(*args): return args
def fka(a, *args, k=5): return a, args, k
def fkw(**kw): return kw
def fall(a, b=2, /, c=3, *args, d, e=5, **kw): return a, b, c, args, d, e, kw
def fpk(a, /, **kw): return a, kw
for f in (f0, f1, f2, f3, fd, fdd, fp, fpd, fk, fk2, fk3, fkd, fa, fka, fkw, fall, fpk):
    print('---', f.__name__)
    for args in ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)):
        for kw in ({}, {'a': 10}, {'b': 10}, {'k': 10}, {'zz': 1}, {'a': 1, 'b': 2}, {'k': 1, 'l': 2}, {'d': 4, 'zz': 5}):
            p(f, *args, **kw)
class K:
    def m(self, a): return a
    def n(): pass
    @staticmethod
    def s(a): return a
    @classmethod
    def c(cls, a): return a
    def __init__(self, x=0): pass
    def __call__(self, q): return q
    def __repr__(self): return 'K()'
k = K()
for f in (k.m, K.m, k.n, K.n, k.s, K.s, k.c, K.c, K, k, lambda x: x):
    for args in ((), (1,), (1, 2), (1, 2, 3)):
        p(f, *args)

def outer():
    def inner(a, b): pass
    return inner
p(outer()); p(outer(), 1); p(outer(), 1, 2, 3); p(outer(), 1, a=2)
p(f3); p(f3, 1); p(f3, 1, c=2)
p(lambda a, b, c, d, e: 0)
def fkk(*, a, b, c, d): pass
p(fkk); p(fkk, a=1); p(fkk, 1, a=1, b=2); p(fkk, 1, 2, a=1, b=2, c=3, d=4)
def fpos3(a, b, c, /): pass
p(fpos3, a=1, b=2, c=3); p(fpos3, 1, b=2); p(fpos3, 1, 2, 3, c=3)
