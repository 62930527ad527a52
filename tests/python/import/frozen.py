# Frozen modules: what _imp and FrozenImporter say of them.
import _imp
import importlib
import importlib.machinery
import importlib.util
import io
import os
import posixpath
import sys
import traceback

ours = {"_channels_aio", "_quiver_host", "dis", "opcode"}  # Quiver's own; and below these:
ours_below = ("concurrent.interpreters", "concurrent.futures.")
names = [n for n in _imp._frozen_module_names() if n not in ours and not n.startswith(ours_below)]
print(names)
for name in names + ["concurrent", "os.nothing", ""]:
    found = _imp.find_frozen(name)
    print(name, found, _imp.is_frozen(name), found and _imp.is_frozen_package(name))

for m in (os, io, posixpath, importlib.util, importlib):
    spec = m.__spec__
    print(m.__name__, m.__file__, hasattr(m, "__cached__"), isinstance(m.__loader__, type), spec.loader is m.__loader__)
    print(" ", spec.origin, spec.loader_state, spec.has_location, spec.submodule_search_locations)
print(os, os.makedirs.__code__.co_filename, posixpath.join.__code__.co_filename)
try:
    os.environ["no such variable of this test"]
except KeyError:
    print(traceback.format_exc().splitlines()[3])

import __hello__, __phello__.ham.eggs, __phello__.spam, __hello_alias__, __phello_alias__.spam
import __hello_only__

for m in (__hello__, __phello__, __phello__.ham, __phello__.ham.eggs, __phello__.spam, __hello_alias__,
          __phello_alias__, __phello_alias__.spam, __hello_only__):
    print(m, m.__package__, vars(m).get("__file__"), vars(m).get("__path__"), vars(m).get("initialized"))
    print(" ", m.__spec__, m.__spec__.loader_state)
__hello__.main()

data, package, origin = _imp.find_frozen("__hello__", withdata=True)
print(type(data).__name__, package, origin)
code = _imp.get_frozen_object("__hello__")
print(code.co_filename, code.co_name, _imp.get_frozen_object("__phello__.ham").co_filename)
print(importlib.machinery.FrozenImporter.find_spec("__phello__.spam"))
print(importlib.machinery.FrozenImporter.get_source("__hello__"))
print(importlib.util.find_spec("os").loader_state, importlib.util.find_spec("site").origin)

_imp._override_frozen_modules_for_tests(-1)
print(_imp.is_frozen("os"), _imp.is_frozen("zipimport"), _imp.find_frozen("__hello__"))
spec = importlib.util.find_spec("runpy")
print(spec.origin, spec.has_location)
_imp._override_frozen_modules_for_tests(0)
print(_imp.is_frozen("os"))

bad = [(), (1,), ("x",), ("__hello__", b""), ("__hello__", 3), ("os", None)]
for f in (_imp.get_frozen_object, _imp.is_frozen, _imp.find_frozen, _imp.is_frozen_package,
          _imp.is_builtin, _imp.exec_dynamic):
    for a in bad:
        try:
            r = f(*a)
            print(f.__name__, a, r if not hasattr(r, "co_name") else r.co_filename)
        except Exception as e:
            print(f.__name__, a, type(e).__name__, e, getattr(e, "name", None))
