# Counts of collections by generation, what resurrection counts for, DEBUG_SAVEALL.
import gc

gc.disable()
gc.collect()
old = gc.get_stats()
gc.collect(0)
gc.collect(1)
gc.collect(1)
gc.collect()
new = gc.get_stats()
print([n["collections"] - o["collections"] for n, o in zip(new, old)])


class A:
    def __init__(self):
        self.me = self


class Z(A):
    def __del__(self):
        saved.append(self)


saved = []
for i in range(10):
    A()
print(gc.collect())
Z()
print(gc.collect(), len(saved))
for i in range(10):
    A()
Z()
print(gc.collect(), len(saved))

gc.set_debug(gc.DEBUG_SAVEALL)
x = []
x.append(x)
del x
gc.collect()
gc.set_debug(0)
print(gc.garbage, gc.get_debug())
