# The names of the built-in types and of the modules in C: what dir() shows, which have a __doc__,
# and the signatures that inspect reads. Recorded from CPython 3.11.
import importlib

MODULES = """sys builtins _io posix _codecs _thread _weakref _warnings marshal time _signal _abc
_functools _operator itertools _collections _sre errno _string atexit _opcode _struct math binascii
_ast gc""".split()

# Intended differences: names that are passed over on both sides.
PASS = {
    # of the machinery, the build or the start-up
    "__builtins__", "__loader__", "__spec__", "__file__", "_", "__cached__",
    # sizes: the layouts are Quiver's own, some types need no __sizeof__ besides object's
    "__sizeof__",
    # slots that CPython's types define anew where Quiver's inherit them, or the other way round
    "__getstate__", "__bool__", "__bytes__", "__reversed__",
    # the pointer of CPython's fast calls
    "__vectorcalloffset__",
    # CPython has it in the namespace of heap types only
    "__module__",
}
PASS_IN = {
    "sys": {"__interactivehook__", "_getquickenedcount", "_git", "_base_executable", "_home",
            "abiflags", "gettotalrefcount", "last_type", "last_value", "last_traceback", "ps1",
            "ps2"},
    "_sre": {"copyright"},
    # descriptors here, attributes of instances there
    "_io.FileIO": {"name"},
    "_io.TextIOWrapper": {"mode"},
    # CPython's classes have weak references without the attribute, or are heap types
    "builtins.ExceptionGroup": {"__weakref__"},
}
# Struct sequences keep their hidden fields as attributes of the instance.
HIDDEN = {"_hidden_fields", "__dict__"}


def names_of(path, o):
    skip = PASS | PASS_IN.get(path, set())
    if isinstance(o, type) and hasattr(o, "n_sequence_fields"):
        skip = skip | HIDDEN
    return [n for n in dir(o) if n not in skip]


def wrapped(head, words):
    line = head
    for w in words:
        if len(line) + len(w) > 98:
            print(line)
            line = "   "
        line += " " + w
    print(line)


INHERITED = set(dir(object))
seen = set()


def show_type(t):
    if t in seen:
        return
    seen.add(t)
    path = t.__module__ + "." + t.__qualname__
    names = names_of(path, t)
    wrapped(f"{path} ({', '.join(b.__name__ for b in t.__mro__[1:])}):",
            [n for n in names if n not in INHERITED])
    if issubclass(t, BaseException):
        print("    doc", bool(t.__doc__))


for m in MODULES:
    mod = importlib.import_module(m)
    print("##", m, bool(mod.__doc__))
    wrapped(m + ":", names_of(m, mod))
    for n in names_of(m, mod):
        v = getattr(mod, n)
        if isinstance(v, type) and m != "_ast":
            show_type(v)

print("## signatures")
for o in (list, tuple, object, complex, float, enumerate, reversed, property, memoryview,
          importlib.import_module("itertools").count, importlib.import_module("_io").BytesIO,
          importlib.import_module("_io").FileIO, importlib.import_module("_io").BufferedReader,
          dict.pop, dict.get, dict.__new__, bytes.hex, int.__round__, int.__add__, list.__add__,
          list.__iadd__, set.__ior__, dict.__len__,
          importlib.import_module("_collections").OrderedDict.pop):
    print(o.__name__, o.__text_signature__)
import os, time
for n in ("st_atime", "st_mtime_ns", "st_blocks", "st_mode"):
    print(n, bool(getattr(os.stat_result, n).__doc__), hasattr(os.stat("."), n))
print(time.struct_time.tm_zone.__name__, time.localtime(0).tm_gmtoff is not None)
print(list.__doc__.count("--"), object.__doc__.count("--"), "--" in vars(enumerate)["__doc__"])
import inspect
print(inspect.signature(list), inspect.signature(enumerate), inspect.signature(memoryview))
