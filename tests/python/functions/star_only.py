# Functions that take only *args, and calls that give a tuple: locals start unbound, values die in time.
def only(*args):
    try:
        later
    except UnboundLocalError:
        print("unbound")
    later = len(args)
    return args, later


def cells(*args):
    return lambda: args


def generator(*args):
    yield from args


async def coroutine(*args):
    return args


def exact(a, b):
    try:
        c
    except UnboundLocalError:
        print("unbound")
    c = a
    return c, b


def wrapper(*args):
    return exact(*args)


for values in ((), (1,), (1, 2), tuple(range(40))):
    print(only(*values)[1], only(*list(values))[0][:3], cells(*values)()[:2],
          list(generator(*values))[:2])
print(only(1, 2, 3), only(), wrapper(1, 2), wrapper(*"xy"))
try:
    coroutine(5, 6).send(None)
except StopIteration as e:
    print(e.value)
for bad in (lambda: only(a=1), lambda: only(1, **{"b": 2}), lambda: wrapper(1),
            lambda: wrapper(1, 2, 3)):
    try:
        bad()
    except TypeError as e:
        print(e)


class Told:
    def __del__(self):
        print("dies")


def drop(*args):
    args = None
    print("dropped")


drop(Told())


class M:
    def m(*args):
        return args[1:]

    def __call__(*args):
        return len(args)

    def __init__(*args):
        args[0].n = len(args)


m = M(1, 2)
print(m.n, m.m(3), M.m(m, 4), m(5, 6), m(*(7,)), M(*"abc").n)
big = "".join(["a", "b"])
print(big == "ab", big != "ab", big == "".join(["a", "c"]), "\xe9" == "".join(["\xe9"]), "" == big[:0])
