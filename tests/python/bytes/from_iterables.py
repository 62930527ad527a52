# bytes and bytearray from iterables: the hint of a length may raise, __init__ fills the bytearray
# step by step, and what a subclass keeps in slots is pickled too.
import copy
import pickle


class BadLen:
    def __iter__(self):
        return iter(range(10))

    def __len__(self):
        raise RuntimeError("len")


class BadHint:
    def __iter__(self):
        return iter(range(10))

    def __length_hint__(self):
        raise RuntimeError("hint")


for bad in BadLen(), BadHint():
    for f in list, [].extend, bytes, bytearray(b"x").extend, tuple:
        try:
            f(bad)
            print("no error")
        except RuntimeError as e:
            print(e)

b = bytearray(b"old")


def steps():
    for i in range(1, 6):
        print(bytes(b))
        yield i


b.__init__(steps())
print(b)
try:
    b.__init__([1, 2, 256])
except ValueError as e:
    print(e)


class Slotted(bytearray):
    __slots__ = "x", "y", "__dict__"


s = Slotted(b"abcd")
s.x = 10
s.z = "dict"
for t in copy.copy(s), copy.deepcopy(s), *(pickle.loads(pickle.dumps(s, p)) for p in range(6)):
    print(t, t.x, t.z, hasattr(t, "y"), type(t) is Slotted)
print(bytearray(b"a").__reduce_ex__(4), bytearray().__reduce__())

for table in (b"1", 1), (b"1" * 256, 1), (None, 1), (None, b"a"), (1, b"a"):
    try:
        print(b"abc".translate(*table))
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
