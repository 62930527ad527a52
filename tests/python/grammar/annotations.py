# SPDX-License-Identifier: MIT
# Annotations of variables, parameters and classes; evaluated at once without the future import.
x: int = 1
y: 'str'
z: print('evaluated')
print(__annotations__)
def f(a: int, b: 'x' = 2, /, c: list = 3, *args: tuple, d: dict = 4, **kw: set) -> None: pass
print(f.__annotations__, f.__defaults__, f.__kwdefaults__)
class C:
    a: int
    b: str = 'b'
    c.d if 0 else None
    __p: float
    (e): int = 3
    f.x: int if 0 else 1
    (g) : int
print(C.__annotations__, C.b, C.e, hasattr(C, 'a'))
def local():
    v: undefined_name_is_fine
    w: also_fine = 5
    return w, 'v' in locals()
print(local())
def unbound():
    v: int
    return v
try: unbound()
except UnboundLocalError as e: print(e)
def order():
    print('value', end=' ')
    return {}
order()['k']: print('target annotation') = print('val')
(order()).attr: print('only evaluated')  if 0 else 1
try:
    no.such: int
except NameError as e: print(e)
lst = [0]
lst[0]: int = 7
print(lst, 'lst' in __annotations__)
print(lambda: 0)if 0 else None
def g(*args: *tuple[int, ...]): pass
print(g.__annotations__)
try:
    bad: undefined
except NameError as e: print(e)
def h(a: (lambda: 1)() = 2): pass
print(h.__annotations__)
h.__annotations__ = {'q': 1}
print(h.__annotations__)
try: h.__annotations__ = 3
except TypeError as e: print(e)
del h.__annotations__
print(h.__annotations__)
class D(C): pass
print(D.__annotations__ if '__annotations__' in D.__dict__ else 'inherited or empty', 'x' in D.__dict__)
class E: pass
print(E.__annotations__, '__annotations__' in E.__dict__)
E.__annotations__['z'] = 1
print(E.__annotations__)
del E.__annotations__
try: del E.__annotations__
except AttributeError as e: print(e)
try: int.__annotations__
except AttributeError as e: print(e)
t: tuple = 1, 2
u: tuple = *t, 3
print(t, u)
for i in range(2):
    in_loop: int = i
print(__annotations__['in_loop'])
