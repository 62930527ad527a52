# Attributes, names, subscripts and displays in functions that are hot enough to be translated: then
# with other types, exceptions, finalizers and changed classes.
import sys
import traceback


def heat(fn, *args):
    for _ in range(300):
        result = fn(*args)
    return result


def line_of(fn, *args):
    try:
        fn(*args)
    except Exception as e:
        frame = traceback.extract_tb(e.__traceback__)[-1]
        return type(e).__name__, str(e), frame.lineno - fn.__code__.co_firstlineno
    return None


class Point:
    kind = 'point'

    def __init__(self, x, y):
        self.x = x
        self.y = y

    @property
    def total(self):
        return self.x + self.y

    @total.setter
    def total(self, value):
        self.x = value
        self.y = 0

    def moved(self, by):
        return Point(self.x + by, self.y + by)

    @classmethod
    def origin(cls):
        return cls(0, 0)

    @staticmethod
    def unit():
        return Point(1, 1)


class Slotted:
    __slots__ = ('x', 'y')

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def moved(self, by):
        return Slotted(self.x + by, self.y)


class Strange:
    def __getattr__(self, name):
        return len(name)

    def __setattr__(self, name, value):
        pass


class Describes:
    def __get__(self, o, owner):
        return ('got', o is None)


class Described:
    computed = Describes()


# ---- attributes


def read(o):
    a = o.x
    b = o.y
    return a, b, o.kind if not isinstance(o, (Slotted, Strange)) else None


def write(o, v):
    o.x = v
    o.y = o.x
    o.z = v
    return o.z


def write_slots(o, v):
    o.x = v
    o.y = o.x
    return o.y


def through_property(o):
    o.total = 5
    return o.total + o.total


def methods(o):
    m = o.moved
    return m(1).x + o.moved(2).x


def class_methods():
    return Point.origin().x + Point.unit().y, Point.kind


def described(o):
    return o.computed


def deletes(o):
    o.extra = 1
    del o.extra
    return hasattr(o, 'extra')


print(heat(read, Point(1, 2)), heat(read, Point(1.5, None)), heat(read, Strange()))
print(heat(read, Slotted(3, 4)), read(Point('a', 'b')))
print(line_of(read, 5), line_of(read, Slotted.__new__(Slotted)))
print(heat(write, Point(1, 2), 3), heat(write, Point(1, 2), 2.5), heat(write, Strange(), 1))
print(line_of(write, Slotted(1, 2), 3), line_of(write, 3, 4))
print(heat(write_slots, Slotted(1, 2), 7), heat(write_slots, Point(1, 2), 'v'))
print(heat(through_property, Point(1, 2)), line_of(through_property, Slotted(1, 2)))
print(heat(methods, Point(1, 2)), heat(methods, Slotted(1, 2)), line_of(methods, 1j))
print(heat(class_methods))
print(heat(described, Described()), heat(described, Described))
print(heat(deletes, Point(1, 2)), heat(deletes, Described()), line_of(deletes, Slotted(1, 2)))


class Parent:
    def name(self):
        return 'parent'


class Child(Parent):
    def name(self):
        return super().name() + ' child'


def names(o):
    return o.name()


print(heat(names, Child()))
Parent.name = lambda self: 'changed'
print(names(Child()))
Child.name = lambda self: 'own'
print(names(Child()), heat(names, Child()))
own = Child()
own.name = lambda: 'of the instance'
print(names(own), heat(names, own), names(Child()))
Point.kind = ['new']
print(read(Point(1, 2)))
del Point.kind
print(line_of(read, Point(1, 2)))
Point.kind = 'again'

# Modules.
import math


def from_module(x):
    return math.floor(x) + int(math.pi)


print(heat(from_module, 2.5))
old_pi = math.pi
math.pi = 10
print(from_module(2.5))
math.pi = old_pi
print(from_module(2.5))

# ---- names

counter = 0


def count():
    global counter
    counter = counter + 1
    return counter


print(heat(count), count())
counter = 'text'
print(line_of(count))
del counter
print(line_of(count))
counter = 2.5
print(count())


def builtin_name(x):
    return len(x)


print(heat(builtin_name, 'abc'))
len = lambda x: -1
print(builtin_name('abc'), heat(builtin_name, 'abc'))
del len
print(builtin_name('abc'))


