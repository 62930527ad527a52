# An iterator whose class loses __next__ while a loop runs.
def make():
    class It:
        def __iter__(self):
            return self

        def __next__(self):
            del It.__next__
            return 1

    return It()


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


def loop():
    for i in make():
        print("item", i)


def delegate():
    return list((lambda it: (yield from it))(make()))


attempt(loop)
attempt(delegate)
attempt(lambda: [x for x in make()])
attempt(lambda: 5 in make())
