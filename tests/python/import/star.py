import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "data"))
ns = {}
exec("from star import *", ns)
print(sorted(k for k in ns if not k.startswith("__")), ns["sub"].z)
ns = {}
exec("from star.plain import *", ns)
print(sorted(k for k in ns if not k.startswith("__")))
for name in ("bad", "worse"):
    try:
        exec(f"from star.{name} import *", {})
    except Exception as e:
        print(type(e).__name__, e)
from lazyattr import made
print(made)
import lazyattr
print(dir(lazyattr), lazyattr.made)
try:
    lazyattr.other
except AttributeError as e:
    print(e)
try:
    from lazyattr import other
except ImportError as e:
    print(str(e).split(" (")[0])
