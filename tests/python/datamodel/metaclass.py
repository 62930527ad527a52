# SPDX-License-Identifier: MIT
# Metaclasses: __prepare__, __new__, __init__, __call__, conflicts, keywords, __init_subclass__, __mro_entries__.
log = []
class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw):
        log.append(('prepare', name, len(bases), kw)); return {'prepared': 1}
    def __new__(mcs, name, bases, ns, **kw):
        log.append(('new', name, sorted(k for k in ns if not k.startswith('__')), kw))
        return super().__new__(mcs, name, bases, ns)
    def __init__(cls, name, bases, ns, **kw):
        log.append(('init', name, kw)); super().__init__(name, bases, ns)
    def __call__(cls, *a, **k):
        log.append(('call', cls.__name__, a, k)); return super().__call__(*a, **k)
class A(metaclass=Meta, flag=1):
    x = 2
    def __init__(self, *a, **k): log.append(('inst', a, k))
class B(A): pass
B(1, k=2)
for l in log: print(l)
print(A.prepared, type(B).__name__)
class M2(type): pass
try:
    class X(A, metaclass=M2): pass
except TypeError as e: print(e)
class M3(Meta): pass
class Y(A, metaclass=M3): pass
class Z(Y, A): pass
print(type(Z).__name__)
def fm(name, bases, ns, **kw): return (name, bases, sorted(ns), kw)
class F(int, metaclass=fm, k=1): a = 1
print(F)
class IS:
    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw); cls.tag = tag; print('sub', cls.__name__, tag)
class IS1(IS, tag='t'): pass
class IS2(IS1): pass
try:
    class IS3(IS, bad=1): pass
except TypeError as e: print(e)
try:
    class N(object, k=1): pass
except TypeError as e: print(e)
try:
    class N(metaclass=type, k=1): pass
except TypeError as e: print(e)
class ME:
    def __mro_entries__(self, bases): return (int, IS) if len(bases) == 1 else ()
class U(ME()): pass
print(U.__bases__, U.__orig_bases__[0].__class__.__name__)
class V(ME(), str): pass
print(V.__bases__, len(V.__orig_bases__))
class BadME:
    def __mro_entries__(self, bases): return 1
for src in ('class X(BadME()): pass', 'class X(1): pass', 'class X(bool): pass', 'class X(None): pass', 'class X(int, str): pass', 'class X(int, int): pass', 'class X(object, int): pass', 'class X(type(None)): pass', 'class X(range): pass', 'class X(slice): pass', 'class X(type(lambda: 0)): pass', 'class X(type(len)): pass', 'class X(type(...)): pass', 'class X(memoryview): pass', 'class X(super): pass', 'class X(int, metaclass=1): pass', 'class X(metaclass=lambda *a: 5): pass\nprint(X)', 'class X(metaclass=int): pass', 'class X(*[int], **{"metaclass": Meta}): pass', 'class X(type): \n def mro(cls): return [cls, int, object]\nclass Y(metaclass=X): pass\nprint(Y.__mro__)', 'class X(type): \n def mro(cls): return [cls, 1]\nclass Y(metaclass=X): pass', 'class X(type): \n def mro(cls): return 1\nclass Y(metaclass=X): pass', 'class X(type): \n def __prepare__(*a): return 1\nclass Y(metaclass=X): pass', 'class X(type): \n  __prepare__ = None\nclass Y(metaclass=X): pass', 'class X(type): \n def __new__(m, *a): return 3\nclass Y(metaclass=X): pass\nprint(Y)', 'def f():\n class X: \n  __class__ = 1\n  def g(self): return __class__\n return X\nprint(f().__class__)', 'import types\nprint(types.new_class("T", (ME(),), {}, lambda ns: ns.update(a=1)).a)'):
    try: exec(src)
    except Exception as e: print(src.split('\n')[0], '|', type(e).__name__, e)
class CG:
    def __class_getitem__(cls, k): return cls.__name__, k
print(CG[1], CG[1, 2], CG[int])
class MG(type):
    def __getitem__(cls, k): return 'meta', k
class CG2(CG, metaclass=MG): pass
print(CG2[3])
try: A[1]
except TypeError as e: print(e)
try: int[1]
except TypeError as e: print(e)
class Inst(type):
    def __instancecheck__(cls, o): return o == 1
    def __subclasscheck__(cls, o): return o is str
class IC(metaclass=Inst): pass
print(isinstance(1, IC), isinstance(2, IC), issubclass(str, IC), issubclass(int, IC), isinstance(IC(), IC), isinstance(1, (str, IC)), isinstance(1, (str, (bytes, (IC,)))))
print(type('Dyn', (A,), {'y': 1}, ) if 0 else type('Dyn', (), {'y': 1}).y, type.__call__(int, '5'), type(type), type(1, ) if 0 else type(1))
