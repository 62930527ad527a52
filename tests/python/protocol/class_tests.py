# isinstance and issubclass: tuples, unions, hooks, class-like objects, errors.
def show(source, **names):
    try:
        print(source, "->", repr(eval(source, names)))
    except Exception as e:
        print(source, "->", type(e).__name__ + ":", e)


for expression in ["isinstance(1, int)", "isinstance(True, int)", "isinstance(1, (str, (int,)))", "isinstance(1, 2)",
                   "isinstance(1, (2,))", "isinstance(1, int | str)", "isinstance('a', int | None)",
                   "isinstance(None, int | None)", "isinstance(1, list[int])", "isinstance(1, int | list[int])",
                   "isinstance(1, ())", "issubclass(bool, int)", "issubclass(1, int)", "issubclass(int, 1)",
                   "issubclass(int, (str, int))", "issubclass(int, int | str)", "issubclass(int, list[int])",
                   "issubclass(1, int | str)", "isinstance(10 ** 30, int)", "issubclass(int, ())"]:
    show(expression)


class Meta(type):
    def __instancecheck__(cls, o):
        print("  instancecheck", o)
        return o == 5

    def __subclasscheck__(cls, c):
        print("  subclasscheck", c.__name__)
        return "yes"


class M(metaclass=Meta):
    pass


print(isinstance(5, M), isinstance(6, M), issubclass(int, M), isinstance(M(), M))


class Proxy:
    @property
    def __class__(self):
        return dict


print(isinstance(Proxy(), dict), isinstance(Proxy(), Proxy), isinstance(Proxy(), list))


class Like:
    def __init__(self, *bases):
        self.__bases__ = bases


root = Like()
left, right = Like(root), Like(root)
leaf = Like(left, right)
print(issubclass(leaf, root), issubclass(leaf, right), issubclass(root, leaf))
show("issubclass(int, root)", root=root)


class Inst:
    def __init__(self, c):
        self.c = c

    @property
    def __class__(self):
        return self.c


print(isinstance(Inst(leaf), root), isinstance(Inst(root), leaf))
nested = str
for i in range(50000):
    nested = (nested,)
for f, arg in ((isinstance, 1), (issubclass, int)):
    try:
        f(arg, nested)
    except RecursionError as e:
        print(e)


class Raises:
    @property
    def __class__(self):
        raise ValueError("class")


show("isinstance(r, int)", r=Raises())
