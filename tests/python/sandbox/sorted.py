# check: sorted_check.py
# What the modules in C have: functions and types, one line each.
import sys
import types
import importlib

for name in sys.builtin_module_names:
    module = importlib.import_module(name)
    for key, value in vars(module).items():
        if isinstance(value, types.BuiltinFunctionType) and value.__self__ is module:
            print("function", name, key)
        elif isinstance(value, type) and value.__module__ in (name, name.lstrip("_"), "os", "io", "socket"):
            print("type", name, key)
