# How the warning about coroutines that were never awaited is told.
import sys
import warnings


async def coro():
    pass


def make():
    return coro()


for depth in 0, 1:
    sys.set_coroutine_origin_tracking_depth(depth)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        make()
    for w in seen:
        lines = str(w.message).splitlines()
        print(len(lines), lines[0], lines[-1])
sys.set_coroutine_origin_tracking_depth(0)

sys.unraisablehook = lambda args: print("hook", args.exc_type.__name__, args.object.__name__)
warnings._warn_unawaited_coroutine = lambda c: 1 / 0
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    make()
print([str(w.message) for w in seen])


# Whatever an awaitable of __anext__ raises is the cause of the TypeError.
class F:
    def __aiter__(self):
        return self

    def __anext__(self):
        return self

    def __await__(self):
        1 / 0


async def main():
    async for _ in F():
        pass


try:
    main().send(None)
except TypeError as e:
    print(e, repr(e.__cause__), e.__context__ is e.__cause__)
