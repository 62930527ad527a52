from collections import OrderedDict as O
import pickle, copy, weakref, sys
print(O, O.__module__, O.__mro__)
o=O(a=1,b=2,c=3)
o.move_to_end('a'); print(o, list(o), list(reversed(o)), o.keys(), o.values(), o.items())
o.move_to_end('c', last=False); print(o)
print(o.popitem(), o.popitem(False), o)
for i in range(100): o[i]=i
for i in range(0,100,2): del o[i]
for i in range(50): o.move_to_end(49, last=i%2)
print(o)
while len(o)>3: o.popitem(last=False)
print(o, pickle.loads(pickle.dumps(o)), copy.copy(o), copy.deepcopy(o))
o.x=1
print(o.__reduce__()[:4], vars(copy.copy(o)), vars(pickle.loads(pickle.dumps(o))))
print(o==O(o), o==dict(o), O([(1,2),(2,3)])==O([(2,3),(1,2)]), O([(1,2),(2,3)])=={2:3,1:2})
r=weakref.ref(o); print(r() is o)
o[5]=o; print(o); del o[5]
def t(f):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
t(lambda: o.update(1,2)); t(lambda: O(1,2)); t(lambda: o.update([(1,)])); t(lambda: o.update([()])); t(lambda: o.update([(1,2,3)])); t(lambda: O().popitem()); t(lambda: o.move_to_end('zz')); t(lambda: o.pop('zz')); t(lambda: o.pop()); t(lambda: hash(o)); t(lambda: o|1); t(lambda: o|{1:2}); t(lambda: {1:2}|o); t(lambda: o.pop('zz',4))
t(lambda: o.keys()&{99,95}); t(lambda: o.items()^o.items()); t(lambda:o.keys()=={1}); t(lambda: o.keys()==o.keys())
def g():
    for k in o: o.move_to_end(k, last=False)
t(g)
def g():
    for k in o: o[str(k)]=1
t(g)
def g():
    for k in o.values(): dict.__setitem__(o,'new',1)
t(g)
def g():
    p=O(o); dict.__delitem__(p, 95); return list(p.values())
t(g)
class S(O):
    def __missing__(self,k): return k
    def __setitem__(self,k,v): super().__setitem__(k,v*2)
s=S(a=1); s.update(b=2); s.setdefault('c',3); print(s, s['q'], s.pop('a'), s.popitem(), s.copy(), type(s.copy()), S.fromkeys('ab',1))
class K:
    def __init__(s,v): s.v=v
    def __hash__(s): return 1
    def __eq__(s,o): return isinstance(o,K) and s.v==o.v
    def __repr__(s): return f'K{s.v}'
k=O.fromkeys(map(K,range(10))); k.move_to_end(K(3)); del k[K(5)]; k[K(3)]=7; print(k, k.popitem(False))
print(sys.getsizeof(k)>sys.getsizeof(dict(k)))
# finalizers that change the dict while it changes
class D:
    def __init__(s, d, k): s.d, s.k = d, k
    def __del__(s): s.d[s.k] = len(s.d)
d = O()
for i in range(5): d[i] = D(d, -i)
for i in range(3): d[i] = i
del d[3]
print(d.keys())
d[0] = d[1] = d[2] = d[4] = 0; d.clear()
print(sorted(d))
class E:
    def __init__(s, d): s.d = d
    def __hash__(s): return 7
    def __eq__(s, o): s.d.clear(); return False
d = O(); d[E(d)] = 1; d[E(d)] = 2
print(len(d), len(list(d)))
ns = type('M', (type,), {'__prepare__': classmethod(lambda *a: O())})
class C(metaclass=ns): b = 1; a = 2
print([k for k in vars(C) if len(k) == 1])
def f(**kw): return list(kw)
d = O(a=1, b=2); d.move_to_end('a'); print(f(**d), {**d}, dict(d), list({}|d))
import json; print(json.dumps(d))
