# A sequence pattern of a fixed length: what is a sequence, what its length is, who answers.
from collections import deque, namedtuple
from collections.abc import Sequence


class Counted(Sequence):
    def __init__(self, *items):
        self.items = items

    def __len__(self):
        print("len", len(self.items))
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]


class Broken(Counted):
    def __len__(self):
        raise ValueError("no length")


class Negative(Counted):
    def __len__(self):
        return -1


class Tuple(tuple):
    def __len__(self):
        return 7


Pair = namedtuple("Pair", "a b")


def kind(x):
    match x:
        case ():
            return "empty"
        case (a,):
            return "one", a
        case ("+", a, b):
            return "sum", a, b
        case [a, b, c]:
            return "three", a, b, c
        case (_, _):
            return "two"
        case (_, _, _, _, _, _, _):
            return "seven"
    return "none"


for x in ((), (1,), [1], ("+", 1, 2), ["+", 3, 4], (1, 2, 3), (1, 2), Pair(1, 2), "ab", b"ab",
          bytearray(b"ab"), {1: 2, 3: 4}, {1, 2}, range(2), deque([1, 2]), memoryview(b"abc"), 5, None,
          Counted(), Counted(8, 9), Tuple((1, 2))):
    print(type(x).__name__, kind(x))
for x in (Broken(1), Negative(1)):
    try:
        print(kind(x))
    except ValueError as e:
        print("ValueError", e)

# The test jumps far.
body = "".join(f"   x = {k} + y\n" for k in range(9000))
exec("def far(v, y):\n match v:\n  case (a, b):\n" + body
     + "   return 'far', a, b, x\n  case _:\n   return 'other'\n")
print(far((1, 2), 3), far((1, 2, 3), 3), far([4, 5], 6))
