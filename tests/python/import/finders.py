# options: -S
import sys
class Loader:
    @staticmethod
    def create_module(spec):
        return None
    @staticmethod
    def exec_module(module):
        if module.__name__ == "virtual.bad":
            raise ValueError("from the loader")
        module.answer = 42
class Finder:
    log = []
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        cls.log.append((name, path, target))
        if name.startswith("virtual"):
            from importlib.machinery import ModuleSpec
            return ModuleSpec(name, Loader, is_package=name == "virtual")
sys.meta_path.insert(0, Finder)
import virtual
print(virtual.answer, virtual, virtual.__spec__, virtual.__path__)
import virtual.part
print(virtual.part.answer, virtual.part.__package__)
try:
    import virtual.bad
except ValueError as e:
    tb = e.__traceback__
    names = []
    while tb:
        if not tb.tb_frame.f_code.co_filename.startswith('<frozen'):
            names.append(tb.tb_frame.f_code.co_name)
        tb = tb.tb_next
    print(e, names, "virtual.bad" in sys.modules)
try:
    import virtuous
except ImportError as e:
    print(e)
print([n for n, p, t in Finder.log if n.startswith("virtu")])
import colorsys
print(colorsys.rgb_to_hls(0, 0, 0), any(n == "colorsys" for n, p, t in Finder.log))
sys.meta_path.remove(Finder)

class PathFinderLike:
    def __init__(self, path):
        if not path.startswith("mem:"):
            raise ImportError
    def find_spec(self, name, target=None):
        from importlib.machinery import ModuleSpec
        return ModuleSpec(name, Loader) if name == "inmem" else None
sys.path_hooks.append(PathFinderLike)
sys.path.insert(0, "mem:")
import inmem
print(inmem.answer, type(sys.path_importer_cache["mem:"]).__name__)
saved = sys.meta_path[:]
sys.meta_path.clear()
import warnings
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    try:
        import nothing_there
    except ImportError as e:
        print(e)
    print([str(x.message) for x in w])
sys.meta_path = None
try:
    import nothing_there
except ImportError as e:
    print(e)
sys.meta_path = saved
