import sys, math, builtins
for m in (sys, builtins, math):
    s = m.__spec__
    print(m.__name__, m, repr(m.__package__), s.name, s.origin, repr(s.parent), s.has_location, s.cached,
          s.submodule_search_locations, hasattr(m, "__file__"))
    print(m.__loader__, s.loader is m.__loader__, s)
print(__spec__, __package__, __name__)
import colorsys as os
print(os.__spec__.origin == os.__file__, os.__spec__.has_location, os.__spec__.parent == "")
print(type(os.__spec__), type(os.__loader__), isinstance(os.__loader__, type(os.__loader__)))
print(os.__loader__.name, os.__loader__.path == os.__file__, os.__loader__.is_package("colorsys"))
print(os.__loader__.get_data(os.__file__)[:3])
print(os.__spec__ == os.__spec__, os.__spec__ == 1, os.__spec__ != math.__spec__)
try:
    hash(os.__spec__)
except TypeError as e:
    print(e)
