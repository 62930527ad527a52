# A few bytes that name huge numbers take no memory: memo indexes, lengths, frames.
import io
import pickle

# expect: None
print(pickle.loads(b"Nr\xff\xff\xff\xffj\xff\xff\xff\xff."))
# expect: [1, 2]
print(pickle.loads(b"]Nr\xff\xff\xff\xff0K\x01aK\x02a."))
# expect: {4294967295: None}
u = pickle.Unpickler(io.BytesIO(b"Nr\xff\xff\xff\xff."))
u.load()
print(u.memo.copy())
# expect: zero seven
w = pickle.Unpickler(io.BytesIO(b"h\x00.h\x07."))
w.memo = {0: "zero", 7: "seven"}
print(w.load(), w.load())
# numbers that were far come near
data = b"Np500\n0" + b"".join(b"I%d\np%d\n0" % (i, i) for i in range(499)) + b"\x94g500\ng499\n\x86."
# expect: UnpicklingError unpickling stack underflow
# expect: (None, 498)
for data in data, data.replace(b"\x94g500", b"g500").replace(b"g499", b"g498"):
    try:
        print(pickle.loads(data))
    except pickle.UnpicklingError as e:
        print("UnpicklingError", e)


class Endless(io.BytesIO):
    largest = 0

    def read(self, n=-1):
        self.largest = max(self.largest, n)
        return super().read(n)

    def readinto(self, b):
        self.largest = max(self.largest, len(b))
        return super().readinto(b)


# expect: pickle data was truncated True
# expect: pickle data was truncated True
# expect: pickle data was truncated True
# expect: pickle data was truncated True
for head in b"\x8e", b"\x96", b"\x8d", b"\x95":
    f = Endless(head + b"\0" * 7 + b"\x01" + b"x" * 100)
    try:
        pickle.load(f)
    except pickle.UnpicklingError as e:
        print(e, f.largest <= 1 << 20)


# A pickler and an unpickler are not entered twice.
class Again:
    def __reduce__(self):
        p.dump(1)


p = pickle.Pickler(io.BytesIO())
# expect: Pickler object is already used
try:
    p.dump(Again())
except RuntimeError as e:
    print(e)


class U(pickle.Unpickler):
    def persistent_load(self, pid):
        return self.load()


# expect: Unpickler object is already used
try:
    U(io.BytesIO(b"P1\n.N.")).load()
except RuntimeError as e:
    print(e)


# A dict that changes while it is pickled.
class Grows:
    def __reduce__(self):
        d[len(d)] = 0
        return int, ()


class Attr:
    pass


class GrowsObject:
    def __reduce__(self):
        o.new = 1
        return int, ()


d = {0: Grows(), 1: 2}
# expect: dictionary changed size during iteration
try:
    pickle.dumps(d)
except RuntimeError as e:
    print(e)
o = Attr()
o.a, o.b = GrowsObject(), 5
# expect: dictionary changed size during iteration
try:
    pickle.dumps(o)
except RuntimeError as e:
    print(e)
