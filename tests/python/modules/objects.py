# SPDX-License-Identifier: MIT
# Module objects: attributes, __getattr__, __dir__, repr, deletion, subclassing.
import sys, types
m = types.ModuleType('mod', 'the doc'); print(m, m.__name__, m.__doc__, m.__dict__, m.__spec__, m.__loader__, m.__package__)
def t(f):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
t(lambda: m.x); m.x = 1; t(lambda: m.x); del m.x; t(lambda: m.x)
def de(): del m.x
t(de); t(lambda: types.ModuleType()); t(lambda: types.ModuleType(5)); t(lambda: types.ModuleType('a', 'b', 'c')); t(lambda: types.ModuleType(name='n').__name__)
m.__getattr__ = lambda k: 'ga ' + k; t(lambda: m.anything); t(lambda: m.__name__); t(lambda: hasattr(m, 'qq')); m.__dir__ = lambda: ['z', 'a']; t(lambda: dir(m))
def bad(k): raise AttributeError('no ' + k)
m.__getattr__ = bad; t(lambda: m.qq); t(lambda: hasattr(m, 'qq')); m.__getattr__ = 5; t(lambda: m.qq); del m.__getattr__, m.__dir__
t(lambda: dir(m)); del m.__name__; t(lambda: m.qq); t(lambda: repr(m)); m.__name__ = 5; t(lambda: m.qq); t(lambda: repr(m)); m.__name__ = 'mod'
m.__file__ = '/x.py'; t(lambda: repr(m)); m.__loader__ = 'L'; t(lambda: repr(m)); del m.__file__; t(lambda: repr(m))
class Spec: name = 's'; origin = 'o'; has_location = True; loader = None; _initializing = False
m.__spec__ = Spec(); t(lambda: repr(m))
def sd(): m.__dict__ = {}
t(sd)
class Sub(types.ModuleType):
    attr = 'class attr'
    def __getattr__(self, k): return 'sub ' + k
    @property
    def prop(self): return 'prop of ' + self.__name__
s = Sub('sub'); t(lambda: (s.attr, s.prop, s.other))
m2 = types.ModuleType('m2'); m2.__class__ = Sub; t(lambda: (m2.prop, m2.zz))
def sc(): m2.__class__ = int
t(sc)
sys.modules['fake_mod'] = types.SimpleNamespace(a=1, b=2)
import fake_mod; print(fake_mod.a)
from fake_mod import b; print(b)
t(lambda: exec('from fake_mod import nope')); t(lambda: exec('import fake_mod.sub'))
sys.modules['blocked'] = None
t(lambda: exec('import blocked'))
t(lambda: exec('from . import x', {'__name__': 'top'})); t(lambda: exec('from .a import x', {'__name__': 'top', '__package__': ''})); t(lambda: exec('from .. import x', {'__name__': 'p.q', '__package__': 'p'})); t(lambda: exec('import a.b.c.d'))
t(lambda: __import__('sys').__name__); t(lambda: __import__('os.path').__name__); t(lambda: __import__('os.path', fromlist=['join']).__name__); t(lambda: __import__('nope_x')); t(lambda: __import__('')); t(lambda: __import__('sys', level=-1)); t(lambda: __import__('x', level=1))
import os.path as p; print(p.__name__ == os_path if (os_path := 'posixpath') else 0)
from os import path as q, sep; print(q is p, sep)
import os, os.path; print(os.path is p)
def fn():
    import math, sys as s2
    from math import (pi, e as E,)
    return sorted(locals())
print(fn())
exec('from math import *', ns := {}); print(ns['floor'](1.5), '__name__' in ns, '__builtins__' in ns)
m3 = types.ModuleType('star'); m3.__all__ = ['a', '_b']; m3.a, m3._b, m3.c = 1, 2, 3; sys.modules['star'] = m3
exec('from star import *', ns := {}); print(sorted(k for k in ns if k[:2] != '__'))
m3.__all__ = ['nope']; t(lambda: exec('from star import *', {})); m3.__all__ = [5]; t(lambda: exec('from star import *', {})); m3.__all__ = 5; t(lambda: exec('from star import *', {})); del m3.__all__; exec('from star import *', ns := {}); print(sorted(k for k in ns if k[:2] != '__'))
print(types.SimpleNamespace(b=1, a=2), types.SimpleNamespace(a=1) == types.SimpleNamespace(a=1), types.SimpleNamespace().__dict__); t(lambda: types.SimpleNamespace(1)); t(lambda: types.SimpleNamespace(**{'a b': 1})); n = types.SimpleNamespace(); n.me = n; print(n); t(lambda: n.x); t(lambda: types.SimpleNamespace() < types.SimpleNamespace())
print(types.MappingProxyType({'a': 1}), dict(types.MappingProxyType({'a': 1}) | {'b': 2})); mp = types.MappingProxyType({'a': 1}); t(lambda: mp.__setitem__('b', 1)); t(lambda: exec('mp["x"] = 1', {'mp': mp})); t(lambda: types.MappingProxyType(5)); t(lambda: types.MappingProxyType([1])); print(mp == {'a': 1}, len(mp), list(mp), 'a' in mp, mp.get('z'), mp.copy(), hash(types.MappingProxyType) != 0); t(lambda: hash(mp)); t(lambda: list(reversed(mp)))
