# SPDX-License-Identifier: MIT
# Errors of unpacking in calls, and of calling what can't be.
def p(s):
    try: print(eval(s))
    except Exception as e: print(type(e).__name__ + ':', e)
def f(*a, **k): return a, k
def g(a, b=1): return a, b
class C:
    def m(self, *a, **k): return a, k
c = C()
class Keys:
    def keys(self): return ['x', 'y']
    def __getitem__(self, k): return k * 2
class BadKeys:
    def keys(self): return [1]
    def __getitem__(self, k): return k
class NoGet:
    def keys(self): return ['a']
class Raises:
    def keys(self): raise RuntimeError('keys')
class RaisesAttr:
    @property
    def keys(self): raise AttributeError('inner')
class It:
    def __iter__(self): raise ValueError('iter')
class It2:
    def __iter__(self): return 5
for s in ('f(*[1], 2, *(3,), **{"a": 1}, b=2, **{"c": 3})', 'f(*1)', 'f(**1)', 'f(*None)', 'f(**None)', 'f(1, *2, 3)',
          'f(a=1, **{"a": 2})', 'f(**{"a": 1}, **{"a": 2})', 'f(**{1: 2})', 'f(**Keys())', 'f(**BadKeys())', 'f(**NoGet())',
          'f(**Raises())', 'f(**RaisesAttr())', 'f(*It())', 'f(*It2())', 'g(1, **{"a": 2})', 'g(1, **{"zz": 2})', 'g(**{"a": 1, "b": 2})',
          'c.m(*1)', 'c.m(**1)', 'c.m(a=1, **{"a": 2})', 'len(*1)', 'len(**1)', 'print(**{"zz": 1})', 'print(**{1: 1})', 'dict(**{1: 2})',
          'None()', '1()', '"a"()', '[]()', '(1, 2)()', '{}()', 'c()', 'C.m()', 'C(1)', 'C(a=1)', 'object(1)', 'object(a=1)', 'int.__new__()',
          'object.__new__()', 'object.__new__(1)', 'object.__new__(int)', 'int.__new__(str)', 'type(c)(1)', 'f(*"abc")', 'f(*{"k": 1})', 'f(**{}, *[])',
          'f(*(i for i in range(3)))', 'f(*range(3), *range(2))', 'max()', 'max(1)', 'max(1, key=1)', 'max([], default=3)',
          'max(1, 2, default=3)', 'len()', 'len(1, 2)', 'len(x=1)', 'abs()', 'ord()', 'chr("a")', 'isinstance(1)', 'isinstance(1, 2)', 'issubclass(1, int)',
          'issubclass(int, 2)', 'getattr(1)', 'getattr(1, 2)', 'getattr(1, "zz")', 'hasattr(1, 2)', 'setattr(1, "a")', 'setattr(1, "a", 2)', 'delattr(1, "a")',
          'iter()', 'iter(1)', 'iter(1, 2)', 'iter(len, 1, 2)', 'next()', 'next(1)', 'next(iter([]))', 'next(iter([]), 5)', 'sum(1)', 'sum(["a"])', 'sum([], "a")',
          'sum([[1], [2]], [])', 'sum([], b"")', 'sum(["a"], "")', 'range()', 'range(1, 2, 0)', 'range("a")', 'range(1.0)', 'range(1, 2, 3, 4)', 'range(a=1)',
          'zip(1)', 'zip([1], 2)', 'list(zip([1], [1, 2], strict=True))', 'list(zip([1, 2], [1], strict=True))', 'map(1)', 'map()', 'list(map(1, [2]))',
          'filter(1)', 'list(filter(1, [2]))', 'enumerate()', 'enumerate(1)', 'enumerate([], "a")', 'reversed(1)', 'reversed({1})', 'sorted(1)', 'sorted([1, "a"])', 'pow(1)', 'pow(1, 2, 0)', 'pow(2, -1, 4)', 'pow(2.0, 1, 2)', 'pow(0, -1)', 'divmod(1)', 'divmod(1, 0)', 'round()', 'round("a")', 'round(1, "a")', 'round(1.5, 2.0)',
          'hash([])', 'hash({})', 'hash(set())', 'hash((1, []))', 'hash(slice(1))', 'bin(1.0)', 'hex("a")', 'oct(None)', 'chr(-1)', 'chr(0x110000)', 'ord("ab")', 'ord(b"ab")', 'ord(1)', 'chr(2**70)',
          'callable()', 'vars(1)', 'dir(1, 2)', 'format()', 'format(1, 2)', 'input(1, 2)', 'open()', 'open(1.0)', 'exec(1)', 'eval(1)', 'compile()', 'compile("1", "f", "bad")', '__import__()', '__import__(1)',
          '__import__("")', 'type()', 'type(1, 2)', 'type(1, 2, 3)', 'type("a", 1, {})', 'type("a", (), 1)', 'type("a", (1,), {})', 'super()', 'super(1)', 'super(int, 1.5)', 'super(int, str)', 'property(1, 2, 3, 4, 5)', 'staticmethod()', 'classmethod()', 'slice()', 'slice(1, 2, 3, 4)'):
    print(s, '->', end=' '); p(s)
