# SPDX-License-Identifier: MIT
# __del__, resurrection, order, weak reference callbacks.
import weakref, gc, sys
log = []
class D:
    def __init__(self, n): self.n = n
    def __del__(self): log.append(('del', self.n))
d = D(1); del d; print(log); log.clear()
d = D(2); d = D(3); print(log); log.clear()
def f():
    x = D('local'); y = D('second')
    log.append('end')
f(); print(log); log.clear()
l = [D(i) for i in range(3)]; l.clear(); print(log); log.clear()
l = [D(i) for i in range(3)]; del l; print(log); log.clear()
t = (D('t1'), D('t2')); del t; print(log); log.clear()
dd = {1: D('v1'), 2: D('v2')}; del dd[1]; print(log); dd.clear(); print(log); log.clear()
class R:
    def __del__(self): global saved; saved = self; log.append('resurrected')
r = R(); del r; print(log, type(saved).__name__)
log.clear(); del saved; print(log)
class A:
    def __del__(self): log.append(('attrs', self.x))
a = A(); a.x = 5; del a; print(log); log.clear()
class C:
    def __init__(self): self.me = self
    def __del__(self): log.append('cycle')
C(); print(log); gc.collect(); print(log); log.clear()
a, b = C(), C(); a.o, b.o = b, a; del a, b; gc.collect(); print(log); log.clear()
o = D('w')
r1 = weakref.ref(o, lambda r: log.append('cb1')); r2 = weakref.ref(o, lambda r: log.append('cb2')); r3 = weakref.ref(o)
print(r3 is weakref.ref(o), r1 is not r2, weakref.getweakrefcount(o), r1() is o, r1 == r2, hash(r1) == hash(o))
del o; print(log, r1(), r3()); log.clear()
class RW:
    def __del__(self): log.append(('in del', type(wr()).__name__))
x = RW(); wr = weakref.ref(x, lambda r: log.append('wcb')); del x; print(log); log.clear()
class RR:
    def __del__(self): global kept; kept = self
x = RR(); wr = weakref.ref(x); del x; print(wr() is kept)
try: weakref.ref(5)
except TypeError as e: print(e)
for bad in ('a', (), {}, [], None, 1.5, object()):
    try: weakref.ref(bad); print('ok', type(bad).__name__)
    except TypeError as e: print(e)
print(type(weakref.ref(set())).__name__, weakref.ref(lambda: 0)(), weakref.ref(len)() is len)
class S: __slots__ = ()
try: weakref.ref(S())
except TypeError as e: print(e)
p = D('p'); pr = weakref.proxy(p); print(pr.n, type(pr).__name__); pr.n = 'q'; print(p.n); del p
try: pr.n
except ReferenceError as e: print(e)
try: weakref.ref()
except TypeError as e: print(e)
try: weakref.ref(1, 2, 3)
except TypeError as e: print(e)
class Sub(weakref.ref): 
    def __init__(self, o, cb=None, tag=None): super().__init__(o, cb); self.tag = tag
    def __new__(cls, o, cb=None, tag=None): return super().__new__(cls, o, cb)
o = D('s'); sr = Sub(o, tag=5); print(sr.tag, sr() is o, sr == weakref.ref(o)); log.clear()
wd = weakref.WeakValueDictionary(); k = D('k'); wd['a'] = k; print(len(wd), 'a' in wd); del k; print(len(wd))
wk = weakref.WeakKeyDictionary(); k = D('k2'); wk[k] = 1; print(len(wk)); del k; print(len(wk))
ws = weakref.WeakSet(); k = D('k3'); ws.add(k); print(len(ws)); del k; print(len(ws))
o2 = D('fin'); fin = weakref.finalize(o2, log.append, 'finalize'); print(fin.alive, fin.peek()[1] == log.append); log.clear(); del o2; print(log, fin.alive)
m = D('m'); 
class Meth:
    def f(self): return 'm'
mo = Meth(); wm = weakref.WeakMethod(mo.f); print(wm()()); del mo; print(wm())
def gen():
    try: yield 1
    finally: log.append('gen fin')
log.clear(); g = gen(); next(g); del g; print(log); log.clear()
def exc():
    x = D('in exc')
    raise ValueError
try: exc()
except ValueError as e: print(log)
print(log); log.clear()
def arg(x): log.append('in arg')
arg(D('temp')); print(log); log.clear()
D('expr'); print(log); log.clear()
print(D('p').n, log); log.clear()
x = [D('a')]; x += [D('b')]; x[0] = None; print(log); log.clear()
x[1:] = []; print(log); log.clear()
x = D('old'); x = None; print(log)
for v in [D('i1'), D('i2')]: pass
del v; print(log); log.clear()
def late():
    a = D('a'); del a; log.append('after del')
late(); print(log); log.clear()
class E:
    def __del__(self): raise ValueError('ignored')
sys.unraisablehook = lambda a: log.append((a.exc_type.__name__, str(a.exc_value)))
E(); print(log); log.clear()
sys.unraisablehook = sys.__unraisablehook__
print([D(i).n for i in range(2)], log); log.clear()
print(sys.getrefcount(object()) >= 1, gc.isenabled(), gc.is_tracked([]), gc.is_tracked(5))
