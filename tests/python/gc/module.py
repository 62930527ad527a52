import gc
def err(f, *a, **k):
    try: print('no error', f(*a, **k))
    except Exception as e: print(type(e).__name__, e)
print(gc.isenabled(), gc.disable(), gc.isenabled(), gc.enable(), gc.isenabled(), gc.get_debug(), gc.garbage, gc.callbacks)
class A: pass
gc.collect()
a = A(); a.me = a; del a; print(gc.collect() > 0, gc.collect()); err(gc.collect, 3); err(gc.collect, -1); err(gc.collect, 'x'); print(gc.collect(generation=0) >= 0)
l = [1]; d = {'k': l}; print(any(x is d for x in gc.get_referrers(l)), any(x is l for x in gc.get_referents(d)), gc.get_referents(3), gc.get_referents([7, 8]) == [8, 7] or gc.get_referents([7, 8]))
print(gc.is_tracked(l), gc.is_tracked(3), gc.is_tracked('a'), any(x is l for x in gc.get_objects())); err(gc.get_objects, 3); err(gc.get_objects, -2)
t = gc.get_threshold(); gc.set_threshold(5, 6, 7); print(gc.get_threshold(), len(gc.get_count()), len(gc.get_stats()), sorted(gc.get_stats()[2])); gc.set_threshold(*t)
class F:
    def __del__(self): print('del'); global keep; keep = self
f = F(); print(gc.is_finalized(f)); del f; print(gc.is_finalized(keep)); keep = None
log = []; gc.callbacks.append(lambda p, i: log.append((p, i['generation'], sorted(i)))); gc.collect(); gc.callbacks.clear(); print(log)
print(gc.freeze(), gc.unfreeze(), gc.get_freeze_count(), gc.DEBUG_STATS, gc.DEBUG_COLLECTABLE, gc.DEBUG_UNCOLLECTABLE, gc.DEBUG_SAVEALL, gc.DEBUG_LEAK)
gc.set_debug(0); err(gc.set_debug, 'x')
