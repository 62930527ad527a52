# SPDX-License-Identifier: MIT
# __getitem__, __contains__, __iter__, __reversed__, __len__, __length_hint__, __missing__.
import operator
class Seq:
    def __init__(self, n): self.n = n
    def __getitem__(self, i):
        if isinstance(i, slice): return ('slice', i.start, i.stop, i.step)
        if i >= self.n: raise IndexError(i)
        return i * 10
s = Seq(3)
print(list(s), 20 in s, 5 in s, s[1], s[1:2], s[::-1], tuple(s), [*s], max(s), sum(s), dict(enumerate(s)), sorted(s, reverse=True), list(zip(s, s)), list(map(str, s)))
a, b, c = s; print(a, b, c)
try: reversed(s)
except TypeError as e: print(e)
Seq.__len__ = lambda self: self.n
print(list(reversed(s)), operator.length_hint(s))
it = iter(s); print(it.__length_hint__(), next(it), it.__length_hint__(), type(it).__name__, it.__reduce__()[2:])
class Con:
    def __contains__(self, x): return x == 1 and 'yes' or ''
print(1 in Con(), 2 in Con(), 1 not in Con())
class It:
    def __iter__(self): return iter([1, 2])
print(1 in It(), 9 in It())
class NoIt: __iter__ = None
class NoCon(It): __contains__ = None
class NoRev(Seq): __reversed__ = None
class SeqNoIter(Seq): __iter__ = None
def t(f):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
t(lambda: iter(NoIt())); t(lambda: 1 in NoIt()); t(lambda: 1 in NoCon()); t(lambda: reversed(NoRev(2))); t(lambda: list(SeqNoIter(2))); t(lambda: 1 in SeqNoIter(2)); t(lambda: 1 in 5); t(lambda: 1 in object()); t(lambda: [] in 'a'); t(lambda: 'a' in b'a'); t(lambda: 300 in b'a'); t(lambda: 1 in None)
class BadIt:
    def __iter__(self): return [1]
t(lambda: iter(BadIt())); t(lambda: [*BadIt()]); t(lambda: 1 in BadIt()); t(lambda: list(BadIt()))
class It2:
    def __iter__(self): return self
    def __next__(self): raise KeyError('next')
t(lambda: list(It2())); t(lambda: next(It2(), 5)); t(lambda: 1 in It2())
class LH:
    def __init__(self, v): self.v = v
    def __iter__(self): return iter(())
    def __length_hint__(self):
        if isinstance(self.v, Exception): raise self.v
        return self.v
for v in (3, 0, -1, 'x', 1.5, NotImplemented, TypeError('te'), ValueError('ve'), True):
    t(lambda: operator.length_hint(LH(v), 7)); t(lambda: list(LH(v)))
t(lambda: operator.length_hint(1, 2)); t(lambda: operator.length_hint(1, 'x')); t(lambda: operator.length_hint([1, 2]))
class MD(dict):
    def __missing__(self, k): return 'missing ' + str(k)
m = MD(a=1); print(m['a'], m['b'], m.get('b'), 'b' in m, '{a} {zz}'.format_map(m), '%(a)s %(q)s' % m)
t(lambda: dict.__getitem__(m, 'zz'))
class MD2(dict):
    def __missing__(self, k): raise KeyError('custom', k)
t(lambda: MD2()['x'])
class Idx:
    def __index__(self): return 1
t(lambda: [1, 2, 3][Idx()]); t(lambda: 'abc'[Idx():]); t(lambda: (1, 2)[Idx()]); t(lambda: range(5)[Idx()]); t(lambda: b'ab'[Idx()]); t(lambda: [1][1.0]); t(lambda: [1]['a']); t(lambda: [1, 2][1:'a']); t(lambda: 'a'[None]); t(lambda: (1,)[()]); t(lambda: {}[[]]); t(lambda: [1][2**100]); t(lambda: [1][-2]); t(lambda: 'a'[5]); t(lambda: ()[0]); t(lambda: b''[0]); t(lambda: range(0)[0]); t(lambda: [1, 2][::0]); t(lambda: {}['k']); t(lambda: {}[1, 2]); t(lambda: {1: 2}[None]); t(lambda: bytearray()[0]); t(lambda: [1, 2, 3][2**70:]); t(lambda: 'abc'[-2**70:2**70])
t(lambda: object()[0]); t(lambda: None[0]); t(lambda: (1)['a']); t(lambda: len[0]); t(lambda: (i for i in ())[0]); t(lambda: {1}[0])
def si(o, k, v):
    try: o[k] = v; print(o)
    except Exception as e: print(type(e).__name__, e)
def di(o, k):
    try: del o[k]; print(o)
    except Exception as e: print(type(e).__name__, e)
for o in ('a', (1,), range(3), 5, None, b'a', frozenset(), {1}, len): si(o, 0, 1); di(o, 0)
si([1], 5, 1); si([1], 'a', 1); si({}, [], 1); si(bytearray(b'a'), 0, 256); si(bytearray(b'a'), 0, 'x'); si([1, 2, 3], slice(0, 2), 5); si([1, 2, 3], slice(0, 3, 2), [1]); di([1], 3); di({}, 'a'); di([1], 'x'); di(bytearray(b'abc'), slice(0, 2)); si([1, 2], slice(5, 9), 'xy'); si([1, 2, 3], slice(None, None, -1), 'abc'); di([1, 2, 3, 4], slice(None, None, 2))
class SI:
    def __setitem__(self, k, v): print('si', k, v)
    def __delitem__(self, k): print('di', k)
x = SI(); x[1] = 2; x[1:2] = 3; x[..., 1] = 4; del x[5]; del x[:]; x[1, 2:3] = 5
try: x[0]
except TypeError as e: print(e)
try: x[0] += 1
except TypeError as e: print(e)
