import os, sys
here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
sys.path.insert(0, here)

import pkg
print(pkg.__name__, pkg.__package__, pkg.__doc__, pkg.value, pkg.alpha.beta_name)
print([os.path.relpath(p, here) for p in pkg.__path__], os.path.relpath(pkg.__file__, here))
import pkg.sub
print(pkg.sub.name, pkg.sub.seen, hasattr(pkg.sub, "hidden"), pkg.sub.deep.hidden)
import pkg.sub.deep as d
print(d is sys.modules["pkg.sub.deep"], d.__package__, d.__spec__.parent)
from pkg import sub, alpha as al
print(sub, al.name) if False else print(sub is pkg.sub, al.name)

for m in (pkg, pkg.alpha, pkg.sub):
    s = m.__spec__
    print(s.name, s.parent, s.has_location, os.path.relpath(s.origin, here), s.loader is m.__loader__,
          s.submodule_search_locations == getattr(m, "__path__", None), s._initializing)
print(list(pkg.__dict__)[:9])

def fails(code):
    try:
        exec(code, {"__name__": "x", "__package__": None, "__spec__": None})
    except Exception as e:
        print(code, "->", type(e).__name__, e, getattr(e, "name", None), type(getattr(e, "path", None)).__name__)

fails("import nope")
fails("import nope.deeper")
fails("import pkg.nope")
fails("import pkg.alpha.nope")
fails("from pkg import nope")
fails("from pkg.nope import x")
fails("from nope import x")
fails("from . import x")
fails("from .. import x")
fails("import os.path.nope")
fails("__import__('')")
fails("__import__('a', level=-1)")
fails("__import__(1)")
fails("__import__('pkg', fromlist=[1])")
fails("from star.worse import *")
fails("import broken.wants")
fails("import broken.raises")
fails("import broken.syntax")
fails("import broken.gone")
fails("from sys import nope")
fails("from pkg.alpha import nope")

for pack, level, what in (("pkg.sub", 1, "deep"), ("pkg.sub", 2, "beta"), ("pkg.sub", 3, "x"), ("", 1, "x"),
                          ("notthere", 1, "x"), (5, 1, "x")):
    try:
        m = __import__(what, {"__package__": pack, "__name__": "n"}, None, ["a"], level)
        print(m.__name__)
    except Exception as e:
        print(pack, level, what, "->", type(e).__name__, e)

print("broken.raises" in sys.modules, "broken" in sys.modules, "pkg.nope" in sys.modules)
import broken.other
print(broken.other)

sys.modules["halted"] = None
fails("import halted")
sys.modules["pkg.stopped"] = None
fails("from pkg import stopped")
fails("import pkg.stopped")