def class_body():
    class Made:
        a = 1
        b = a + 1
        c = [a, b]
        del a
    return Made.b, Made.c, hasattr(Made, 'a')


print(heat(class_body))

# ---- subscripts


def get(o, k):
    return o[k]


def put(o, k, v):
    o[k] = v
    return o


def chain(o, i, k):
    return o[i][k]


class Keyed:
    def __getitem__(self, k):
        return ('key', k)

    def __setitem__(self, k, v):
        self.last = k, v

    def __delitem__(self, k):
        self.gone = k


class MyList(list):
    def __getitem__(self, k):
        return 'mine'


class MyInt(int):
    def __index__(self):
        return 0


class Hard:
    def __hash__(self):
        raise ValueError('no hash')


packed_floats = [k + 0.5 for k in range(100)]
packed_ints = [k * 1000 for k in range(100)]
for k in (0, -1, 3):
    print(heat(get, [1, 'b', None, 4], k), heat(get, (1, 'b', None, 4), k), heat(get, 'abcd', k),
          heat(get, packed_floats, k), heat(get, packed_ints, k), heat(get, {0: 'z', -1: 'm', 3: 't'}, k))
print(heat(get, Keyed(), 'k'), heat(get, MyList([1]), 0), heat(get, b'abc', 1), get([5, 6], True))
print(get([7, 8], MyInt(1)), get((7, 8), MyInt(1)), get([1], slice(0, 1)))
for o in ([1], (1,), 'a', packed_floats, packed_ints, {}, b'', 5):
    print(line_of(get, o, 1000), line_of(get, o, -1000), line_of(get, o, 1.5))
print(line_of(get, {}, Hard()), line_of(get, [1], 1 << 70))


def set_in(o, k, v):
    for n in range(30):
        o[k] = v
    return o[k]


nan = float('nan')
print(heat(set_in, [0.5] * 50, 3, 2.5), set_in([0.5] * 50, -1, 'no number'), set_in([0.5] * 50, 0, 7))
floats = [k + 0.5 for k in range(50)]
print(heat(set_in, floats, 3, -0.0), set_in(floats, 4, nan) is nan, floats[3:6])
print(set_in([k + 0.5 for k in range(50)], 1, 1 << 80), heat(set_in, list(range(50)), -2, 99))
print(heat(set_in, [None] * 3, 1, 'x'), heat(set_in, {}, 'k', 1), heat(set_in, bytearray(3), 1, 7))
print(heat(put, Keyed(), 1, 2).last, line_of(put, [], 0, 1), line_of(put, (), 0, 1), line_of(put, {}, [], 1))
print(line_of(set_in, packed_floats, 1000, 1.0), line_of(set_in, packed_ints, -1000, 1))
print(heat(chain, [[1, 2], [3, 4]], 1, -1), heat(chain, [packed_floats], 0, 2), heat(chain, ['ab'], 0, 1))
print(heat(chain, {'a': {'b': 'c'}}, 'a', 'b'), line_of(chain, [[1]], 0, 5), line_of(chain, [packed_ints], 0, 500))


def sums(rows):
    total = 0
    for i in range(40):
        total += rows[i] * 2
    return total


print(heat(sums, packed_floats), heat(sums, packed_ints), heat(sums, list(range(40))))
print(sums([1.5] * 40), sums([k << 40 for k in range(40)]), line_of(sums, packed_ints[:20]))


def slices(o):
    a, b = 1, 3
    return o[a:b], o[:2], o[-2:], o[::-1], o[a:], o[::2]


print(heat(slices, [1, 2, 3, 4]), heat(slices, 'abcd'), heat(slices, packed_ints[:4]))
print(line_of(slices, 5))


def changes(o):
    o[1:2] = [7, 8]
    del o[0]
    return o


print(changes(list('abcdef')), [changes(list(range(9))) for _ in range(100)][-1], line_of(changes, (1, 2)))
keyed = Keyed()


def delete(o, k):
    del o[k]


for k in range(100):
    delete(keyed, k)
print(keyed.gone, line_of(delete, {}, 1), line_of(delete, 'a', 0))

# ---- displays


