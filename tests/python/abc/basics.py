import abc, collections.abc as cabc, _abc
def err(f, *a, **k):
    try: print('no error', f(*a, **k))
    except Exception as e: print(type(e).__name__, e)
class B(abc.ABC):
    @abc.abstractmethod
    def f(self): ...
    @property
    @abc.abstractmethod
    def g(self): ...
err(B); print(sorted(B.__abstractmethods__))
class C(B):
    def f(self): return 1
err(C)
class D(C): g = 2
print(D().f(), isinstance(D(), B), issubclass(D, B), issubclass(int, B)); print(B.register(int) is int, issubclass(int, B), issubclass(bool, B), isinstance(3, B), isinstance('s', B)); err(B.register, 3); err(D.register, B)
class H(abc.ABC):
    @classmethod
    def __subclasshook__(cls, o): return hasattr(o, 'quack') or NotImplemented
class Duck: quack = 1
print(issubclass(Duck, H), isinstance(Duck(), H), issubclass(int, H)); err(issubclass, 3, H)
t = abc.get_cache_token(); H.register(str); print(abc.get_cache_token() > t, issubclass(str, H), len(_abc._get_dump(H)))
for o in ([], (), {}, '', b'', 3, iter([]), (x for x in ()), len, set(), range(3), {}.keys()):
    print(type(o).__name__, [n for n in ('Sized', 'Iterable', 'Sequence', 'Mapping', 'Set', 'Callable', 'Hashable', 'Iterator', 'Generator', 'MutableSequence', 'KeysView', 'Reversible') if isinstance(o, getattr(cabc, n))])
class Seq(cabc.Sequence):
    def __len__(self): return 2
    def __getitem__(self, i):
        if i >= 2: raise IndexError
        return i * 10
print(list(Seq()), 10 in Seq(), Seq().index(10), list(reversed(Seq())))
class Map(cabc.Mapping):
    def __len__(self): return 1
    def __iter__(self): return iter('k')
    def __getitem__(self, k): return {'k': 7}[k]
for o in (Seq(), Map()):
    match o:
        case [a, b]: print('seq', a, b)
        case {'k': v}: print('map', v)
class Reg: 
    def __len__(self): return 1
    def __getitem__(self, i): return [5][i]
cabc.Sequence.register(Reg)
match Reg():
    case [a]: print('registered', a)
H._abc_caches_clear() if hasattr(H, '_abc_caches_clear') else None; _abc._reset_registry(H); _abc._reset_caches(H); print(issubclass(str, H))
