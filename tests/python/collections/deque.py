from collections import deque, defaultdict, Counter, namedtuple, OrderedDict, ChainMap
import copy
def err(f, *a, **k):
    try: print('no error', f(*a, **k))
    except Exception as e: print(type(e).__name__, e)
d = deque('abc'); print(d, len(d), bool(d), bool(deque()), d.maxlen, list(d), list(reversed(d)))
d.append('d'); d.appendleft('z'); print(d, d.pop(), d.popleft(), d)
d.extend('xy'); d.extendleft('12'); print(d); d.rotate(); print(d); d.rotate(-3); print(d); d.rotate(100); print(d); d.reverse(); print(d)
print(d.count('x'), d.index('x'), 'y' in d, 'q' in d); d.remove('x'); print(d); err(d.remove, 'nope'); err(d.index, 'nope'); err(d.index, 'a', 0, 1)
for i in range(-8, 9):
    e = deque(range(5)); e.insert(i, 'n'); print(i, list(e), end=' ')
print()
m = deque(range(10), 3); print(m); m.append(10); m.appendleft(1); print(m, m.maxlen); err(m.insert, 0, 1); m.extend([7, 8, 9, 10]); print(m); m.extendleft([1, 2]); print(m)
print(deque([1, 2], maxlen=0), deque(maxlen=None), deque(iterable=[1])); err(deque, [], -1); err(deque, [], 'x'); err(deque, 1); err(deque, 1, 2, 3)
err(deque().pop); err(deque().popleft)
d = deque(range(6)); print(d[0], d[-1], d[3]); d[2] = 'x'; del d[0]; print(d); del d[-2]; print(d); err(lambda: d[10]); err(lambda: d['a']); err(lambda: d[1:2])
print(deque([1, 2]) + deque([3]), deque([1, 2]) * 3, 2 * deque('a'), deque([1, 2], 3) * 2, deque([1]) * 0, deque([1, 2, 3], 5) * 4); err(lambda: deque() + [1])
d = deque([1]); d += [2, 3]; d *= 2; print(d); d.extend(d); print(d); d.clear(); print(d)
print(deque([1, 2]) == deque([1, 2]), deque([1]) != deque([2]), deque([1, 2]) < deque([1, 3]), deque([1]) < deque([1, 0]), deque([2]) >= deque([1, 5]), deque() == [], deque([1]) > deque()); err(hash, d)
def mut():
    x = deque([1, 2, 3])
    for i in x: x.append(i)
err(mut)
print(d.copy(), copy.copy(deque([1], 4)), copy.deepcopy(deque([[1]])), deque([1, 2], 5).__reduce__()[:3], next(iter(deque([7]))), iter(deque('ab')).__length_hint__())
r = deque([1]); r.append(r); print(r)
class D(deque):
    pass
x = D('ab', 3); x.attr = 1; print(x, x.copy(), x + x, x.__reduce__()[2], D.__name__)
print(type(iter(d)).__name__, type(reversed(d)).__name__, deque[int], deque.__module__)
big = deque()
for i in range(1000): big.append(i)
for i in range(900): big.popleft()
for i in range(50): big.appendleft(-i)
print(sum(big), len(big), big[49], big[50], big[-1])
match deque([1, 2]):
    case [a, b]: print('match', a, b)
dd = defaultdict(list, {'a': [0]}, b=[9]); dd['x'].append(1); print(dd, dd.default_factory, dd.get('q'), 'q' in dd); print(dd.copy() == dd, copy.copy(dd), dd | {'z': 1}, {'z': 1} | dd)
n = defaultdict(); err(lambda: n[1]); print(n, defaultdict(int)[3], repr(defaultdict(int, {1: 2}))); err(defaultdict, 3); n.default_factory = int; print(n[5], n); print(n.__reduce__()[:2])
c = Counter('abracadabra'); print(c, c.most_common(2), c + Counter('aa'), c - Counter('aaa'), c['zz']); c.update(a=5); print(c['a'], sorted(c.elements())[:8])
P = namedtuple('P', 'x y', defaults=[5]); p = P(1); print(p, p.x, p.y, p._replace(x=3), P._fields, p._asdict(), P.x.__doc__, repr(P.x)); err(lambda: setattr(p, 'x', 3)); err(P)
o = OrderedDict([(1, 2), (3, 4)]); o.move_to_end(1); print(list(o.items()), o.popitem(last=False), o == OrderedDict({1: 2}), list(reversed(o)))
print(ChainMap({1: 2}, {3: 4})[3])