def displays(a, b):
    first, *middle, last = a, b, a, b
    return ((a, b), [a, b], sorted({a, b}, key=str), {a: b, 'k': a}, {**{'x': a}, 'y': b}, [*[a], b], (*middle, last),
            f'{a!r:>4}|{b}|{a}')


def after_call(a):
    len('')
    d = {}
    len('')
    s = {*a}
    len('')
    t = [k for k in a if k]
    len('')
    u = {k: k for k in a}
    v = {k for k in a}
    return d, s, t, u, v, f(**{'p': 1}, **{'q': 2})


def f(*args, **kw):
    def inner(x=1, *, y=2) -> int:
        return x, y, args
    return inner(), kw


print(heat(displays, 1, 2), displays('a', 2.5))
print(heat(after_call, [0, 1, 2]), line_of(after_call, 5))
print(line_of(displays, [], 1))


def patterns(o):
    match o:
        case [a, b]:
            return 'pair', a, b
        case [a, *rest]:
            return 'many', a, rest
        case {'k': v, **rest}:
            return 'mapping', v, rest
        case Point(x=0, y=y):
            return 'point', y
        case str() | bytes():
            return 'text'
    return 'else'


for o in ([1, 2], (1, 2, 3), {'k': 1, 'l': 2}, Point(0, 5), Point(1, 5), 'text', 5, ()):
    print(heat(patterns, o))


def imports():
    import os.path
    from os import path, sep
    return path is os.path, sep


print(heat(imports))

# ---- finalizers that change what was looked at


class Last:
    def __init__(self, act):
        self.act = act

    def __del__(self):
        self.act()


class Holder:
    pass


def replace(o):
    a = o.x
    o.held = None
    b = o.x
    return a, b


def fresh(action):
    h = Holder()
    h.x = 'x'
    h.held = Last(lambda: action(h))
    return h


for k in range(300):
    replace(fresh(lambda h: None))
print(replace(fresh(lambda h: setattr(h, 'x', 'changed'))))
print(line_of(replace, fresh(lambda h: delattr(h, 'x'))))
print(replace(fresh(lambda h: setattr(Holder, 'x', property(lambda self: 'property')))))
del Holder.x

# The guards of a straight run: what ends in it changes what they looked at.


def overwritten(o, v):
    a = o.x
    v = 5
    b = o.x
    v = o.y + 1
    return a, b, v


def overwritten_by_sum(o, v, n):
    a = o.x + o.y
    v = a + n
    b = o.x + o.y
    o.x = b
    v = o.x + o.y
    return a, b, v, o.x


def globals_between(v):
    a = counter
    v = None
    b = counter
    return a, b


def widen():
    globals()['name%d' % (builtins_len(globals()))] = 1
    globals()['counter'] = 'changed'


builtins_len = len
counter = 'first'


def xy(action):
    h = Holder()
    h.x = 1
    h.y = 2
    return h, [Last(lambda: action(h))]


def first(h, box):
    return overwritten(h, box.pop())


def second(h, box):
    return overwritten_by_sum(h, box.pop(), 1)


def swap(h):
    h.__class__ = Point
    h.y = 20
    del h.x
    h.x = 10


for k in range(300):
    first(*xy(lambda h: None))
    second(*xy(lambda h: None))
    globals_between(Last(lambda: None))
for action in (lambda h: setattr(h, 'x', 7), lambda h: delattr(h, 'x'), swap,
               lambda h: setattr(h, '__dict__', {'x': 3.5, 'y': 4})):
    for fn in first, second:
        try:
            print(fn(*xy(action)))
        except AttributeError as e:
            print(e)
print(globals_between(Last(widen)))

# ---- tracing from inside

events = []


class Traces:
    def __getattr__(self, name):
        sys.settrace(lambda frame, event, arg: events.append(frame.f_code.co_name))
        return name


def small():
    return 1


def starts(o):
    o.anything
    return small() + small()


heat(starts, Strange())
starts(Traces())
sys.settrace(None)
print(events[:2])


def generator(o):
    for k in range(3):
        yield o.x, o[k]
        o.x += 1


class Both(Point):
    def __getitem__(self, k):
        return -k


print(heat(lambda: list(generator(Both(1, 2)))))
