# What takes a list takes long lists of numbers.
import array
import bisect
import collections
import copy
import functools
import heapq
import io
import itertools
import json
import marshal
import math
import operator
import pickle
import random
import select
import statistics
import string
import struct
import types

N = 2500
ints = [k * 37 % 1000 for k in range(N)]
floats = [k * 0.25 for k in range(N)]
wide = [k << 33 for k in range(N)]
for name, l in (("ints", ints), ("floats", floats), ("wide", wide)):
    t = tuple(l)
    fresh = lambda: l.copy()
    print(name)
    print(" ", json.loads(json.dumps(l)) == l, len(json.dumps(l)), json.dumps({"a": l}, indent=1)[:30])
    for p in range(6):
        got = pickle.loads(pickle.dumps(l, p))
        print(" ", p, got == l, len(pickle.dumps(l, p)), type(got[3]).__name__, end="")
    print()
    print(" ", marshal.loads(marshal.dumps(l)) == l, copy.copy(l) == l, copy.deepcopy([l, l])[1] == l)
    print(" ", array.array("d", l).tolist() == l, array.array("q", ints).tolist() == ints)
    a = array.array("q" if name != "floats" else "d")
    a.fromlist(l)
    a.extend(l)
    print(" ", len(a), list(a) == l + l, a[1:4])
    h = fresh()
    heapq.heapify(h)
    print(" ", [heapq.heappop(h) for _ in range(4)], heapq.heappushpop(h, l[5]), heapq.heapreplace(h, l[7]))
    h2 = fresh()
    h2.sort()
    heapq.heappush(h2, h2[0])
    print(" ", h2[:2], heapq.nlargest(3, l), heapq.nsmallest(3, l), list(heapq.merge(sorted(l), sorted(l)))[:4])
    s = sorted(l)
    print(" ", bisect.bisect(s, s[700]), bisect.bisect_left(s, s[700]), bisect.bisect(s, 10))
    bisect.insort(s, s[100])
    print(" ", len(s), s == sorted(s))
    print(" ", len(set(l)), len(frozenset(l)), len(dict.fromkeys(l)), len(dict(zip(l, l))), collections.Counter(l).most_common(1))
    print(" ", len(collections.deque(l)), collections.deque(l, 3), collections.deque([1]).__iadd__(l)[-1])
    print(" ", sum(l), math.fsum(l), math.prod(l[1:4]), math.dist(l, l), statistics.mean(l), statistics.median(l))
    print(" ", functools.reduce(operator.add, l), list(itertools.accumulate(l))[-1], list(itertools.chain(l, l)) == l * 2)
    print(" ", list(itertools.islice(l, 3, 9)), list(itertools.islice(itertools.cycle(l), 2499, 2502)), [*itertools.pairwise(l)][0])
    print(" ", list(zip(l, l))[-1], list(enumerate(l))[-1], list(filter(None, l))[:2], list(map(lambda a, b: a - b, l, l))[5])
    print(" ", max(l, key=lambda x: -x), min(l, default=1), max(*l), min(*l), max(l), min(l))
    print(" ", operator.length_hint(iter(l)), operator.countOf(l, l[3]), operator.indexOf(l, l[3]), operator.itemgetter(1, -1)(l))
    print(" ", operator.concat(l, [1])[-1], operator.contains(l, l[9]), len(operator.iadd(fresh(), l)))
    a, b, *c = l
    *d, e = l
    print(" ", a, b, len(c), c[0], len(d), e, c[-1])
    try:
        a, b = l
    except ValueError as x:
        print(" ", x)
    a1, *_ = l[:1030]
    (q, *r) = l[:1500]
    print(" ", a1, len(r), (lambda *a: len(a))(*l), (lambda *a, **k: a)(*l) == t, print(*l[:3], *l[:2], sep=""))
    print(" ", "%s" % l[:2], f"{l[:3]}", len(str(l)), repr(l) == repr([*t]), len(f"{l!r}"))
    try:
        "".join(l)
    except TypeError as x:
        print(" ", x)
    try:
        print(" ", len(bytes(l)))
    except (TypeError, ValueError) as x:
        print(" ", x)
    try:
        print(" ", bytearray().join(l))
    except TypeError as x:
        print(" ", x)
    try:
        {}[l]
    except TypeError as x:
        print(" ", x)
    try:
        dict([l])
    except (TypeError, ValueError) as x:
        print(" ", x)
    short = fresh()
    del short[2:]
    print(" ", dict([short]), short, struct.pack("2d", *short), memoryview(bytes(4)).cast("B", [4]).shape)
    print(" ", types.GenericAlias(list, (short,)), len(repr(types.GenericAlias(list, (l,)))))
    match l:
        case [x, y, *z]:
            print(" ", x, y, len(z))
    random.seed(5)
    m = fresh()
    random.shuffle(m)
    print(" ", m[:4], random.choice(l), random.sample(l, 3), random.choices(l, k=2), sorted(m) == sorted(l))
    print(" ", l.__contains__(l[5]), l.__getitem__(slice(0, 3)), l.__iter__().__reduce__()[2], l.__reversed__().__reduce__()[2])

    class L(list):
        pass

    s = L(l)
    s.append(s[0])
    s += l
    print(" ", len(s), s[:2501] == l + l[:1], type(s + l).__name__, L(l) == l, l == L(l), sorted(L(l)) == sorted(l))
    n = 0
    for k, x in enumerate(l):
        n += x
    for x, y in zip(l, l[1:]):
        n -= y
    print(" ", n, [x for x in l if x == 5], {x for x in l if x < 3}, any(x == 7 for x in l), all(l))
    w = io.StringIO()
    print(l[:4], file=w)
    print(" ", w.getvalue(), end="")
print(bytes([k % 256 for k in range(N)])[:5], bytearray([7] * N)[-1], len(bytes([k % 256 for k in range(N)])))
try:
    select.select([12345678] * 2000, [], [], 0)
except ValueError as e:
    print(e)
try:
    string.Formatter().vformat("{0}{1999}", ints, {})
except Exception as e:
    print(e)
print(string.Formatter().vformat("{0} {1999}", ints, {}), "{0[1500]}".format(ints))
