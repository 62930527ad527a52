# builtins made anew after a program has thrown it out of sys.modules; its functions as values.
import sys, builtins
old = builtins
print(len.__self__ is builtins, len.__module__, len.__name__, print.__qualname__, repr(len))
print(hash(len) == hash(builtins.len), len == builtins.len, sorted.__doc__[:20], __debug__)
del sys.modules['builtins']
import builtins
print(builtins is old, builtins.len([1]), builtins.int is int, builtins.__name__)
builtins.extra = 5
print(hasattr(old, 'extra'), [builtins.__debug__, builtins.None_ if hasattr(builtins, 'None_') else None])
old.own = 7
print(own)
del old.own
try:
    own
except NameError as e:
    print(e)
import _weakref
print(_weakref.ref(len)() is len)
