# A loader may tell the repr of its modules.
from types import ModuleType


class Loader:
    @classmethod
    def module_repr(cls, m):
        return f"<crafted {m.__name__}>"


class Fails:
    @classmethod
    def module_repr(cls, m):
        raise ValueError


m = ModuleType("foo")
m.__loader__ = Loader
print(m)
m.__file__ = "/tmp/foo.py"
print(m)
m.__loader__ = Fails
print(m)
del m.__file__
m.__loader__ = None
print(m)
