# SPDX-License-Identifier: MIT
# __getattr__, __getattribute__, __setattr__, __delattr__, descriptors and their order.
log = []
class D:
    def __init__(self, n): self.n = n
    def __get__(self, o, t=None): log.append(('get', self.n, o is None, t and t.__name__)); return self.n
class DD(D):
    def __set__(self, o, v): log.append(('set', self.n, v))
    def __delete__(self, o): log.append(('del', self.n))
class DS:
    def __set__(self, o, v): o.__dict__['ds'] = ('via set', v)
class DDel:
    def __delete__(self, o): log.append('ddel')
class C:
    nd = D('nd'); dd = DD('dd'); ds = DS(); ddel = DDel()
    def __getattr__(self, k):
        log.append(('getattr', k))
        if k.startswith('no'): raise AttributeError('custom ' + k)
        return k.upper()
c = C()
def show(*a): print(*a, log); log.clear()
show(c.nd); show(c.dd); show(C.nd); show(C.dd); show(c.other)
try: c.none
except AttributeError as e: show(e, e.name, e.obj is c)
c.__dict__['nd'] = 'inst'; c.__dict__['dd'] = 'inst'
show(c.nd); show(c.dd)
c.dd = 5; show(c.__dict__['dd']); del c.dd; show('dd' in c.__dict__)
c.ds = 3; show(c.ds); show(type(c.ds).__name__)
try: del c.ds
except AttributeError as e: show(e)
try: c.ddel = 1
except AttributeError as e: show(e)
del c.ddel; show()
C.dd = 'class'; show(c.dd, C.dd)
class G:
    def __getattribute__(self, k):
        log.append(('ga', k))
        if k == 'bad': raise AttributeError(k)
        if k == 'err': raise ValueError(k)
        return object.__getattribute__(self, k)
    def __getattr__(self, k): log.append(('gattr', k)); return 'fallback'
    def m(self): return 'm'
g = G(); g.x = 1
show(g.x); show(g.bad); show(g.missing); show(g.m()); show(hasattr(g, 'zz')); show(len(dir(g)) > 5)
try: g.err
except ValueError as e: show(e)
class S:
    def __setattr__(self, k, v): log.append(('set', k, v)); super().__setattr__(k, v)
    def __delattr__(self, k): log.append(('del', k)); super().__delattr__(k)
s = S(); s.a = 1; del s.a; show(vars(s))
try: del s.a
except AttributeError as e: show(e)
try: del s.zz
except AttributeError as e: show(e)
class P:
    @property
    def p(self): raise AttributeError('inside')
    def __getattr__(self, k): return 'ga:' + k
print(P().p)
class Meta(type):
    md = DD('md'); mn = D('mn')
    def __getattr__(cls, k): return 'meta ' + k
class M(metaclass=Meta):
    mn = 'own'; md = 'own'
show(M.md, M.mn, M.zz)
try: M().zz
except AttributeError as e: show(e)
class SN:
    def __set_name__(self, o, n): log.append((o.__name__, n))
class U:
    a = SN(); b = SN()
show()
class BadSN:
    def __set_name__(self, o, n): raise ValueError('sn')
try:
    class V: z = BadSN()
except RuntimeError as e: show(e, repr(e.__cause__))
for o, k in ((1, 'x'), ('a', 'foo'), (None, 'a'), (int, 'zz'), (len, 'zz'), (lambda: 0, 'zz'), ([], 'push'), ({}, 'has_key'), (C, 'zz'), (print, '__dict__'), (Exception(), 'msg'), (type, 'zz'), (object(), 'x'), (range(3), 'x'), (iter([]), 'x'), ((i for i in ()), 'x')):
    for f in (lambda: getattr(o, k), lambda: setattr(o, k, 1), lambda: delattr(o, k)):
        if isinstance(o, type) and o is C: continue
        try: f(); print('ok', k)
        except Exception as e: print(type(e).__name__, e)
for k in (1, None, b'a'):
    for f in (lambda: getattr(c, k), lambda: setattr(c, k, 1), lambda: delattr(c, k), lambda: hasattr(c, k)):
        try: f()
        except TypeError as e: print(e)
f = lambda: 0
f.attr = 1; print(f.attr, f.__dict__); del f.attr
try: f.attr
except AttributeError as e: print(e)
