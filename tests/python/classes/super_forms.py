# SPDX-License-Identifier: MIT
# super in all places: zero arguments, explicit, in class and static methods, properties, nested functions, errors.
class A:
    x = 'A.x'
    def __init__(self): self.log = ['A']
    def m(self): return 'A.m'
    @classmethod
    def c(cls): return 'A.c', cls.__name__
    @staticmethod
    def s(): return 'A.s'
    @property
    def p(self): return 'A.p'
    def __getitem__(self, k): return 'A', k
    def __len__(self): return 3
class B(A):
    x = 'B.x'
    def __init__(self): super().__init__(); self.log.append('B')
    def m(self): return 'B.m', super().m(), super(B, self).m(), super().x, super().p
    @classmethod
    def c(cls): return 'B.c', super().c(), super(B, cls).c()
    @staticmethod
    def s(): return super(B, B).s()
    @property
    def p(self): return 'B.p ' + super().p
    def lam(self): return (lambda: super(B, self).m())(), [super(B, self).m() for _ in 'x']
    def nested(self):
        def inner(): return __class__, super(__class__, self).m()
        return inner()
    def comp(self):
        try: return [super().m() for _ in 'x']
        except Exception as e: return type(e).__name__, str(e)
    def noself():
        try: return super().m()
        except Exception as e: return type(e).__name__, str(e)
    def delself(self):
        del self
        try: return super().m()
        except Exception as e: return type(e).__name__, str(e)
    def newself(self):
        self = 5
        try: return super().m()
        except Exception as e: return type(e).__name__, str(e)
    def cellself(self):
        f = lambda: self
        return super().m()
    def varargs(*args):
        try: return super().m()
        except Exception as e: return type(e).__name__, str(e)
    def __getitem__(self, k): return 'B', super().__getitem__(k), super()[k] if 0 else None
    def gen(self): yield super().m()
    def special(self):
        try: return len(super())
        except TypeError as e: return str(e)
    def setx(self):
        try: super().x = 5
        except AttributeError as e: return str(e)
    def missing(self):
        try: super().nope
        except AttributeError as e: return str(e)
class C(B):
    def m(self): return 'C.m', super().m()
b, c = B(), C()
print(b.m(), c.m(), B.c(), C.c(), B.s(), b.p, b.log, b.lam(), b.nested(), b.comp(), B.noself(), b.delself(), b.newself(), b.cellself(), b.varargs(), b[1], list(b.gen()), b.special(), b.setx(), b.missing(), sep='\n')
def f(self): return super().m()
B.f = f
for call in (lambda: b.f(), lambda: super(), lambda: super(A), lambda: super(A, 5), lambda: super(5), lambda: super(B, A), lambda: super(B, B).x, lambda: super(A, b).x, lambda: super(B).x, lambda: super(B).__get__(b).x, lambda: super(B).__get__(5), lambda: super(B, None).x, lambda: super(B, b).__class__, lambda: super(type, type).mro, lambda: super(1, 2, 3), lambda: super(B, b, x=1)):
    try: print(str(call()).split(' at 0x')[0])
    except Exception as e: print(type(e).__name__, e)
print(repr(super(B)), repr(super(B, B)), repr(super(B, b)).split(' object')[0])
class D1(A):
    def m(self): return 'D1', super().m()
class D2(A):
    def m(self): return 'D2', super().m()
class D(D1, D2):
    def m(self): return 'D', super().m()
print(D().m(), [k.__name__ for k in D.__mro__])
for bases in ((A, D), (D, A), (D1, D2, A), (D2, D), (D, D1, D2), (D, D)):
    try: print([k.__name__ for k in type('X', bases, {}).__mro__])
    except TypeError as e: print(e)
class Meta(type):
    def m(cls): return 'Meta.m'
class M2(Meta):
    def m(cls): return super().m(), cls.__name__
    def __call__(cls, *a): return 'called', super().__call__(*a).__class__.__name__
class K(metaclass=M2): pass
print(K.m(), K())
class CC:
    __class__ = property(lambda self: super().__class__)
    def q(self): return __class__
print(CC().q().__name__)
def make():
    class X:
        def f(self): return __class__
        print('__class__' in dir())
    return X
print(make()().f().__name__)
class NoCell(type):
    def __new__(m, n, b, ns): ns.pop('__classcell__', None); return super().__new__(m, n, b, ns)
try:
    class Y(metaclass=NoCell):
        def f(self): return super()
except RuntimeError as e: print(str(e).split(' at 0x')[0])
class Twice(type):
    def __new__(m, n, b, ns): 
        r = super().__new__(m, n, b, dict(ns)); super().__new__(m, n, b, ns); return r
try:
    class Z(metaclass=Twice):
        def f(self): return __class__
except TypeError as e: print(str(e).split(' at 0x')[0])
