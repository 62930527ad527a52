# Pickler and Unpickler: subclasses, memos, persistent ids, dispatch tables, buffers, files.
import array
import collections
import copyreg
import gc
import io
import pickle
import weakref
import _pickle


class Thing:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return type(other) is Thing and other.n == self.n


class P(pickle.Pickler):
    def persistent_id(self, o):
        return ("thing", o.n) if isinstance(o, Thing) else None


class U(pickle.Unpickler):
    def persistent_load(self, pid):
        return Thing(pid[1] if isinstance(pid, tuple) else pid)

    def find_class(self, module, name):
        if name == "OrderedDict":
            return dict
        return super().find_class(module, name)


for proto in range(1, 6):
    f = io.BytesIO()
    P(f, proto).dump([Thing(1), {2: Thing(2)}, collections.OrderedDict(a=1)])
    print(f.getvalue())
    f.seek(0)
    v = U(f).load()
    print(v[0].n, v[1][2].n, v[2], f.read())
f = io.BytesIO()
try:
    P(f, 0).dump(Thing(1))
    print(f.getvalue(), U(io.BytesIO(f.getvalue())).load().n)
    pickle.loads(f.getvalue())
except Exception as e:
    print(repr(e))

# persistent_id as an attribute; a pickler does not hold itself
p = pickle.Pickler(io.BytesIO())
for name in "persistent_id", "dispatch_table":
    try:
        print(getattr(p, name))
    except AttributeError as e:
        print("AttributeError", e)
p.persistent_id = lambda o: None
print(p.persistent_id("x"), p.bin, p.fast)
for bad in 1, None:
    try:
        p.persistent_id = bad
    except TypeError as e:
        print(e)
try:
    del p.persistent_id
except TypeError as e:
    print(e)
gc.disable()
p = P(io.BytesIO())
p.dump(Thing(1))
r = weakref.ref(p)
del p
print(r())
gc.enable()


class R(pickle.Pickler):
    def reducer_override(self, o):
        if o is print:
            return "len"
        if isinstance(o, Thing):
            return Thing, (o.n + 100,)
        return NotImplemented


f = io.BytesIO()
R(f).dump([Thing(1), len, 5])
print([getattr(x, "n", x) for x in pickle.loads(f.getvalue())])
try:
    R(io.BytesIO()).dump(print)
except pickle.PicklingError as e:
    print(e)


# dispatch tables
class D(pickle.Pickler):
    dispatch_table = collections.ChainMap({Thing: lambda t: (int, (str(t.n),))}, copyreg.dispatch_table)


f = io.BytesIO()
D(f).dump([Thing(7), 1j])
print(pickle.loads(f.getvalue()))
p = pickle.Pickler(f := io.BytesIO())
p.dispatch_table = {Thing: lambda t: "nothing"}
try:
    p.dump(Thing(1))
except pickle.PicklingError as e:
    print(str(e).split(":")[-1])

# memos
f = io.BytesIO()
p = pickle.Pickler(f, 2)
shared = ["a"]
p.dump(shared)
p.dump(shared)
print(f.getvalue(), sorted(n for n, o in p.memo.copy().values()), type(p.memo).__name__)
u = pickle.Unpickler(io.BytesIO(f.getvalue()))
print(u.load(), u.memo.copy(), u.load(), type(u.memo).__name__)
q = pickle.Pickler(g := io.BytesIO(), 2)
q.memo = p.memo
q.dump(shared)
print(g.getvalue())
q.memo = p.memo.copy()
q.dump([shared])
print(g.getvalue())
q.clear_memo()
print(q.memo.copy(), p.memo.__reduce__()[0])
w = pickle.Unpickler(io.BytesIO(b"h\x00.h\x07."))
w.memo = u.memo
print(w.memo.copy(), w.load())
w.memo.clear()
print(w.memo.copy())
for x, bad in (p, 1), (p, {1: 2}), (p, {1: (1, 2, 3)}), (w, 1), (w, {"a": 1}), (w, {-1: 1}):
    try:
        x.memo = bad
    except Exception as e:
        print(type(e).__name__, e)
