# frame.clear() closes a generator: its finally blocks run.
def gen():
    try:
        yield 1
    finally:
        print("closed")


g = gen()
next(g)
g.gi_frame.clear()
print(list(g))


def stubborn():
    while True:
        try:
            yield
        except GeneratorExit:
            print("again")
            return


g = stubborn()
next(g)
f = g.gi_frame
f.clear()
print(g.gi_frame, f.f_locals)

import warnings


async def coro():
    pass


c = coro()
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    c.cr_frame.clear()
print([str(w.message) for w in seen])
c.close()
