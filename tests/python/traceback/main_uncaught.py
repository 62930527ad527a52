# SPDX-License-Identifier: MIT
# An uncaught chained exception of the main program, with source lines.
# exit: 1
def outer():
    try:
        inner(0)
    except ZeroDivisionError as e:
        raise RuntimeError('while ' 'handling') from e
def inner(x):
    return (10 /
            x)
class Ctx:
    def __enter__(self): return self
    def __exit__(self, *a): outer()
with Ctx():
    [i for i in range(3) if i.no_attribute]
