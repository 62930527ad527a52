# Deleted attributes: what stays keeps its order and value, whatever the instance looks like inside.
import itertools


class A:
    def __init__(self, n):
        for k in range(n):
            setattr(self, "a%d" % k, k)


for n in (1, 2, 3, 5, 8, 9, 12):
    for gone in range(n):
        x = A(n)
        delattr(x, "a%d" % gone)
        print(hasattr(x, "a%d" % gone), end=" ")
        x.later = "z"
        print(n, gone, list(vars(x).items()))


class B:
    def __init__(self):
        self.gen, self.func, self.args = 1, 2, 3


def strip(x):
    del x.func
    return x.gen, x.args, getattr(x, "func", None)


for _ in range(3):
    x = B()
    print(strip(x))
    try:
        strip(x)
    except AttributeError:
        print("gone")
    x.func = 9
    print(x.gen, x.func, x.args, list(vars(x)))


class Told:
    def __del__(self):
        print("dies", owner.func, owner.args, hasattr(owner, "gen"))


owner = B()
owner.gen = Told()
del owner.gen
print(vars(owner))

# Many orders of deletion.
for order in itertools.permutations(range(5)):
    x = A(5)
    for k in order:
        delattr(x, "a%d" % k)
        setattr(x, "b%d" % k, k)
    assert list(vars(x).values()) == list(order), (order, vars(x))
print("ok")
