# isinstance and issubclass of abstract classes: asked again, after registration, after a change.
import _abc
import abc
import gc
from collections.abc import Hashable, Mapping, Sequence


class Base(abc.ABC):
    pass


class A:
    pass


class B:
    pass


def ask():
    return [isinstance(A(), Base), isinstance(B(), Base), issubclass(A, Base), issubclass(B, Base)]


print(ask(), ask())
Base.register(A)
print(ask(), ask())
A.changed = 1
print(ask(), ask())
Base.register(B)
print(ask(), ask())
_abc._reset_caches(Base)
print(ask(), ask())
_abc._reset_registry(Base)
_abc._reset_caches(Base)
print(ask(), ask())


class Hooked(metaclass=abc.ABCMeta):
    @classmethod
    def __subclasshook__(cls, C):
        print("hook", C.__name__)
        return "go" in C.__dict__ or NotImplemented


class C:
    pass


print(isinstance(C(), Hooked), isinstance(C(), Hooked))
Base.register(int)  # negative answers are void
print(isinstance(C(), Hooked), isinstance(C(), Hooked))
C.go = 1
Base.register(str)
print(isinstance(C(), Hooked), isinstance(C(), Hooked))
for _ in range(3):
    for cls in [type("T%d" % k, (), {}) for k in range(9)]:
        assert not isinstance(cls(), Mapping) and isinstance(cls(), Hashable)
    gc.collect()
print([isinstance(x, Mapping) for x in ({}, [], 1, "")] * 2)
print([isinstance(x, Sequence) for x in ({}, [], 1, "", (), b"")] * 2)


class Liar:
    @property
    def __class__(self):
        return dict


print(isinstance(Liar(), Mapping), isinstance(Liar(), Mapping), isinstance(Liar(), Sequence))
