# What the runtime tells audit hooks of.
# exit: 1
import sys

seen = []
on = False
WANTED = ("open", "compile", "exec", "import", "gc.", "marshal.", "object.__", "builtins.id",
          "builtins.input", "array.", "sys.excepthook", "sys.unraisablehook")


def hook(event, args):
    global on
    if on and event.startswith(WANTED):
        on = False
        seen.append((event, args))
        on = True


sys.addaudithook(hook)


def show(f):
    global on
    seen.clear()
    on = True
    try:
        f()
    finally:
        on = False
    for event, args in seen:
        print(f.__name__, event, len(args), [a if isinstance(a, (str, bytes, int, tuple)) or a is None else type(a).__name__ for a in args])


def files():
    import os
    open("/dev/null").close()
    open("/dev/null", "wb", 0).close()
    fd = os.open("/dev/null", os.O_RDONLY)
    open(fd, "rb").close()


def code():
    eval("1 + 1")
    exec("x = 1")
    exec(compile("2", "here", "exec"))


def attributes():
    class A:
        pass

    class B:
        pass

    def f():
        pass

    def g():
        pass

    a = A()
    a.__class__ = B
    A.__name__ = "Z"
    f.__code__ = g.__code__
    f.__defaults__ = (1,)
    del f.__defaults__
    f.__kwdefaults__ = None


def collector():
    import gc
    gc.get_objects(generation=1)
    gc.get_referents(1, 2)
    gc.get_referrers()


def marshals():
    import io
    import marshal
    marshal.loads(marshal.dumps(7))
    f = io.BytesIO()
    marshal.dump(8, f, 2)
    f.seek(0)
    marshal.load(f)


def missing():
    try:
        import there_is_no_such_module
    except ImportError:
        pass


def arrays():
    import array
    array.array("i")
    array.array("b", [1])


def asks():
    import io
    old = sys.stdin
    sys.stdin = io.StringIO("line\n")
    input("? ")
    sys.stdin = old
    id(None)


import array, gc, io, marshal, os  # noqa: E401  (not part of what is shown)

for f in (files, code, attributes, collector, marshals, missing, arrays):
    show(f)
seen.clear()
on = True
asks()
on = False
print([event for event, _ in seen])


# A hook's exception stops what it was told of.
class No(Exception):
    pass


def forbid(event, args):
    if event == "open" and args[0] == "/dev/zero":
        raise No(event)


sys.addaudithook(forbid)
for f in (lambda: open("/dev/zero"), lambda: os.open("/dev/zero", 0)):
    try:
        f()
    except No as e:
        print("No", e)

# Hooks are not traced unless they ask for it.
calls = []


class Hook:
    def __call__(self, event, args):
        pass


h = Hook()
sys.addaudithook(h)


def trace(frame, event, arg):
    if frame.f_code is Hook.__call__.__code__:
        calls.append(event)


sys.settrace(trace)
sys.audit("one")
h.__cantrace__ = False
sys.audit("two")
h.__cantrace__ = True
sys.audit("three")
sys.settrace(None)
print(calls)
print(any(hook is o or (type(o) is list and hook in o and o is not None) for o in gc.get_objects() if type(o) is list))


def last(event, args):
    if event == "sys.excepthook":
        print(event, args[0] is sys.excepthook, args[1].__name__, args[2])
    elif event == "sys.unraisablehook":
        print(event, args[0] is sys.unraisablehook, repr(args[1].exc_value), args[1].err_msg)


sys.addaudithook(last)
sys.excepthook = lambda *a: print("excepthook", a[0].__name__)
sys.unraisablehook = lambda u: print("unraisable", u.exc_value)


class D:
    def __del__(self):
        1 / 0


D()
raise KeyError("end")
