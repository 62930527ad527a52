# Module objects: attributes, hooks, repr.
import types

M = types.ModuleType


def show(source):
    try:
        print(source, "->", repr(eval(source, globals())))
    except Exception as e:
        print(source, "->", type(e).__name__ + ":", e)


def run(source):
    names = {"types": types, "M": M, "m": M("a")}
    try:
        exec(source, names)
        print(source.replace("\n", "; "), "->", names.get("x", "ok"))
    except Exception as e:
        print(source.replace("\n", "; "), "->", type(e).__name__ + ":", e)


for source in ["M()", "M(1)", "M('a')", "M('a').x", "M('a', 'd').__doc__", "M('a').__dict__", "dir(M('a'))",
               "M.__new__(M)", "M.__new__(M).x", "M.__new__(M).__dict__", "M('a').__annotations__", "M(name='q', doc=5).__doc__"]:
    show(source)
for source in ["m.__spec__ = types.SimpleNamespace(_initializing=True)\nm.x", "m.__name__ = 1\nm.x", "del m.__name__\nm.x",
               "m.__getattr__ = lambda n: n * 2\nx = m.ab", "m.__getattr__ = 1\nm.x", "m.__dir__ = lambda: ['q']\nx = dir(m)",
               "m.__dict__ = 1", "del m.x", "m.__file__ = 'f'\nx = m", "m.__loader__ = 3\nx = m", "m.y = 5\nx = m.y",
               "m.__spec__ = types.SimpleNamespace(name='q', origin=None, has_location=False, loader=None)\nx = m",
               "m.__spec__ = types.SimpleNamespace(name='q', origin='built-in', has_location=False, loader=None)\nx = m",
               "m.__spec__ = types.SimpleNamespace(name='q', origin='/x', has_location=True, loader=None)\nx = m",
               "m.__spec__ = types.SimpleNamespace(name='q', origin=None, has_location=False, loader=3)\nx = m",
               "m.__annotations__ = 5\nx = m.__annotations__", "del m.__annotations__",
               "m.__dict__['__dir__'] = 5\ndir(m)", "m.__init__('b')\nx = m.__name__"]:
    run(source)


class Sub(M):
    @property
    def prop(self):
        return "computed"


s = Sub("s")
s.z = 1
print(s, s.prop, s.z, sorted(s.__dict__))
