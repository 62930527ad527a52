# Generators and coroutines whose code is hot: each way to resume one, to end it, to break it.
import sys
import traceback


def count(n):
    k = 0
    while k < n:
        yield k
        k += 1


def evens(n):
    for k in count(n):
        if k % 2 == 0:
            yield k


def with_value(n):
    got = 0
    for k in range(n):
        sent = yield k
        if sent is not None:
            got += sent
    return got


def delegating(n):
    total = yield from with_value(n)
    yield ("total", total)
    return total + 1


def outer(n):
    result = yield from delegating(n)
    yield result


def loop(n):
    s = 0
    for x in evens(n):
        s += x
    return s


for n in range(300):
    loop(20)
print(loop(1000))


def by_next(n):
    g = count(n)
    s = 0
    try:
        while True:
            s += next(g)
    except StopIteration as e:
        return s, e.value


def by_send(n):
    g = outer(n)
    got = [next(g)]
    for k in range(n + 1):
        got.append(g.send(k))
    return got


for n in range(200):
    by_next(30)
    by_send(10)
print(by_next(100))
print(by_send(10))


# Sinks: sums and their like.
def sums(n):
    return (sum(k * k for k in range(n)), sum(k / 2 for k in range(n)), max(k % 7 for k in range(n)),
            sorted(-k for k in range(n))[:3], all(k < n for k in range(n)),
            any(k > n for k in range(n)), list(k for k in range(3)), dict((k, -k) for k in range(3)),
            sum((k for k in range(3)), 1 << 70))


for n in range(100):
    sums(30)
print(sums(10))


# Yield of the same local, of temporaries, of a value that is kept.
def kept(n):
    box = [0]
    for k in range(n):
        yield box
        box = box + [k]
        x = k
        x = yield x
        yield (x, k)


def drive_kept(n):
    g = kept(n)
    out = []
    for v in g:
        out.append(v)
    return out


for n in range(200):
    drive_kept(5)
print(drive_kept(3))


# Exceptions inside, with lines; StopIteration inside; close and throw.
def fails(n, at):
    for k in range(n):
        if k == at:
            raise ValueError(k)
        yield k


def catch(n, at):
    seen = []
    try:
        for k in fails(n, at):
            seen.append(k)
    except ValueError as e:
        seen.append(("error", e.args, e.__traceback__.tb_lineno - catch.__code__.co_firstlineno,
                     e.__traceback__.tb_next.tb_lineno - fails.__code__.co_firstlineno))
    return seen


for n in range(200):
    catch(8, 99)
    catch(8, 5)
print(catch(4, 9), catch(6, 3))


def stops(n):
    for k in range(n):
        if k == 5:
            raise StopIteration(k)
        yield k


def catch_stop(n):
    try:
        return [k for k in stops(n)]
    except RuntimeError as e:
        return str(e), repr(e.__cause__)


for n in range(100):
    catch_stop(3)
    catch_stop(8)
print(catch_stop(5), catch_stop(8))


class Log:
    lines = []

    def __init__(self, name):
        self.name = name

    def __del__(self):
        Log.lines.append(self.name)


def cleaning(n):
    held = Log("held")
    try:
        for k in range(n):
            yield k
    except KeyError as e:
        yield ("caught", e.args)
    finally:
        Log.lines.append("finally")


def breaks(n, how):
    Log.lines.clear()
    g = cleaning(n)
    for k in g:
        if k == 3:
            break
    if how == 1:
        g.close()
    elif how == 2:
        Log.lines.append(g.throw(KeyError("x")))
    elif how == 3:
        try:
            g.throw(OSError("y"))
        except OSError as e:
            Log.lines.append(repr(e))
    del g
    return list(Log.lines)


for n in range(100):
    for how in range(4):
        breaks(6, how)
print([breaks(6, how) for how in range(4)])


# A generator that runs itself, one that is done, several iterators at one loop.
def itself():
    yield 1
    for x in me:
        yield x


def run_itself():
    global me
    me = itself()
    out = []
    try:
        for x in me:
            out.append(x)
    except ValueError as e:
        out.append(str(e))
    for x in me:
        out.append("never")
    return out


for n in range(100):
    run_itself()
print(run_itself())


def over(it):
    s = 0
    for x in it:
        s += x
    return s


for n in range(300):
    over(count(10))
print(over([1, 2]), over(count(4)), over((3, 4)), over({5: 6}), over(range(4)), over(count(5)))
for n in range(300):
    over(count(3))
    over([1.5])
print(over(iter({1, 2})), over(count(6)))


# What is handled inside a generator, and outside.
def handling(n):
    for k in range(n):
        try:
            raise KeyError(k)
        except KeyError:
            yield repr(sys.exc_info()[1])
        yield repr(sys.exc_info()[1])


def watch(n):
    out = []
    try:
        raise OSError("outside")
    except OSError:
        for x in handling(n):
            out.append((x, repr(sys.exc_info()[1])))
    return out


for n in range(200):
    watch(3)
print(watch(2))


# Coroutines.
class Wait:
    def __init__(self, x):
        self.x = x

    def __await__(self):
        got = yield self.x
        return got


async def leaf(x):
    return await Wait(x) + 1


async def chain(n):
    s = 0
    for k in range(n):
        s += await leaf(k)
    return s


async def agen(n):
    for k in range(n):
        await leaf(k)
        yield k


async def over_agen(n):
    out = []
    async for x in agen(n):
        out.append(x)
    return out + [x async for x in agen(2)]


class Manager:
    async def __aenter__(self):
        return await leaf(1)

    async def __aexit__(self, kind, exc, tb):
        await leaf(2)
        return kind is KeyError


async def managed(n):
    out = []
    for k in range(n):
        async with Manager() as m:
            out.append(m)
            if k % 2:
                raise KeyError(k)
    return out


def drive(coro):
    asked = []
    value = None
    try:
        while True:
            value = coro.send(value)
            asked.append(value)
    except StopIteration as e:
        return asked, e.value


for n in range(100):
    drive(chain(10)), drive(over_agen(5)), drive(managed(4))
print(drive(chain(4)))
print(drive(over_agen(3)))
print(drive(managed(4)))


# A deep chain of delegates, and recursion through generators.
def tree(n):
    if n:
        yield from tree(n - 1)
        yield n
        yield from tree(n - 1)


def nest(n):
    for x in (nest(n - 1) if n else ()):
        yield x
    yield n


for n in range(50):
    list(tree(5)), sum(tree(4)), sum(nest(6))
print(list(tree(3)), sum(tree(8)), list(nest(5)))


def endless(n):
    yield from endless(n + 1)


for n in range(3):
    try:
        next(endless(0))
    except RecursionError as e:
        print(type(e).__name__)


# Tracing set inside.
def traced(n):
    events = []

    def tracer(frame, event, arg):
        events.append((event, frame.f_code.co_name))
        return tracer

    def setter(n):
        for k in range(n):
            if k == 2:
                sys.settrace(tracer)
            yield k

    s = 0
    for x in setter(n):
        s += x
    sys.settrace(None)
    return s, events[:6]


for n in range(50):
    traced(2)
print(traced(4))


def report(n):
    g = fails(n, 2)
    for k in g:
        pass


for n in range(60):
    try:
        report(2)
        report(3)
    except ValueError:
        text = traceback.format_exc()
print(text.replace(__file__, "FILE"))
