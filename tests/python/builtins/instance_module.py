# Instances of some types have __module__.
import functools, operator, struct
f = functools.partial(int, base=2)
for o in (f, operator.itemgetter(1), operator.attrgetter("a"), operator.methodcaller("a"),
          struct.Struct("i"), int | str):
    print(o.__module__)
@functools.wraps(f)
def g(): pass
print(g.__module__, functools.lru_cache(g).__module__, functools.lru_cache(int).__module__)
f.__module__ = "mine"
print(f.__module__, type(f).__module__)
class P(functools.partial): pass
print(P(int).__module__, hasattr([], "__module__"))
