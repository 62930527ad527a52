# __reduce__ and __setstate__: what pickle and copy see.
from itertools import *
def rebuild(o):
    r = o.__reduce__()
    n = r[0](*r[1])
    if len(r) > 2 and r[2] is not None: n.__setstate__(r[2])
    return n
def plain(x):
    if isinstance(x, tuple): return tuple(plain(i) for i in x)
    if isinstance(x, (int, str, float, list, type(None))): return x
    if isinstance(x, type): return x.__name__
    return type(x).__name__
def check(make):
    for skip in range(6):
        o = make()
        try:
            for _ in range(skip): next(o)
        except StopIteration: pass
        r = plain(o.__reduce__())
        print(skip, r, list(islice(rebuild(o), 5)))
check(lambda: count(3)); check(lambda: count(3, 2)); check(lambda: count(2.5))
check(lambda: repeat('x', 4)); check(lambda: cycle([1, 2, 3])); check(lambda: accumulate([1, 2, 3])); check(lambda: accumulate([1, 2], initial=5))
check(lambda: chain([1, 2], [3])); check(lambda: chain.from_iterable([[1], [2, 3]]))
check(lambda: compress([1, 2, 3], [1, 0, 1])); check(lambda: dropwhile(bool, [1, 0, 2, 3])); check(lambda: takewhile(bool, [1, 2, 0, 3])); check(lambda: filterfalse(None, [0, 1, 0.0]))
check(lambda: starmap(max, [(1, 2), (3, 4)])); check(lambda: islice(range(10), 1, 8, 2)); check(lambda: zip_longest([1, 2], [3], fillvalue=9))
check(lambda: product([1, 2], [3, 4])); check(lambda: combinations([1, 2, 3], 2)); check(lambda: combinations_with_replacement([1, 2], 2)); check(lambda: permutations([1, 2, 3], 2))
g = groupby([1, 1, 2]); next(g); print(plain(g.__reduce__())); k, v = next(g); print(plain(g.__reduce__()), plain(v.__reduce__())); list(v); print(list(rebuild(v)))
a, b = tee([1, 2, 3]); next(a); print(plain(a.__reduce__()), plain(a.__reduce__()[2][0].__reduce__()))
n = rebuild(a); print(list(n), list(b))
for o, s in [(product([1, 2], [3]), (5, 5)), (product([1], [2]), (1,)), (combinations([1, 2, 3], 2), (9, 9)), (permutations([1, 2, 3], 2), ((0, 1, 2), (9, 9))), (permutations([1, 2], 2), (1,)), (chain(), 3), (chain(), (1,)), (cycle([1]), 3)]:
    try: print(o.__setstate__(s), list(islice(o, 4)))
    except Exception as e: print(type(e).__name__, e if 'function' not in str(e) else '')

# cycle's state is checked
for bad in ([], 0), (), ([],), ([], 0, 1), ((), 0), ([], "x"):
    try:
        cycle("ab").__setstate__(bad)
    except TypeError as e:
        print(type(e).__name__)
    else:
        print("taken", bad)
