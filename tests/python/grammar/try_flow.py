# SPDX-License-Identifier: MIT
# try, except, else, finally: order and control flow.
def t(f):
    log = []
    try: r = f(log.append)
    except BaseException as e: r = repr(e), repr(e.__context__)
    print(f.__name__, log, r)
def a(l):
    try: l(1)
    except ValueError: l(2)
    else: l(3)
    finally: l(4)
    return 5
def b(l):
    try: raise ValueError
    except ValueError: l(2)
    else: l(3)
    finally: l(4)
    return 5
def c(l):
    try: return l('try') or 'try value'
    finally: l('fin')
def d(l):
    try: return 1
    finally: return 2
def e(l):
    try: raise ValueError
    finally: return 'swallowed'
def f(l):
    for i in range(3):
        try:
            if i == 1: continue
            l(i)
        finally: l('f')
    return 'end'
def g(l):
    for i in range(3):
        try:
            if i == 1: break
        finally: l(('f', i))
    else: l('else')
    return i
def h(l):
    while True:
        try: raise KeyError
        except KeyError: break
        finally: l('fin')
    return 'broke'
def i(l):
    for x in range(2):
        try: 1 / 0
        finally: continue
    return 'continued'
def j(l):
    try:
        try: raise ValueError('in')
        finally: l('inner'); raise KeyError('fin')
    except KeyError as e: return repr(e.__context__)
def k(l):
    try:
        try: return 'x'
        finally: raise ValueError('from finally')
    except ValueError as e: return str(e)
def m(l):
    try: raise ValueError
    except ValueError as e:
        try: e
        finally: pass
    try: e
    except UnboundLocalError as x: return str(x)
def n(l):
    e = 'outer'
    try: raise ValueError
    except ValueError as e: pass
    return 'e' in locals()
def o(l):
    try: raise ValueError
    except ValueError as e: del e
    return 'ok'
def p(l):
    try: raise ValueError
    except ValueError as e: e = 5
    return 'e' in locals()
def q(l):
    try: pass
    except: l('no')
    else: raise KeyError('from else')
    finally: l('fin')
def r(l):
    def ret(v): l(v); return v
    try: return ret('try')
    except: return ret('exc')
    else: return ret('else')
    finally: ret('fin')
def s(l):
    with C(l, 'a') as x, C(l, 'b') as y: l((x, y)); return 'r'
def u(l):
    with C(l, 'a', True): raise ValueError('swallow')
    return 'after'
def v(l):
    with C(l, 'a'): raise ValueError('pass')
def w(l):
    for z in range(2):
        with C(l, z):
            if z == 0: continue
            break
    return z
class C:
    def __init__(self, l, n, s=False): self.l, self.n, self.s = l, n, s
    def __enter__(self): self.l(f'enter {self.n}'); return self.n
    def __exit__(self, t, v, tb): self.l(f'exit {self.n} {t and t.__name__} {v!r} {tb is not None}'); return self.s
def x(l):
    try:
        with C(l, 1):
            with C(l, 2, True): raise KeyError(1)
            raise ValueError(2)
    except ValueError as e: return repr(e), e.__context__
def y(l):
    class X:
        def __enter__(self): raise OSError('enter')
        def __exit__(self, *a): l('never')
    with C(l, 1), X(): pass
def z(l):
    class X:
        def __enter__(self): return self
        def __exit__(self, *a): raise OSError('exit')
    with X(): raise KeyError('body')
for fn in (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, u, v, w, x, y, z): t(fn)
def gen(l):
    try: yield 1
    except GeneratorExit: l('ge'); raise
    finally: l('fin')
l = []; it = gen(l.append); next(it); it.close(); print(l)
def nested(n):
    try:
        if n == 0: raise ValueError('deep')
        nested(n - 1)
    finally: l.append(n)
l.clear()
try: nested(4)
except ValueError as e: print(l, e)
with (C(l.append, 1) as p, C(l.append, 2) as q,): print(p, q)
with (C(print, 'paren')): pass
with (C(print, 't1'), C(print, 't2')): pass
with C(print, 'x') as [*a]: print(a) if 0 else None
