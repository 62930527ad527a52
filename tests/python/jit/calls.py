# Calls and returns in machine code: every form of a call, often enough to be translated, then
# with something else in the same place.
import sys
import traceback


def report(fn, *args):
    try:
        return fn(*args)
    except Exception as e:
        lines = [(f.name, f.lineno) for f in traceback.extract_tb(e.__traceback__)]
        return type(e).__name__, str(e), lines[1:]


def often(fn, *args, n=300):
    r = None
    for _ in range(n):
        r = fn(*args)
    return r


# ---- Python functions ----
def two(x, y):
    return x + y


def locals_(x):
    if x > 10:
        late = x
    return late


def defaults(x, y=2, *, z=3):
    return x, y, z


def star(*args, **kwargs):
    return args, kwargs


def call_two(f, x):
    return f(x, 1)


class Callable:
    def __call__(self, x, y):
        return 'called', x, y


class Bound:
    def method(self, x, y):
        return 'bound', x, y

    @classmethod
    def cls_method(cls, x, y):
        return cls.__name__, x, y

    @staticmethod
    def static(x, y):
        return 'static', x, y


print(often(call_two, two, 5))
for other in (lambda a, b: a * b, Callable(), Bound().method, Bound.cls_method, Bound.static, max,
              divmod, complex, dict, defaults, star, 5, two):
    print(report(often, call_two, other, 7))


def by_global():
    return helper(1, 2) + helper(3, 4)


def helper(x, y):
    return x * y


print(often(by_global))
helper.__code__ = (lambda x, y: x - y).__code__
print(often(by_global))
helper.__code__ = (lambda x, y, z=5: x - y + z).__code__
print(report(often, by_global))
helper.__defaults__ = (7,)
print(often(by_global))
helper = lambda x, y: 100 * x + y
print(often(by_global))
del helper
print(report(often, by_global))


def unbound():
    return often(locals_, 20), locals_(5)


print(report(unbound))
print(often(locals_, 11), report(locals_, 1))


def many_locals(n):
    a = b = c = d = e = f = g = h = i = j = k = l = m = n
    o = [a, b, c, d, e, f, g, h, i, j, k, l, m]
    p = o + [n]
    q = p[1:]
    return sum(q)


def calls_many(n):
    return many_locals(n) + many_locals(n + 1)


print(often(calls_many, 3), often(calls_many, 2 ** 70), often(calls_many, 0.5))


def keywords(f, x):
    return f(x, y=4), f(x=x, y=1), f(*[x], **{'y': 8})


print(often(keywords, defaults, 1))
print(often(keywords, star, 1) if False else report(often, keywords, star, 1))
print(often(keywords, two, 1))
print(report(often, keywords, max, 1))


def wrong(f):
    return f(1, 2, 3, 4)


print(report(often, wrong, two))
print(report(often, wrong, defaults))
print(report(often, wrong, max))


# ---- classes ----
class Point:
    def __init__(self, x, y=0):
        self.x = x
        self.y = y

    def __repr__(self):
        return f'P({self.x}, {self.y})'

    def __add__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        return Point(self.x + other.x, self.y + other.y)

    def __radd__(self, other):
        return 'radd', other

    def __eq__(self, other):
        return self.x == other.x

    def __lt__(self, other):
        return self.x < other.x

    def __bool__(self):
        return self.x != 0

    def __len__(self):
        return self.x

    def __getitem__(self, k):
        return self.x + k


class Fresh:
    def __new__(cls, x):
        self = object.__new__(cls)
        self.x = x
        return self


class Plain:
    pass


class Bad:
    def __init__(self, x):
        return x


class Meta(type):
    def __call__(cls, *args):
        return 'meta', args


class WithMeta(metaclass=Meta):
    pass


def make(cls, x):
    return cls(x)


print(often(make, Point, 4))
print(report(often, make, Bad, None) is not None, report(often, make, Bad, 3))
for cls in (Fresh, Point, WithMeta, str, list, type, tuple, object, Plain):
    r = report(often, make, cls, ())
    print(getattr(r, 'x', r) if not isinstance(r, Plain) else 'plain')


def make_all(x):
    p = Point(x)
    q = Point(x, y=2)
    f = Fresh(x)
    n = Plain()
    n.v = 1
    return p + q, f.x, n.v, p == q, p < q, len(p), p[3], not p, type(p).__name__


