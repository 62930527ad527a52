# SPDX-License-Identifier: MIT
# __slots__ with inheritance, weak references, __dict__, errors.
import weakref
class A: __slots__ = ('x', 'y')
class B(A): __slots__ = 'z'
class C(B): pass
class W: __slots__ = ('__weakref__',)
class D: __slots__ = ('__dict__',)
class E: __slots__ = ()
class M: __slots__ = ('__p', 'q_')
a = A(); b = B(); c = C()
a.x = 1; b.z = 2; b.x = 3; c.w = 4; c.z = 5
print(a.x, b.z, b.x, c.w, c.z, c.__dict__, M._M__p, A.__slots__, B.__slots__)
def t(src):
    try: exec(src); print('ok', src)
    except Exception as e: print(src, '|', type(e).__name__, str(e).split(' at 0x')[0])
for s in ('a.y', 'a.q = 1', 'a.q', 'del a.y', 'a.__dict__', 'weakref.ref(a)', 'weakref.ref(W())', 'weakref.ref(c)', 'weakref.ref(D())', 'D().x = 1', 'W().x = 1', 'E().x = 1',
          'class X: __slots__ = 1', 'class X: __slots__ = ("1a",)', 'class X: __slots__ = (1,)', 'class X: __slots__ = ("a", "a"); \nX().a = 1', 'class X: __slots__ = ("a",); a = 1', 'class X(int): __slots__ = ("a",)',
          'class X(int): __slots__ = ()', 'class X(tuple): __slots__ = ("a",)', 'class X(bytes): __slots__ = ("a",)', 'class X(str): __slots__ = ("a",)', 'class X(list): __slots__ = ("a",)\nx = X([1]); x.a = 2; print(x, x.a)',
          'class X: __slots__ = ("__dict__", "__dict__")', 'class X(C): __slots__ = ("__dict__",)', 'class X(C): __slots__ = ("__weakref__",)', 'class X(A, D): pass', 'class Y: __slots__ = ("k",)\nclass X(A, Y): pass',
          'class Y: __slots__ = ()\nclass X(A, Y): __slots__ = ()\nX().x = 1', 'class X(B, A): pass', 'class X(A, B): pass', 'class X: __slots__ = {"a": "doc a", "b": None}\nprint(X.a.__doc__, X.b.__doc__, X.__slots__)', 'class X: __slots__ = iter(["a"])\nX().a = 1', 'class X: __slots__ = ["__init__"]\nprint(X.__init__)',
          'class X: __slots__ = "abc"\nX().abc = 1', 'class X: __slots__ = ("é",)\nX().é = 1', 'class X: __slots__ = ("class",)\nsetattr(X(), "class", 1)', 'class X: __slots__ = ("__class__",)' if 0 else '1', 'class X: __slots__ = ("a", "__qualname__")', 'del A.x\na.x', 'a.__class__ = B', 'class Y: __slots__ = ("x", "y")\ny = Y(); y.x = 9; y.__class__ = A2; print(y.__class__.__name__)' ):
    t(s)
class F: __slots__ = ('a', 'b')
class G: __slots__ = ('a', 'b')
class H: __slots__ = ('b', 'a')
class J: __slots__ = ('a',)
class K: pass
class L: pass
f = F(); f.a = 1
for cls in (G, H, J, K, int):
    try: f.__class__ = cls; print(type(f).__name__, f.a)
    except TypeError as e: print(e)
k = K(); k.v = 1; k.__class__ = L; print(type(k).__name__, k.v)
for v in (int, 1, object, type, F):
    try: k.__class__ = v
    except TypeError as e: print(e)
try: (1).__class__ = bool
except TypeError as e: print(e)
try: del k.__class__
except TypeError as e: print(e)
k.__dict__ = {'n': 1}; print(k.n, vars(k))
try: k.__dict__ = 1
except TypeError as e: print(e)
del k.__dict__; print(k.__dict__)
class Lie:
    @property
    def __class__(self): return int
print(isinstance(Lie(), int), isinstance(Lie(), Lie), type(Lie()).__name__, Lie().__class__)
