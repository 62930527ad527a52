# Where objects are as they grow older; counts, thresholds, callbacks; freeze.
import gc

gc.disable()
gc.collect()


class Node:
    pass


def where(o):
    return [g for g in range(3) if any(x is o for x in gc.get_objects(generation=g))]


n = Node()
print(where(n), gc.get_count()[1:])
gc.collect(0)
print(where(n), gc.get_count()[1:])
gc.collect(0)
print(where(n), gc.get_count()[1:])
gc.collect(1)
print(where(n), gc.get_count()[1:])
gc.collect()
print(where(n), gc.get_count()[1:])

# A cycle of an old and a young object is garbage of the old generation only.
old = Node()
gc.collect()
young = Node()
old.other, young.other = young, old
del old, young
print(gc.collect(0), gc.collect(1), gc.collect(2))

# What only old objects hold is no garbage of a young collection.
keeper = Node()
gc.collect()
keeper.inner = [Node()]
keeper.inner[0].me = keeper.inner
print(gc.collect(0), gc.collect(1), len(keeper.inner))
keeper.inner = None
print(gc.collect(1), gc.collect())

# Collections by themselves.
events = []


def callback(phase, info):
    events.append((phase, info["generation"], info["collected"], info["uncollectable"]))


gc.collect()
gc.set_threshold(50, 2, 0)
gc.callbacks.append(callback)
gc.enable()
kept = []
for i in range(1000):
    kept.append([])
gc.disable()
gc.callbacks.remove(callback)
gens = [e[1] for e in events if e[0] == "stop"]
print(len(events) == 2 * len(gens), 1 in gens, gens.count(0) >= 2 * gens.count(1) > 0)
print(all(c == 0 == u for _, _, c, u in events))
events.clear()
gc.callbacks.append(callback)
Node().me = Node()
a = Node()
a.a = a
del a
gc.collect(1)
gc.collect()
gc.callbacks.clear()
print(events)

# With a threshold of 0 nothing starts.
gc.set_threshold(0)
gc.enable()
before = gc.get_stats()
kept = [[i] for i in range(5000)]
for i in range(5000):
    kept.append([i])
print(before == gc.get_stats(), gc.get_count()[0] > 9000, gc.get_threshold())
del kept
print(gc.get_count()[0] < 5000)
gc.disable()
gc.set_threshold(700, 10, 10)

# Frozen objects are left alone, and everything comes back.
gc.collect()
a = Node()
a.a = a
gc.freeze()
del a
print(gc.get_freeze_count() > 10, gc.get_count(), gc.collect(), gc.get_objects(generation=2) == [])
b = Node()
print(where(b), where(keeper), gc.is_tracked(keeper))
gc.unfreeze()
print(gc.get_freeze_count(), gc.collect(), where(keeper))
gc.set_threshold(700, 10, 10)
gc.enable()
