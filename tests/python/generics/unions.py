# SPDX-License-Identifier: MIT
# X | Y, list[int] and friends: construction, comparison, errors.
import types, sys
def t(s):
    try: r = eval(s, G); print(s, '=', r)
    except Exception as e: print(s, '|', type(e).__name__, e)
class A: pass
class CG:
    def __class_getitem__(cls, k): return types.GenericAlias(cls, k)
class Meta(type):
    def __or__(cls, o): return 'meta or'
    def __ror__(cls, o): return 'meta ror'
class M(metaclass=Meta): pass
T = type('T', (), {'__or__': lambda s, o: 'inst or', '__ror__': lambda s, o: 'inst ror'})()
G = globals()
for s in ('int | str', 'int | None', 'None | int', 'int | int', 'int | str | int', '(int | str) | (str | bytes)', 'int | 5', '5 | int', 'int | "x"', 'int | A', 'int | list[int]', 'list[int] | None', 'list[int] | list[int]', 'int | M', 'M | int', 'int | T', 'T | int', 'type(int | str)', '(int | str).__args__', '(int | str).__parameters__', 'int | str == str | int', '(int | str) == (str | int)', 'hash(int | str) == hash(str | int)', '(int | str) == int', 'isinstance(1, int | str)', 'isinstance(1, int | None)', 'isinstance(None, int | None)', 'isinstance(1, int | list[int])', 'issubclass(bool, int | str)', 'issubclass(type(None), int | None)', 'repr(int | None)', 'repr(A | None)', '(int | str)[int]', '(list[int] | str)[int]', 'int | str | None | bytes', 'None | None', '... | int', 'int | ...', 'int | NotImplemented', 'type | None', 'object | int', '(int | str).x', '(int | str)()', 'types.UnionType', 'types.UnionType()', 'type("S", (types.UnionType,), {})', 'bool(int | str)', 'int & str', 'int + str', '(int | str) | 5', '(int | str) < int', 'len(int | str)', 'list((int | str).__args__)', 'int.__or__(int, str)', 'type.__or__(int, str)', 'type.__or__(int, 5)', 'type.__ror__(int, str)',
          'list[int]', 'list[int, str]', 'dict[str, int]', 'tuple[()]', 'tuple[int, ...]', 'list["x"]', 'list[5]', 'type[int]', 'set[int]', 'frozenset[int]', 'list[list[int]]', 'int[str]', 'str[int]', 'A[int]', 'CG[int]', 'CG[int, str]', 'list[int].__origin__', 'list[int].__args__', 'list[int].__parameters__', 'list[int]([1, 2])', 'dict[str, int](a=1)', 'list[int] == list[int]', 'list[int] == list[str]', 'hash(list[int]) == hash(list[int])', 'list[int] is list[int]', 'isinstance([], list[int])', 'issubclass(list, list[int])', 'issubclass(list[int], list)', 'list[int].append', 'list[int].__class__', 'type(list[int])', 'list[int].__mro_entries__(())', 'list[int].x', 'list[int].__doc__ == list.__doc__', 'list[int].__name__', 'types.GenericAlias(int, (str,))', 'types.GenericAlias(int, str)', 'types.GenericAlias(5, 6)', 'types.GenericAlias(int)', 'types.GenericAlias(list, int)[str]', 'list[int][str]', 'list[()]', 'list[int].__reduce__()', 'repr(list[A])', 'repr(dict[str, list[int | None]])', 'repr(list[None])', 'repr(tuple[..., int])', '[*list[int]]', 'next(iter(list[int]))', '*list[int],', '(*tuple[int, str],)[0].__unpacked__', 'list[int].__unpacked__', 'dir(list[int])[:3]', 'list[int] < list[str]', 'callable(list[int])', 'list[lambda: 0].__args__[0].__name__', 'enumerate[int]', 'slice[int]', 'range[int]', 'memoryview[int]', 'type(None)[int]', 'property[int]', 'staticmethod[int]', 'zip[int]', 'BaseExceptionGroup[int]', 'types.GenericAlias.__mro__', 'isinstance(list[int], type)', 'list[int] | int', '(list[int] | int).__args__'): t(s)
class Sub(list[int]): pass
print(Sub.__bases__, Sub.__orig_bases__, Sub([1]))
class Sub2(CG[int], dict[str, int]): pass
print(Sub2.__bases__, Sub2.__orig_bases__)
try:
    class Bad(int | str): pass
except TypeError as e: print(e)
