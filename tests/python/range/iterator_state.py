# The iterators of ranges: __reduce__ names the whole range and the index, __setstate__ goes to any
# index within it.
import copy
import pickle

for r in range(2, 20, 3), range(20, 2, -3), range(0), range(5, 1), range(2**70, 2**70 + 5):
    it = iter(r)
    next(it, None)
    next(it, None)
    print(it.__reduce__()[1:], list(copy.copy(it)), list(pickle.loads(pickle.dumps(it))))
    it.__setstate__(1)
    print(it.__reduce__()[1:], it.__length_hint__(), list(it), it.__reduce__()[1:])
    for state in 100, -3, 0, True:
        it.__setstate__(state)
        print(state, list(copy.copy(it)))
it = iter(range(2**32 + 2))
it.__setstate__(2**32 + 1)
print(it.__reduce__()[2], next(it), next(it, "end"))
for state in "a", None, 1.5, 2**80:
    try:
        it.__setstate__(state)
    except (TypeError, OverflowError) as e:
        print(type(e).__name__, e)
it = reversed(range(5))
next(it)
print(it.__reduce__()[1:])
