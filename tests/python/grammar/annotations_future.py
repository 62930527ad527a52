# SPDX-License-Identifier: MIT
from __future__ import annotations
x: undefined + 1 = 2
y: list[int, "str"]
print(__annotations__)
def f(a: a.b.c[d], *b: (1, 2), c: lambda x, *y, z=1, **w: x if y else z = 0, **d: {1: 2, **e}) -> f'{x!r:>{y}}': pass
for k, v in f.__annotations__.items(): print(k, v)
class C:
    a: not a and b or (c if d else e)
    b: [x for x in y if z async for q in w] if 0 else 1
    c: {x: y for x, y in z}
    d: (x for x in y)
    e: a[1:2, ::3, ...]
    f: -1 ** -x
    g: (-1) ** x
    h: a < b <= c != d is not e not in f
    i: "str" 'concat'
    j: b'bytes'
    k: 1.5e10 + 1j

    m: f(*a, b=1, **c)
    n: (a, )
    o: ()
    p: {*a, b}
    q: [*a]
    r: a @ b // c % d << e >> f & g ^ h | i
    s: ~a + +b - -c
    t: (a + b) * c - (d - e)
    u: a.b(c).d[e](f)
    v: (lambda: 0)()
    w: (a if b else c) if d else e
    x: 1 .real
    y: 1.0.real
    z: (await_)
    aa: f'a{b}c{d:e}f{g!s}{{}}'
    ab: 1e400
    ac: a[b, c]
    ad: a[(b, c)]
    ae: a[b,]
    af: a[*b]
    ag: a if (b if c else d) else e
    ah: (a, b)[0]
    ai: not (a == b)
    aj: (not a) == b
    ak: (a or b) and c
    al: a or b and c
    am: lambda: (yield_)
    an: lambda a, /, b=1, *, c, d=2: 0
    ao: 'quo"te' "it's"
    ap: {}
    aq: 2 ** 3 ** 4
    ar: (2 ** 3) ** 4
    at: -(-1)

    av: None is ...
for k, v in C.__annotations__.items(): print(k, v)
def g(x: undefined) -> also.undefined:
    y: nothing = 1
    return y
print(g(1), g.__annotations__)