print(often(make_all, 4))
Point.__init__ = lambda self, x, y=9: self.__dict__.update(x=x, y=-y)
print(often(make_all, 4))


def mixed(p, n):
    r = []
    for k in range(n):
        if p < Point(k):
            r.append(k)
    return len(r), p + 1 if n < 0 else report(lambda: p + 1)[0], 1 + p


print(often(mixed, Point(3), 6))


def loop_until(limit):
    p = Point(0)
    n = 0
    while p < limit:
        p.x += 1
        n += 1
    while p:
        p.x -= 1
        n += 1
    return n


print(loop_until(Point(500)))


class Breaks(Point):
    def __lt__(self, other):
        raise ValueError('lt')

    def __len__(self):
        return -1

    def __init__(self, x):
        if x > 150:
            raise KeyError(x)
        self.x = x


def breaks(n):
    r = []
    for k in range(n):
        r.append(Breaks(k))
    return r


print(report(breaks, 200))
print(report(lambda: Breaks(1) < 3), report(len, Breaks(1)))


def lengths(o):
    return len(o)


for o in ([1, 2], [], 'abc', (1,), {1: 2}, b'xy', [1.5] * 3, range(9), Point(6), {1, 2}, 5,
          Breaks(2)):
    print(report(often, lengths, o))


# ---- C functions ----
def natives(x):
    return (abs(x), max(x, 2), str(x), int('7'), sorted([x, 1]), isinstance(x, int),
            isinstance(x, (str, float)), type(x), getattr(x, 'real'), getattr(x, 'none', 5),
            round(x, 1), 'a,b'.split(','), 'a b'.split(), 'x'.join(['1', '2']), hash(x) == x)


print(often(natives, 3))
print(often(natives, -2.5))
print(often(natives, True))
print(report(often, natives, 'text'))


class Sub(list):
    pass


def method(o, x):
    o.append(x)
    o.extend([x])
    return len(o), o.index(x), o.pop()


print(often(method, [], 1), often(method, Sub(), 1))
print(report(often, method, Plain(), 1))


class Odd:
    append = list.append


print(report(often, lambda o: o.append(1), Odd()))


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(self.name)


log = []


def drops(n):
    a, b = Loud(n), Loud(-n)
    str(Loud(100 + n))
    return isinstance(a, Loud), len([b])


for k in range(60):
    drops(k)
print(len(log), log[:6])


def raising(k):
    if k == 120:
        raise ValueError(k)
    return k


def deep(k):
    x = raising(k)
    return x


def catching(n):
    total = 0
    for k in range(n):
        try:
            total += deep(k)
        except ValueError as e:
            total += 1000
            print([(f.name, f.lineno) for f in traceback.extract_tb(e.__traceback__)])
    return total


print(catching(200))


def recurse(n):
    return 0 if n == 0 else 1 + recurse(n - 1)


def runs_over(n):
    try:
        return recurse(n)
    except RecursionError as e:
        return str(e)


print(often(recurse, 50), runs_over(10 ** 6), often(recurse, 50))


# ---- from generators, and from C ----
def gen(f, n):
    for k in range(n):
        yield f(k, 1), Point(k).y, len((k,)), defaults(k, z=k), f(*(k, 2))


print(list(gen(two, 300))[-1], list(gen(Bound().method, 300))[-1])
print(sorted(range(300), key=lambda k: -k * k % 17)[:9], sum(map(two, range(300), range(300))))


def nexts(n):
    it = gen(two, n)
    r = []
    while True:
        x = next(it, None)
        if x is None:
            return len(r)
        r.append(x)


print(nexts(300))


def send_all(n):
    def inner():
        got = 0
        while True:
            got += yield got
    g = inner()
    g.send(None)
    return [g.send(k) for k in range(n)][-1]


print(send_all(300))


# ---- tracing that begins inside ----
events = []


def tracer(frame, event, arg):
    events.append((event, frame.f_code.co_name))
    return tracer


def traced(n):
    r = 0
    for k in range(n):
        r = two(r, k)
        if k == n - 2:
            sys.settrace(tracer)
    sys.settrace(None)
    return r


print(traced(300), events)
