# SPDX-License-Identifier: MIT
# What _asyncio's Future and Task do by themselves: states, errors, callbacks, iterators, steps.
import asyncio
import _asyncio  # after the package: CPython has two of its dicts of tasks otherwise
import contextvars
import gc
import weakref

var = contextvars.ContextVar("var", default="outside")


def tried(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except BaseException as e:
        return type(e).__name__ + ": " + str(e)


def show(label, f, *args, **kwargs):
    print(label, tried(f, *args, **kwargs))


show("positional", _asyncio.Future, 42)
show("keyword", _asyncio.Future, foo=1)
raw = _asyncio.Future.__new__(_asyncio.Future)
for name in "result", "exception", "cancel", "done", "cancelled", "get_loop", "__iter__", "__repr__":
    show(name, getattr(raw, name))
for name in "set_result", "set_exception", "remove_done_callback":
    show(name, getattr(raw, name), 1)
for name in "_state", "_callbacks", "_result", "_loop", "_asyncio_future_blocking":
    show(name, getattr, raw, name)
show("task", _asyncio.Task)
show("no loop", _asyncio.get_running_loop)
print(_asyncio._get_running_loop(), _asyncio.Future[int], _asyncio.Task[str])


class Evil:
    def __init__(self, future, action):
        self.future, self.action = future, action

    def __eq__(self, other):
        action, self.action = self.action, None
        if action:
            action(self.future)
        return False

    def __call__(self, future):
        pass


class Yields:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        return (yield self.value)


async def yields(value):
    return await Yields(value)


async def nothing():
    return var.get()


async def main():
    loop = asyncio.get_running_loop()
    f = loop.create_future()
    print(f, f._state, f._callbacks, f.get_loop() is loop)
    seen = []
    for k in range(4):
        f.add_done_callback(seen.append if k % 2 else lambda f, k=k: seen.append(k))
    print(len(f._callbacks), f.remove_done_callback(seen.append), len(f._callbacks))
    f.set_result("r")
    show("twice", f.set_result, 1)
    show("exception", f.set_exception, ValueError)
    f.add_done_callback(lambda f: seen.append("late"))
    print(seen, f, f.result(), f.exception(), f._result, f._callbacks)
    await asyncio.sleep(0)
    print(seen)

    # Contexts of callbacks.
    f = loop.create_future()
    f.add_done_callback(lambda f: print("callback in", var.get()))
    copied = contextvars.copy_context()
    copied.run(var.set, "a copy")
    f.add_done_callback(lambda f: print("callback in", var.get()), context=copied)
    f.set_result(None)
    await asyncio.sleep(0)
    print(await asyncio.create_task(nothing(), context=copied), await asyncio.create_task(nothing()))

    # Exceptions.
    f = loop.create_future()
    show("stop", f.set_exception, StopIteration)
    show("number", f.set_exception, 5)
    show("class", f.set_exception, int)
    error = KeyError("mine")
    f.set_exception(error)
    print(f._log_traceback, f.exception() is error, f._log_traceback)
    for _ in range(2):
        try:
            await f
        except KeyError as e:
            print("raised", e, e is error, e.__context__)
    show("log", setattr, f, "_log_traceback", True)
    show("log", delattr, f, "_log_traceback")

    # Iterators.
    f = loop.create_future()
    it = iter(f)
    print(it.send(5) is f, f._asyncio_future_blocking)
    show("again", it.send, 5)
    f._asyncio_future_blocking = False
    f.set_result((1, 2))
    show("result", next, it)
    show("over", next, it)
    for args in (ValueError,), (ValueError, "x"), (ValueError("i"), 1), (5,), (ValueError, 1, 2):
        show("throw", iter(f).throw, *args)
    it = iter(f)
    it.close()
    show("closed", next, it)

    # A comparison that changes the callbacks it is asked about.
    for action in (
        lambda f: f.cancel(), lambda f: f.remove_done_callback(print),
        lambda f: f.add_done_callback(print) if len(f._callbacks) < 9 else None,
    ):
        f = loop.create_future()
        for _ in range(3):
            f.add_done_callback(seen.append)
            f.add_done_callback(Evil(f, action))
        print("evil", tried(f.remove_done_callback, Evil(f, action)) in (0, 1, 2, 3), f.done())
        f.remove_done_callback(print)
        f.remove_done_callback(seen.append)
        f = None
    gc.collect()

    # Cancelling.
    f = loop.create_future()
    print(f.cancel("why"), f.cancel(), f, f._cancel_message)
    show("result", f.result)
    show("exception", f.exception)

    async def waits(future):
        try:
            return await future
        except asyncio.CancelledError as e:
            print("in task", repr(e), asyncio.current_task().cancelling())
            raise

    f = loop.create_future()
    task = asyncio.create_task(waits(f), name="waiting")
    await asyncio.sleep(0)
    print(task._fut_waiter is f, task._must_cancel, len(f._callbacks), task.get_name())
    print(task.cancel("stop"), task.cancel("again"), task.cancelling(), task.uncancel(), f)
    try:
        await task
    except asyncio.CancelledError as e:
        print(repr(e), task.cancelled(), task.cancel(), task._fut_waiter)
    task = asyncio.create_task(waits(loop.create_future()))
    print(task.cancel("early"), task._must_cancel)
    print(await asyncio.gather(task, return_exceptions=True))

    async def stubborn():
        try:
            await asyncio.sleep(9)
        except asyncio.CancelledError:
            asyncio.current_task().uncancel()
            return "stayed"

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    task.cancel()
    print(await task, task.cancelling())

    # What coroutines may not yield.
    for value in 5, f, (x for x in ()), loop.create_future():
        print(str(await asyncio.gather(loop.create_task(yields(value)), return_exceptions=True))[:60])
    print(await loop.create_task(yields(None)))
    own = []

    async def awaits_itself():
        await own[0]

    own.append(loop.create_task(awaits_itself()))
    print(str(await asyncio.gather(own[0], return_exceptions=True))[:50])
    own.clear()
    other = asyncio.new_event_loop()
    foreign = other.create_future()
    print("different loop" in str(
        await asyncio.gather(loop.create_task(waits(foreign)), return_exceptions=True)))
    other.close()

    # Subclasses see the calls.
    class Traced(_asyncio.Task):
        def cancel(self, msg=None):
            print("cancel", msg)
            return super().cancel(msg)

        def add_done_callback(self, *args, **kwargs):
            print("add_done_callback")
            return super().add_done_callback(*args, **kwargs)

    traced = Traced(asyncio.sleep(9), loop=loop, name="t")
    traced.note = "kept"
    task = asyncio.create_task(waits(traced))
    await asyncio.sleep(0)
    task.cancel("through")
    print(await asyncio.gather(task, return_exceptions=True), traced, traced.note)

    # The set of tasks is weak; a step outside the loop is refused.
    task = loop.create_task(nothing())
    step = loop._ready[-1]._callback
    print(type(step).__name__, step.__self__ is task)
    print(tried(step)[:40])
    show("arguments", step, 1)
    print(await task, task in asyncio.all_tasks())
    task = weakref.ref(asyncio.ensure_future(nothing()))
    await asyncio.sleep(0)
    print(task())
    show("enter", _asyncio._enter_task, loop)
    show("leave", lambda: print(tried(_asyncio._leave_task, loop, None)[:25]))
    show("result", asyncio.current_task().set_result, 1)

    # The future's end is told to the loop's handler.
    loop.set_exception_handler(lambda loop, context: print(sorted(context), context["message"]))
    f = loop.create_future()
    f.set_exception(ValueError("unseen"))
    del f
    gc.collect()
    task = loop.create_task(nothing())
    loop._ready.pop()
    coro = task.get_coro()
    del task
    gc.collect()
    coro.close()


asyncio.run(main())


# A long chain of tasks that wait for each other is cancelled from its end.
async def link(n):
    return await (asyncio.sleep(9) if n == 0 else asyncio.create_task(link(n - 1)))


async def chain():
    task = asyncio.create_task(link(100))
    for _ in range(105):
        await asyncio.sleep(0)
    task.cancel()
    print(await asyncio.gather(task, return_exceptions=True))


asyncio.run(chain())
