# Classes that define __dict__ themselves, namespaces in an order of their own, and dir().
import collections
import types


class Mine:
    def __init__(self):
        self.y = 1

    @property
    def __dict__(self):
        return {"a": 2}


m = Mine()
print(m.__dict__, vars(m), m.y)


class Module(types.ModuleType):
    __dict__ = 8


try:
    dir(Module("m"))
except TypeError as e:
    print(e)
od = collections.OrderedDict([("a", 1), ("b", 2)])
od.move_to_end("a")
print(list(type("C", (), od).__dict__)[:2], list({**od}), list(dict(od)), list(dict.copy(od)))
for doc in "x", "\xc4", "x\x00y", b"x", 42, None:
    print(ascii(type("A", (), {"__doc__": doc}).__doc__))
try:
    type("A", (), {"__doc__": "x\udcdcy"})
except UnicodeEncodeError as e:
    print(e)
try:
    1 / 0
except ZeroDivisionError as e:
    print(dir(e.__traceback__))
s = "abc"
print(s.__getnewargs__()[0] is s, s.__getnewargs__(), "".__getnewargs__(), "\xe9a".__getnewargs__())
