# SPDX-License-Identifier: MIT
# Values that arrive while the collector runs can be collected themselves.
# expect: ok
import channels
import collections
import gc
import weakref


class Point(tuple):
    def __getnewargs__(self):
        return (tuple(self),)


class Mark:
    pass


def make():
    ring = collections.deque()
    point = Point([ring, 1])
    ring.append((point, None, [point]))
    ring.append(point)
    ring.append(Mark())
    return ring


tx, rx = channels.open()
gc.set_threshold(1)
for value in (make(), [make()], (make(), {"a": make()})):
    for _ in range(5):
        tx.send(value)
        got = rx.recv()
        while not isinstance(got, collections.deque):
            got = got[0]
        seen = weakref.ref(got[-1])
        got = None
        gc.collect()
        assert seen() is None
print("ok")
