# SPDX-License-Identifier: MIT
# match: what it calls: __match_args__, isinstance, __len__, __getitem__, get(), and errors.
import collections.abc as abc
def t(v, src):
    ns = dict(globals(), v=v)
    try: exec('match v:\n  case ' + src + ': print(' + repr(src) + ', "matched", {k: w for k, w in locals().items() if k in ("x", "y", "z", "r")})\n  case _: print(' + repr(src) + ', "no")', ns)
    except Exception as e: print(src, '|', type(e).__name__, e)
class A: __match_args__ = ('a', 'b')
class B: __match_args__ = ['a']
class C: __match_args__ = ('a', 1)
class D: __match_args__ = ('a', 'a')
class E: pass
class F:
    __match_args__ = ('a',)
    def __getattr__(self, k): print('getattr', k); raise ValueError(k)
class G:
    def __getattr__(self, k): print('getattr', k); raise AttributeError(k)
a = A(); a.a = 1; a.b = 2
t(a, 'A()'); t(a, 'A(x)'); t(a, 'A(x, y)'); t(a, 'A(x, y, z)'); t(a, 'A(x, a=y)'); t(a, 'A(x, b=y)'); t(a, 'A(1, 3)'); t(a, 'A(c=x)')
t(B(), 'B(x)'); t(C(), 'C(x, y)'); t(D(), 'D(x, y)'); t(E(), 'E(x)'); t(E(), 'E()'); t(F(), 'F(x)'); t(G(), 'G(a=x)'); t(5, 'a(x)'); t(5, 'len()')
for v, s in ((5, 'int(x)'), (True, 'bool(x)'), (True, 'int(x)'), ('s', 'str(x)'), (b'b', 'bytes(x)'), (bytearray(b'q'), 'bytearray(x)'), (1.5, 'float(x)'), ([1], 'list(x)'), ((1,), 'tuple(x)'), ({1: 2}, 'dict(x)'), ({1}, 'set(x)'), (frozenset(), 'frozenset(x)'), (5, 'int(x, y)'), (5, 'int(real=x)'), (1j, 'complex(x)'), (1j, 'complex(imag=x)'), (5, 'object()'), (5, 'object(x)'), (int, 'type()'), (5, 'type(x)'), (None, 'object()')):
    t(v, s)
class Seq(abc.Sequence):
    def __len__(self): print('len'); return 2
    def __getitem__(self, i):
        print('get', i)
        if i >= 2: raise IndexError
        return i * 10
t(Seq(), '[x, y]'); t(Seq(), '[x]'); t(Seq(), '[_, y]'); t(Seq(), '[*_]'); t(Seq(), '[x, *_]'); t(Seq(), '[*_, x]'); t(Seq(), '[_, _]'); t(Seq(), '[*x]')
class NotSeq:
    def __len__(self): return 1
    def __getitem__(self, i): return i
t(NotSeq(), '[x]')
class ListSub(list): pass
class TupSub(tuple): pass
class StrSub(str): pass
class BadLen(ListSub):
    def __len__(self): raise RuntimeError('len')
t(ListSub([1]), '[x]'); t(TupSub((1,)), '[x]'); t(StrSub('a'), '[x]'); t(b'a', '[x]'); t(BadLen([1]), '[x]'); t(iter([1]), '[x]'); t({1}, '[x]'); t(memoryview(b'a'), '[x]'); t(range(2), '[x, y]')
import collections
t(collections.deque([1, 2]), '[x, y]'); t(collections.deque(), '[]')
class Map(abc.Mapping):
    def __init__(self, d): self.d = d
    def __len__(self): print('len'); return len(self.d)
    def __getitem__(self, k): print('getitem', k); return self.d[k]
    def __iter__(self): print('iter'); return iter(self.d)
    def keys(self): print('keys'); return self.d.keys()
    def get(self, k, default=None): print('get', k); return self.d.get(k, default)
t(Map({'a': 1, 'b': 2}), '{"a": x}'); t(Map({'a': 1, 'b': 2}), '{"a": x, **r}'); t(Map({}), '{"a": x}'); t(Map({}), '{}'); t(Map({'a': 1}), '{**r}')
dd = collections.defaultdict(int)
t(dd, '{"a": x}'); print(dict(dd))
class MissingDict(dict):
    def __missing__(self, k): return 'made'
t(MissingDict(), '{"a": x}')
class R(abc.Mapping):
    __len__ = lambda s: 1
    __iter__ = lambda s: iter('a')
    __getitem__ = lambda s, k: 1
    def get(self, k, d): raise KeyError('get')
t(R(), '{"a": x}')
class Reg: pass
abc.Sequence.register(Reg)
t(Reg(), '[x]'); t(Reg(), '[*_]')
class EqOdd:
    def __eq__(self, o): print('eq', o); return 'yes'
t(EqOdd(), '5'); t(EqOdd(), '"s"'); t(EqOdd(), 'None'); t(EqOdd(), 'True'); t(EqOdd(), '5 | 6')
class K:
    def __eq__(self, o): raise ValueError('eq')
t(K(), '5')
class Meta(type):
    def __instancecheck__(cls, o): print('check', o); return o == 5
class IC(metaclass=Meta): pass
t(5, 'IC()'); t(6, 'IC()')
t(1, '1 | 2 as x'); t([1, 2], '[(1 | 2) as x, y]'); t({'k': 1}, '{"k": int() as x}'); t(1.0, '1'); t(1, '1.0'); t(True, '1'); t(1, 'True'); t('a', '"a" | "b"'); t(-0.0, '0'); t(float('nan'), '_')
