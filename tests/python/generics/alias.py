# types.GenericAlias, types.UnionType, types.SimpleNamespace.
import types


class TypeVar:
    """What GenericAlias asks of a type variable; typing's own needs modules that this test should not."""

    def __init__(self, name):
        self.name = name

    def __typing_subst__(self, arg):
        return arg

    def __repr__(self):
        return "~" + self.name


T, S = TypeVar("T"), TypeVar("S")


def show(source):
    try:
        print(source, "->", repr(eval(source, globals())))
    except Exception as e:
        print(source, "->", type(e).__name__ + ":", e)


class C:
    def __class_getitem__(cls, item):
        return types.GenericAlias(cls, item)

    attr = "attribute"


for source in ["list[int]", "dict[str, list[int]]", "tuple[()]", "tuple[int, ...]", "list[None]", "list['x']", "list[T]",
               "type[int]", "C[int]", "list[int] == list[int]", "list[int] == list[str]", "hash(list[int]) == hash(list[int])",
               "list[int].__origin__", "list[int].__args__", "list[int].__parameters__", "dict[T, S].__parameters__",
               "dict[T, list[T]].__parameters__", "dict[T, S][int, str]", "dict[T, list[T]][int]", "list[T][int]",
               "list[int][int]", "dict[T, S][int]", "list[T][int, str]", "list[int]([1, 2])", "list[int].append is list.append",
               "C[int].attr", "C[int]().__orig_class__", "isinstance([], list[int])", "issubclass(list, list[int])",
               "list[int].__mro_entries__(())", "list[int].__reduce__()", "[*tuple[int, str]]", "list(tuple[int])[0].__unpacked__",
               "list[int].__unpacked__", "types.GenericAlias(1)", "types.GenericAlias(list, int)", "types.GenericAlias(list, (int, str))",
               "list[int] | None", "list[int].__class__", "type(list[int])", "tuple[*tuple[int, str]]", "list[int].nope",
               "int | str", "int | None", "None | int", "int | int", "int | str | int", "int | (str | float)", "int | 1", "1 | int",
               "(int | str) == (str | int)", "hash(int | str) == hash(str | int)", "(int | str).__args__", "int | list[T]",
               "(int | list[T])[str]", "(int | list[T]).__parameters__", "(T | int)", "type(int | str)", "types.UnionType()",
               "isinstance(1, int | str)", "isinstance(1, str | list[int])", "(int | str) | None", "int | C"]:
    show(source)


class Sub(list[int]):
    pass


print(Sub.__bases__, Sub.__orig_bases__, Sub([1]))
N = types.SimpleNamespace
for source in ["N()", "N(a=1, b='x')", "N(1)", "N(a=1) == N(a=1)", "N(a=1) == N(a=2)", "N(a=1) == {'a': 1}", "N(a=1).b",
               "N(a=1).__dict__", "hash(N())", "N(a=1).__reduce__()", "N(**{'x y': 1})", "N(a=1) < N(a=2)"]:
    show(source)
n = N()
n.self = n
n.x = 5
del n.x
print(n)


class Named(N):
    pass


print(Named(q=1))
