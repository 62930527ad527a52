"""Functions of sys: results and what they refuse."""
import _thread
import sys


def attempt(f, *args, **kw):
    try:
        print(f.__name__, args, kw, f(*args, **kw))
    except BaseException as e:
        print(f.__name__, args, kw, type(e).__name__, e)


for v in -1, "a", 0:
    attempt(sys.setswitchinterval, v)
sys.setswitchinterval(0.25)
print(sys.getswitchinterval())
sys.setswitchinterval(0.005)
attempt(sys.set_asyncgen_hooks, 1)
attempt(sys.set_asyncgen_hooks, firstiter=1)
attempt(sys.set_asyncgen_hooks, finalizer=1)
sys.set_asyncgen_hooks(firstiter=print)
print(sys.get_asyncgen_hooks()[0] is print, len(sys.get_asyncgen_hooks()))
sys.set_asyncgen_hooks(None, len)
print(sys.get_asyncgen_hooks())
sys.set_asyncgen_hooks(finalizer=None)
print(sys.get_asyncgen_hooks())
attempt(sys.set_coroutine_origin_tracking_depth, -1)
attempt(sys.set_coroutine_origin_tracking_depth, "a")
attempt(sys.call_tracing, 1, 2)
attempt(sys.call_tracing, len, ("abc",))
attempt(sys.set_int_max_str_digits, 5)
attempt(sys.set_int_max_str_digits, "a")
sys.set_int_max_str_digits(0)
print(sys.get_int_max_str_digits(), len(str(10**5000)))
sys.set_int_max_str_digits(640)
attempt(str, 10**640 // 10**640)
try:
    str(10**641)
except ValueError as e:
    print(e)
sys.set_int_max_str_digits(4300)
for v in 0, "a", 2**40, 2**80:
    attempt(sys.setrecursionlimit, v)
attempt(sys.intern, 1)
attempt(sys.setdlopenflags, "a")
sys.setdlopenflags(258)
print(sys.getdlopenflags())
attempt(sys._getframe, 1000)
attempt(sys._getframe, "a")
attempt(sys.unraisablehook, 1)


class Text(str):
    pass


attempt(sys.intern, Text("a"))


class Sized:
    def __init__(self, size):
        self.size = size

    def __sizeof__(self):
        return self.size

    def __repr__(self):
        return "Sized"


attempt(sys.getsizeof, Sized(-1))
attempt(sys.getsizeof, Sized("a"))
attempt(sys.getsizeof, Sized("a"), 5)
print(sys.getsizeof(Sized(2**40)) >= 2**40)
for o in 1, 1.5, "a", b"a", [], {}, (), set(), object(), None, int, len, sys, print, Sized, Sized(0), range(3), iter([]):
    if not 16 <= sys.getsizeof(o) + 16 < 10000:
        print(o, sys.getsizeof(o))
for v in sys.flags, sys.version_info, sys.float_info, sys.hash_info, sys.int_info, sys.thread_info:
    print(type(v).__name__, type(v).__module__, len(v), type(v).__doc__.splitlines()[0])
    try:
        type(v)((0,) * len(v))
    except TypeError:
        print("cannot be made") if v in (sys.flags, sys.version_info) else None
print(sys.float_info, len(sys.stdlib_module_names), type(sys.stdlib_module_names).__name__)
print(sys.version.split()[0], sys.version_info[:2], hex(sys.hexversion)[:5], sys.maxunicode, sys.api_version, sys.platlibdir)


async def work():
    pass


def make():
    return work()


sys.set_coroutine_origin_tracking_depth(2)
c = make()
print([(line, name) for file, line, name in c.cr_origin])
c.close()
sys.set_coroutine_origin_tracking_depth(0)
c = make()
print(c.cr_origin)
c.close()

me = _thread.get_ident()
print(list(sys._current_frames()) == [me], sys._current_frames()[me].f_code.co_name, sys._current_exceptions()[me])
try:
    1 / 0
except ZeroDivisionError:
    print(sys._current_exceptions()[me][:2])
