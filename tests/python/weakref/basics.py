import weakref, gc, _weakref, copy
def err(f, *a, **k):
    try: print('no error', f(*a, **k))
    except Exception as e: print(type(e).__name__, e)
class A:
    def m(self): return 'm'
    def __call__(self): return 'called'
a = A(); r = weakref.ref(a); r2 = weakref.ref(a); print(r is r2, r() is a, weakref.getweakrefcount(a), len(weakref.getweakrefs(a)), weakref.getweakrefs(a) == [r])
log = []; r3 = weakref.ref(a, lambda x: log.append(x is r3)); p = weakref.proxy(a); print(weakref.getweakrefcount(a), p.m(), p(), type(p).__name__, type(r).__name__)
del a; print(r(), log, r3()); err(lambda: p.m()); err(weakref.ref, 3); err(weakref.proxy, 'x')
d = weakref.WeakValueDictionary(); x = A(); d['k'] = x; print(len(d), d['k'] is x, list(d)); del x; print(len(d), list(d.items()))
k = weakref.WeakKeyDictionary(); x = A(); k[x] = 1; print(len(k), k[x]); del x; print(len(k))
s = weakref.WeakSet(); x = A(); s.add(x); print(len(s), x in s); del x; print(len(s))
x = A(); wm = weakref.WeakMethod(x.m); print(wm()()); del x; print(wm())
x = A(); f = weakref.finalize(x, print, 'fin', 1); print(f.alive); del x; print(f.alive)
dd = {}; y = A(); dd[1] = weakref.ref(y); _weakref._remove_dead_weakref(dd, 1); print(len(dd)); del y; _weakref._remove_dead_weakref(dd, 1); print(dd); err(_weakref._remove_dead_weakref, {1: 2}, 1); err(_weakref._remove_dead_weakref, [], 1)
