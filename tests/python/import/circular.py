import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "data"))
root = sys.path[0]
for name in ("circ.a", "circ.c"):
    try:
        __import__(name)
    except (ImportError, AttributeError) as e:
        print(type(e).__name__, str(e).replace(root, "R"))
    print([n for n in sys.modules if n.startswith("circ")])
import circ.e
print(circ.e.g.val2, circ.f.h is circ.e)
