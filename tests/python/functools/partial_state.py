# SPDX-License-Identifier: MIT
# A partial object can be put into itself; what is no state is refused.
import functools
import gc
import weakref


class Mark:
    pass


p = functools.partial(int)
p.mark = mark = Mark()
p.__setstate__((p, (p,), {}, p.__dict__))
seen = weakref.ref(mark)
del p, mark
gc.collect()
print(seen())
p = functools.partial(int)
p.__setstate__((p, (), {}, None))
del p
print(gc.collect() > 0)
for state in [(int, (), {}), (1, (), {}, None), (int, [], {}, None), (int, (), 1, None), None]:
    try:
        functools.partial(int).__setstate__(state)
    except TypeError as e:
        print(e)
