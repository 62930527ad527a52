import os, sys
here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
sys.path[:0] = [os.path.join(here, "ns1"), os.path.join(here, "ns2")]
import spread
rel = lambda p: os.path.relpath(p, here)
print(spread.__name__, [rel(p) for p in spread.__path__], spread.__spec__.origin, type(spread.__path__).__name__)
print(getattr(spread, "__file__", "none"), type(spread.__loader__).__name__, spread.__package__)
import spread.one, spread.two
print(spread.one.one, spread.two.two)
print(rel(spread.two.__file__))
try:
    import spread.three
except ImportError as e:
    print(repr(e))
print(repr(spread).replace(here, "R").split(" object")[0])
