# SPDX-License-Identifier: MIT
"""What the files beside it share: arguments of odd kinds, and a printer of what expressions give."""


class Index:
    def __init__(self, v):
        self.v = v

    def __index__(self):
        return self.v


class Bad:
    """Each thing that a built-in function may ask of it fails."""

    def __getattr__(self, k):
        raise RuntimeError("getattr " + k)

    def __iter__(self):
        raise RuntimeError("iter")

    def __eq__(self, o):
        raise RuntimeError("eq")

    def __lt__(self, o):
        raise RuntimeError("lt")

    def __hash__(self):
        raise RuntimeError("hash")

    def __bool__(self):
        raise RuntimeError("bool")

    def __repr__(self):
        return "Bad()"


class Gen:
    def __init__(self, *items):
        self.items = items

    def __iter__(self):
        return iter(self.items)


class GetItem:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i * 10


class IntSub(int):
    pass


class StrSub(str):
    def __repr__(self):
        return "StrSub(%s)" % str.__repr__(self)


class ListSub(list):
    pass


bad = Bad()


def show(r):
    """The repr without addresses; a long one without its middle."""
    s = repr(r).split(" at 0x")[0]
    return s if len(s) < 300 else s[:140] + "..." + s[-140:]


def probe(scope, sources):
    """Evaluates each source in the dict scope and prints its value, or the error that it raises."""
    for src in sources:
        try:
            r = eval(src, scope)
        except BaseException as e:
            print(src, "|", type(e).__name__ + ":", show(str(e))[1:-1])
        else:
            print(src, "=", show(r))
