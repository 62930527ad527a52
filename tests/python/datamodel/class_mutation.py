# SPDX-License-Identifier: MIT
# Assignment to __bases__, __name__, __qualname__, __module__, special methods added later.
class A:
    def f(self): return 'A.f'
    k = 'A'
class B:
    def f(self): return 'B.f'
    z = 'B'
class C(A): pass
class D(C): pass
d = D(); print(d.f(), d.k)
C.__bases__ = (B,); print(d.f(), d.z, D.__mro__ == (D, C, B, object), C in B.__subclasses__(), C in A.__subclasses__(), hasattr(d, 'k'))
C.__bases__ = (A, B); print(d.f(), d.z, d.k, [c.__name__ for c in D.__mro__])
for v in ((), (1,), 1, (D,), (C,), (int,), (A, A), (object, A), (bool,)):
    try: C.__bases__ = v; print('ok', v)
    except TypeError as e: print(e)
print(C.__bases__)
try: int.__bases__ = (object,)
except TypeError as e: print(e)
try: del C.__bases__
except TypeError as e: print(e)
try: object.__bases__ = ()
except TypeError as e: print(e)
C.__name__ = 'New'; print(C, C.__name__, C.__qualname__)
C.__qualname__ = 'X.Y'; print(C.__qualname__, C)
C.__module__ = 'mod'; print(C, C.__module__)
for a, v in (('__name__', 1), ('__qualname__', 1), ('__name__', 'a\0b'), ('__module__', 1), ('__mro__', ()), ('__dict__', {}), ('__base__', int), ('__doc__', 'new doc'), ('__abstractmethods__', {'a'}), ('__flags__', 1)):
    try: setattr(D, a, v); print('ok', a, getattr(D, a))
    except (TypeError, AttributeError, ValueError) as e: print(type(e).__name__, e)
for a in ('__name__', '__qualname__', '__module__', '__doc__', '__mro__', '__abstractmethods__'):
    try: delattr(D, a); print('deleted', a)
    except (TypeError, AttributeError) as e: print(type(e).__name__, e)
for s in ('int.x = 1', 'str.join = 1', 'del list.append', 'type.x = 1', 'object.y = 1', 'type(None).z = 1', 'Exception.q = 1', 'setattr(int, "real", 1)', 'type(len).x = 1', 'int.__name__ = "x"', 'int.__doc__ = "x"', 'int.__module__ = "x"'):
    try: exec(s); print('ok', s)
    except (TypeError, AttributeError) as e: print(e)
class E: pass
e = E()
for s in ('e + 1', 'len(e)', 'e()', 'e[0]', 'iter(e)', 'e < e', 'str(e)', 'hash(e)', 'bool(e)', '1 in e', 'with_(e)', 'e.dyn', '-e', 'int(e)', 'next(e)', 'e[1]'):
    pass
E.__add__ = lambda s, o: 'add'; E.__len__ = lambda s: 0; E.__call__ = lambda s: 'call'; E.__getitem__ = lambda s, i: [1, 2][i]
E.__lt__ = lambda s, o: 'lt'; E.__str__ = lambda s: 'str'; E.__hash__ = lambda s: 7; E.__getattr__ = lambda s, k: 'ga ' + k; E.__neg__ = lambda s: 'neg'; E.__int__ = lambda s: 9; E.__next__ = lambda s: 'next'; E.__contains__ = lambda s, x: True
print(e + 1, len(e), e(), e[0], list(e), e < e, e > e, str(e), hash(e), bool(e), 5 in e, e.dyn, -e, int(e), next(e))
del E.__len__, E.__contains__, E.__str__
print(bool(e), 2 in e, 3 in e, repr(e)[:20] == str(e)[:20])
e.__len__ = lambda: 5
try: len(e)
except TypeError as x: print(x)
class F(E): pass
f = F(); E.__mul__ = lambda s, o: 'mul'; print(f * 2); del E.__mul__
try: f * 2
except TypeError as x: print(x)
F.__eq__ = lambda s, o: True
print(f == 1, hash(f))
class G:
    def __eq__(self, o): return True
print(G.__hash__); G.__hash__ = lambda s: 3; print(hash(G())); del G.__hash__
print(hash(G()) is not None)
F.__hash__ = None
try: hash(f)
except TypeError as x: print(x)
print(F.__subclasses__(), E.__subclasses__(), [c.__name__ for c in B.__subclasses__()])
