# SPDX-License-Identifier: MIT
# property, classmethod, staticmethod, slots descriptors, method objects.
class C:
    'doc of C'
    __slots__ = ('a', 'b', '__dict__')
    def m(self): 'm doc'; return self
    @classmethod
    def c(cls): 'c doc'; return cls
    @staticmethod
    def s(x=1): 's doc'; return x
    p = property(lambda self: 'got', lambda self, v: print('set', v), lambda self: print('del'), 'p doc')
    ro = property(lambda self: 1)
    wo = property(None, lambda self, v: None)
    no = property()
c = C()
print(c.p, C.p.__doc__, C.p.fget(c), C.__doc__, C.a, c.m.__doc__, C.c.__doc__, c.s.__doc__)
c.p = 1; del c.p
for st in ('c.ro = 1', 'del c.ro', 'c.wo', 'del c.wo', 'c.no', 'c.no = 1', 'del c.no', 'c.a', 'del c.a', 'C.a.__get__(1)', 'C.a.__set__(1, 2)', 'C.p.__get__(None)', 'C.m()', 'c.m(1)', 'C.p()', 'C.m.__get__(None)', 'c.m.x = 1', 'c.m.__func__ = 1', 'C.c.__func__()', 'C.p.fget = 1', 'property().getter(1).fget', 'c.s(1, 2)'):
    try: print(st, eval(st) if '=' not in st and 'del' not in st else exec(st))
    except Exception as e: print(st, '|', type(e).__name__, str(e).split(' at 0x')[0])
c.a = 5; print(c.a, C.a.__get__(c), C.a.__name__, C.a.__objclass__, repr(C.a))
print(c.m == c.m, c.m is c.m, c.m.__self__ is c, c.m.__func__ is C.m, C.c.__self__ is C, hash(c.m) == hash(c.m), c.m != C().m)
print(C.__dict__['c'].__func__.__name__, C.__dict__['s'].__func__ is C.s, C.__dict__['c'].__wrapped__.__name__, C.__dict__['s'](7), C.__dict__['c'].__isabstractmethod__)
print(repr(C.__dict__['s'])[:26], repr(C.__dict__['c'])[:25])
try: C.__dict__['c']()
except TypeError as e: print(e)
class Sub(C):
    __slots__ = ('d',)
    p = C.p.getter(lambda self: 'sub')
    def m(self): return super().m()
s = Sub(); print(s.p, s.c(), Sub.c, s.m() is s) if 0 else print(s.p, s.c() is Sub, s.m() is s)
print(super(Sub, s).m() is s, super(Sub, Sub).c() is Sub, super(Sub, s).p, super(Sub, s).__thisclass__, super(Sub, s).__self__ is s, super(Sub, s).__self_class__)
try: super(Sub, s).zz
except AttributeError as e: print(e)
try: super(Sub, c)
except TypeError as e: print(e)
try: super(Sub, s).a = 1
except AttributeError as e: print('set', e)
class PD(property):
    pass
class Q:
    x = PD(lambda s: 1, doc='own doc')
    @PD
    def y(self): 'y doc'
print(Q.x.__doc__, Q.y.__doc__, Q().x, type(Q.x.getter(len)).__name__)
class Base:
    @property
    def val(self): return 'base'
class Der(Base):
    @Base.val.setter
    def val(self, v): self.__dict__['v'] = v
d = Der(); d.val = 3; print(d.val, d.v)
print([k for k in ('fget', 'fset', 'fdel', '__doc__', '__isabstractmethod__') if hasattr(property(), k)], property().__isabstractmethod__)
import types
f = types.MethodType(lambda self, *a: (self, a), 5); print(f(1), f.__self__)
try: types.MethodType(1, 2)
except TypeError as e: print(e)
try: types.MethodType(len, None)
except TypeError as e: print(e)
print(types.MethodType(len, 'abc')(), [].append.__self__, str.join.__objclass__, 'a'.join.__qualname__, str.join.__qualname__, int.__add__, (1).__add__.__name__, (1).__add__.__self__)
print(type(int.__add__), type((1).__add__), type(str.join), type(''.join), type(dict.__dict__['fromkeys']), type(int.real), type(C.a), type(C.__dict__['__dict__']))
for st in ('str.join()', 'str.join(1, [])', 'int.__add__()', 'int.__add__("a", 1)', '(1).__add__()', '(1).__add__(1, 2)', 'str.__len__(1)', 'dict.fromkeys()', 'int.real.__get__("a")', 'list.append(1, 2)', 'list.append([])', '[].append()', '"a".__getitem__()', 'object.__init__()', 'type.mro()', 'dict.__dict__["fromkeys"]()', '(1).__lt__()', 'int.__lt__(1)', 'list.__init__()', 'list.__init__(1)', '[].__init__(1, 2)', 'tuple.__new__()', 'tuple.__new__(1)', 'tuple.__new__(list)', 'tuple.__new__(tuple, 1, 2)', '[].__setitem__(1)', '[].__delitem__()', '().__contains__()', '(1).__pow__(1, 2, 3)', '(1).__bool__(1)', 'iter([]).__next__(1)', '(1).__hash__(1)', '"".__repr__(1)', '(lambda: 0).__call__(1)', '(lambda: 0).__get__()'):
    try: print(st, eval(st))
    except Exception as e: print(st, '|', type(e).__name__, e)
