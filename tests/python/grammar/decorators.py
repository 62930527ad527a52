# SPDX-License-Identifier: MIT
# Decorators: any expression, order of evaluation, classes, methods.
log = []
def d(name):
    log.append('eval ' + name)
    def deco(f):
        log.append('apply ' + name)
        return f
    return deco
@d('a')
@d('b')
def f(x=log.append('default')): pass
print(log); log.clear()
@d('a')
@d('b')
class C(log.append('bases') or object, metaclass=(log.append('meta') or type)):
    log.append('body')
print(log); log.clear()
@lambda f: 'replaced'
def g(): pass
print(g)
@[lambda f: 'indexed'][0]
def g(): pass
print(g)
@(lambda f: f) if 0 else (lambda f: 'cond')
def g(): pass
print(g)
@(w := lambda f: 'walrus')
def g(): pass
print(g, w(0))
@str
@len
@dir
class E: pass
print(E.isdigit())
class M:
    @property
    def p(self): return self._p
    @p.setter
    def p(self, v): self._p = v
    @p.deleter
    def p(self): del self._p
    @staticmethod
    def s(*a): return a
    @classmethod
    def c(cls, *a): return cls.__name__, a
    @classmethod
    @property
    def cp(cls): return 'cp ' + cls.__name__
    @staticmethod
    @d('in')
    def t(): return 't'
m = M(); m.p = 3
print(m.p, M.s(1), m.s(2), M.c(3), m.c(4), M.cp, m.cp, m.t(), log)
del m.p
try: m.p
except AttributeError as e: print(e)
try:
    @None
    def h(): pass
except TypeError as e: print(e)
try: h
except NameError as e: print(e)
@callable
async def co(): pass
print(co)
def line():
    @d('x')

    # comment
    @d('y')
    def inner(): pass
    return inner.__code__.co_firstlineno - line.__code__.co_firstlineno
print(line())
