# SPDX-License-Identifier: MIT
# Scopes: global, nonlocal, closures, classes, comprehensions, exec, name mangling.
x = 'global'
def f():
    x = 'f'
    def g():
        nonlocal x; x = 'g'
        def h():
            global x; x = 'h'
            return x
        return h(), x
    return g(), x
print(f(), x)
class C:
    x = 'C'
    y = x
    def m(self): return x
    z = [x for _ in range(1)]
    w = (lambda: x)()
    q = [i for i in [x]]
    try: [x for i in range(1) if y]
    except NameError as e: print(e)
    class D:
        xx = x
        try: print(y)
        except NameError as e: print(e)
    del x
    print(x)
print(C.y, C().m(), C.z, C.w, C.q, C.D.xx)
def ff():
    x = 'local'
    class K:
        print(x)
        x = 'k'
        print(x)
        def m(self): return x
    return K().m()
print(ff())
def cl():
    x = 1
    class K:
        nonlocal x
        x = 2
        global gg
        gg = 3
    return x, 'x' in K.__dict__, gg
print(cl())
def late():
    def inner(): return later
    later = 'set after'
    return inner()
print(late())
def loopcl(): return [f() for f in [lambda: i for i in range(3)]], [f() for f in [lambda i=i: i for i in range(3)]]
print(loopcl())
def unb():
    try: print(v)
    except UnboundLocalError as e: print(e)
    v = 1; del v
    try: v
    except UnboundLocalError as e: print(e)
    try: del v
    except UnboundLocalError as e: print(e)
unb()
def freevar():
    def g(): return fv
    try: g()
    except NameError as e: print(type(e).__name__, e)
    fv = 1; del fv
    try: g()
    except NameError as e: print(e)
freevar()
try: del no_such_global
except NameError as e: print(e)
def delg():
    global to_del
    to_del = 1; del to_del
    try: to_del
    except NameError as e: print(e)
    try: del to_del
    except NameError as e: print(e)
delg()
class Mangle:
    __a = 1
    def __init__(self): self.__b = 2
    def __m(self): return self.__a, self.__b
    def get(self): return self.__m(), self.__dict__
    def kw(self, __p=5, *, __q=6): return __p, __q, sorted(locals())[:2]
    def imp(self):
        import sys as __sys
        return '_Mangle__sys' in locals()
    __dunder__ = 3
    _single = 4
    def glob(self):
        global __g
        __g = 7
    def lam(self): return (lambda __x: __x)(8), [__i for __i in range(2)]
    class __Inner: pass
    def attr(self, o): return o.__z
    def exc(self):
        try: raise ValueError
        except ValueError as __e: return '_Mangle__e' in locals()
m = Mangle()
print(m.get(), m.kw(), m.kw(_Mangle__p=1, _Mangle__q=2), m.imp(), sorted(k for k in Mangle.__dict__ if 'Mangle' in k or '__d' == k[:3]), m.lam(), m.exc())
m.glob(); print(_Mangle__g)
try: m.attr(5)
except AttributeError as e: print(e)
class _: 
    def f(self): return __name
try: _().f()
except NameError as e: print(e)
class __Lead:
    def f(self): self.__q = 1; return self.__dict__
print(__Lead().f())
def ex():
    a = 1
    exec('a = 2; b = 3')
    print(a, 'b' in locals())
    d = {}; exec('c = a if "a" in dir() else "none"', {'a': 'from globals'}, d); print(d)
    print(eval('a + 1'), eval('[a for _ in range(1)]', {'a': 9}), sorted(locals()))
ex()
def comp():
    a = [1, 2]
    return [a for a in a], {b: a for b in a}, [i for i in range(3) if i for j in range(i)], a, list(locals())
print(comp())
print([[j for j in range(i)] for i in range(4)], [(i, j) for i in range(2) for j in range(2)], {i % 2 for i in range(5)}, [x for x in 'ab'], x)
try: i
except NameError as e: print(e)
print((lambda *a, k=1, **kw: (a, k, kw))(1, 2, k=3, z=4), (lambda: (yield))().__class__.__name__, (lambda x: lambda y: x + y)(1)(2))
def dflt(a, b=[], c={}): b.append(a); c[a] = 1; return b, c
dflt(1); print(dflt(2), dflt.__defaults__)
def loc():
    a = 1; b = lambda: a
    l = locals(); l['zz'] = 1; c = 2
    return sorted(l), sorted(locals())
print(loc())
def vardel():
    for k in range(2): pass
    del k
    return 'k' in locals()
print(vardel(), f.__code__.co_cellvars, f.__code__.co_varnames, loopcl.__code__.co_names, late.__code__.co_cellvars)
