# Attributes that objects have in a dict: instances whose __dict__ was asked for, functions, exceptions, files.
import io


class Node:
    kind = "class"

    def method(self):
        return "method"

    @property
    def prop(self):
        return "prop"


def load(o):
    return o.value


def kind(o):
    return o.kind


def call(o):
    return o.method()


def store(o, v):
    o.value = v


def plain(v):
    n = Node()
    n.value = v
    return n


def opened(v):
    n = Node()
    n.__dict__["value"] = v
    return n


def function(v):
    def f():
        pass

    f.value = v
    return f


class Failure(Exception):
    kind = "failure"

    def __init__(self, v):
        super().__init__(v)
        self.value = v

    def method(self):
        return "failed"


makers = [plain, opened, function, Failure]
for rounds in range(3):
    for make in makers:
        o = make(rounds)
        print(make.__name__, load(o), end=" ")
        store(o, "x%d" % rounds)
        print(load(o), o.__dict__, end=" ")
        del o.value
        try:
            load(o)
        except AttributeError as e:
            print(e, end=" ")
        store(o, 5)
        print(load(o), getattr(o, "value"), getattr(o, "nothing", "-"))
for _ in range(3):
    for o in plain(1), opened(2), Failure(3):
        before = kind(o), call(o)
        o.kind = "own"
        o.method = lambda: "own method"
        print(before, kind(o), call(o), end="; ")
        del o.kind, o.method
        print(kind(o), call(o))
n = opened(1)
for i in range(5):
    print(load(n), n.prop)
    if i == 1:
        n.__dict__ = {"value": "other dict"}
    if i == 2:
        Node.value = property(lambda self: "data")
    if i == 3:
        del Node.value


class Dict(dict):
    def __getitem__(self, key):
        return "never asked"


n = Node()
n.__dict__ = Dict(value="in a subclass")
print([load(n) for _ in range(3)])


class Key(str):
    pass


n = Node()
n.__dict__[Key("value")] = "key of a subclass"
print([load(n) for _ in range(3)])
store(n, 1)
print(load(n), len(n.__dict__))


class Ends:
    def __init__(self, owner):
        self.owner = owner

    def __del__(self):
        self.owner.__dict__ = {}
        print("ended")


n = Node()
n.__dict__
for _ in range(3):
    store(n, Ends(n))
    store(n, None)
    print(n.__dict__)


def counted(f):
    def wrapper(*args):
        wrapper.calls += 1
        return f(*args)

    wrapper.calls = 0
    return wrapper


g = counted(max)
print([g(i, 2) for i in range(4)], g.calls)
wrong = counted(max)
for _ in range(2):
    try:
        wrong.calls = "x"
        wrong(1, 2)
    except TypeError as e:
        print(e)
try:
    len.value = 1
except AttributeError as e:
    print(e)


def writes(f, n):
    for i in range(n):
        f.write("a")
        f.flush()
    return f.getvalue()


f = io.StringIO()
print(writes(f, 3))
f.write = lambda s: None
print(writes(f, 3))
del f.write
print(writes(f, 2), writes(io.StringIO(), 2))


class Full:
    pass


full = Full()
for i in range(40):
    setattr(full, "a%d" % i, i)


def many(o):
    o.a39 += 1
    return o.a0 + o.a20 + o.a39


print([many(full) for _ in range(3)], len(full.__dict__))
