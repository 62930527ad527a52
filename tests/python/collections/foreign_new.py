# Subclasses whose __new__ makes something else: operators that build a result of the type say so.
from collections import defaultdict, deque


class D(deque):
    pass


class M(defaultdict):
    pass


d, bounded, m = D([1]), D([1], 3), M(int, {1: 2})
D.__new__ = M.__new__ = lambda cls, *args, **kwargs: [42]
for f in (
    lambda: d * 42, lambda: d + deque([1]), lambda: d.copy(), lambda: bounded + deque([1]),
    lambda: bounded * 2, lambda: m | {}, lambda: {} | m,
):
    try:
        print(f())
    except (TypeError, SystemError):
        print("refused")