try:
    hash(p.memo)
except TypeError as e:
    print(e)

# fast mode
p = pickle.Pickler(f := io.BytesIO(), 2)
p.fast = 1
p.dump([shared, shared])
print(f.getvalue(), p.fast)
loop = []
loop.append(loop)
try:
    p.dump(loop)
except ValueError as e:
    print(str(e).split(" at ")[0])

# buffers
for proto in 4, 5:
    for o in b"abc", bytearray(b"abc"), memoryview(b"abcd")[::2], array.array("i", [1, 2]):
        b = pickle.PickleBuffer(o)
        try:
            print(pickle.loads(pickle.dumps(b, proto)), b.raw().nbytes)
        except Exception as e:
            print(type(e).__name__, e)
kept = []
data = pickle.dumps([pickle.PickleBuffer(b"ro"), pickle.PickleBuffer(bytearray(b"rw"))], 5, buffer_callback=kept.append)
print(data, [bytes(k) for k in kept])
print(pickle.loads(data, buffers=kept)[1].raw().readonly, pickle.loads(data, buffers=[b"x", b"y"]))
for buffers in None, (), [b"x"], [1, 2]:
    try:
        pickle.loads(data, buffers=buffers)
    except Exception as e:
        print(type(e).__name__, e)
b = pickle.PickleBuffer(bytearray(b"xy"))
view = b.raw()
b.release()
b.release()
for use in (lambda: b.raw()), (lambda: memoryview(b)), (lambda: pickle.dumps(b, 5)), (lambda: pickle.PickleBuffer()), (lambda: pickle.PickleBuffer("x")):
    try:
        use()
    except Exception as e:
        print(type(e).__name__, e)
view.release()


# files: nothing is read behind the pickle
class Peeking(io.BufferedReader):
    pass


class Plain:
    def __init__(self, data):
        self.f = io.BytesIO(data)

    def read(self, n):
        return self.f.read(n)

    def readline(self):
        return self.f.readline()


for proto in range(6):
    for value in [1, "x"] * 5, "y" * 70000, b"z" * 2000000, {"k": b"q" * 100000}:
        data = pickle.dumps(value, proto) + b"rest"
        for f in io.BytesIO(data), io.BufferedReader(io.BytesIO(data)), Plain(data):
            print(pickle.load(f) == value, f.read(10), end=" ")
    print()
written = []


class Out:
    def write(self, b):
        written.append(len(b))


pickle.dump(["x" * 100000, b"y" * 70000, [str(i) * 30 for i in range(3000)]], Out())
print(written)

# extension codes
copyreg.add_extension("__main__", "Thing", 0xabcd)
data = pickle.dumps(Thing, 2)
print(data, pickle.dumps(Thing, 1), pickle.loads(data) is Thing, pickle.loads(data) is Thing)
copyreg.remove_extension("__main__", "Thing", 0xabcd)
try:
    pickle.loads(data)
except ValueError as e:
    print(e)


# deep, and circular by way of arguments
def deep(n):
    x = []
    for i in range(n):
        x = [x]
    return x


for n in 100, 100000:
    try:
        print(len(pickle.dumps(deep(n), 2)))
    except RecursionError as e:
        print(e)
print(len(pickle.loads(b"]" * 100000 + b"a" * 99999 + b".")))
print(type(pickle.loads(b"(" * 50 + b"t" * 50 + b".")))


class Odd:
    __slots__ = ("a", "__dict__")


o = Odd()
o.a, o.b = 1, 2
o2 = pickle.loads(pickle.dumps(o))
print(o2.a, o2.b, pickle.dumps(o, 4))


class Sub(Thing):
    def __getstate__(self):
        return {"n": self.n, 5: 6}


s = pickle.loads(pickle.dumps(Sub(3)))
print(s.__dict__)


class Cls(Thing):
    def __setattr__(self, name, value):
        print("never by pickle:", name)


c = Cls.__new__(Cls)
c.__dict__["n"] = 4
print(pickle.loads(pickle.dumps(c)).n)
