# An index or a value whose code releases the view: its memory is not touched any more.
import gc

size = 128


class Index:
    def __init__(self, special="__index__"):
        self.result = {"__index__": 4, "__float__": 4.25, "__bool__": True}[special]

    def act(self):
        global other
        m.release()
        other = bytearray(size)
        return self.result

    __index__ = __float__ = __bool__ = act


def attempt(name, do, *cast):
    global m, other
    other = None
    m = memoryview(bytearray(b"\xff" * size))
    if cast:
        m = m.cast(*cast)
    try:
        print(name, do())
    except ValueError as e:
        print(name, e, other == bytes(size))


def put(key, value):
    m[key] = value


attempt("get", lambda: m[Index()])
attempt("stop", lambda: list(m[: Index()]))
attempt("start", lambda: list(m[Index() : 8]))
attempt("tuple 0", lambda: m[Index(), 0], "B", (64, 2))
attempt("tuple 1", lambda: m[0, Index()], "B", (2, 64))
attempt("set", lambda: put(Index(), 42))
attempt("set slice", lambda: put(slice(None, Index()), b"spam"))
attempt("set slice", lambda: put(slice(Index(), 8), b"spam"))
attempt("set tuple", lambda: put((Index(), 0), 42), "B", (64, 2))
attempt("set tuple", lambda: put((0, Index()), 42), "B", (2, 64))
attempt("value", lambda: put(0, Index()))
for f in "bhilqnBHILQN":
    attempt("value " + f, lambda: put(0, Index()), f)
for f in "fd":
    attempt("value " + f, lambda: put(0, Index("__float__")), f)
attempt("value ?", lambda: put(0, Index("__bool__")), "?")
