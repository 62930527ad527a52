# options: -S
import sys, os
before = list(sys.meta_path), list(sys.path_hooks)
import colorsys
early = colorsys.__loader__, colorsys.__spec__.loader
import importlib, importlib.util, importlib.machinery as mach
print(sys.meta_path)
print(sys.path_hooks[0], sys.path_hooks[1].__name__)
print(before[0] == sys.meta_path, before[1] == sys.path_hooks)
print(type(colorsys.__loader__) is mach.SourceFileLoader, colorsys.__loader__ == early[0],
      isinstance(early[0], mach.SourceFileLoader), type(colorsys.__spec__) is mach.ModuleSpec)
m = importlib.import_module("colorsys")
print(m is colorsys)
again = importlib.reload(m)
print(again is m, m.rgb_to_hsv(1, 0, 0))
print(importlib.import_module(".path", "os"), file=sys.stderr) if False else None
try:
    importlib.import_module(".x")
except TypeError as e:
    print(e)
try:
    importlib.import_module("os.nope")
except ImportError as e:
    print(repr(e), e.name)
s = importlib.util.find_spec("this")
print(s.name, s.origin.endswith("this.py"), s.loader.__class__.__name__)
print(importlib.util.find_spec("nope"), importlib.util.find_spec("sys"))
mod = importlib.util.module_from_spec(importlib.util.spec_from_loader("made", loader=None))
print(mod)
print(importlib.util.resolve_name(".x.y", "a.b"))
spec = mach.ModuleSpec("n", None, origin="o", is_package=True)
print(spec, spec.parent, spec.cached, spec.has_location)
spec.has_location = 1
spec.cached = "c"
print(spec.cached, spec.has_location, sorted(vars(spec)) != [], mach.ModuleSpec("a.b", 1).parent)
import math
print(mach.BuiltinImporter.find_spec("math"), mach.BuiltinImporter.find_spec("os"))
print(importlib.util.source_hash(b"hello")[:0], len(importlib.util.source_hash(b"hello")))
print(importlib.util.MAGIC_NUMBER[2:], len(importlib.util.MAGIC_NUMBER))
print(__import__("os.path").__name__, importlib.__import__("os.path").__name__)
import _imp
print(_imp.is_builtin("sys"), _imp.is_builtin("os"), _imp.is_frozen("nope"), _imp.lock_held())
_imp.acquire_lock(); _imp.acquire_lock()
print(_imp.lock_held())
_imp.release_lock(); _imp.release_lock()
try:
    _imp.release_lock()
except RuntimeError as e:
    print(e)
print(_imp.source_hash(key=1, source=b"x" * 20).hex(), _imp.source_hash(3495, b"").hex())
try:
    _imp.get_frozen_object("nope")
except ImportError as e:
    print(e, e.name)
