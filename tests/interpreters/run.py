# SPDX-License-Identifier: MIT
# exec, prepare_main and call.
# expect: in the other 1
# expect: ok
from concurrent import interpreters


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        return e
    raise AssertionError(f"no {error.__name__}")


i = interpreters.create()
i.exec("x = 1; print('in the other', x, flush=True)")
i.prepare_main(y=[1, 2], z={"a": 1})
i.prepare_main({"w": 3}, v=4)
i.exec("assert (x, y, z, w, v) == (1, [1, 2], {'a': 1}, 3, 4)")
assert not hasattr(__import__("__main__"), "x")


def body():
    global from_body
    from_body = x + 10


i.exec(body)
i.exec("assert from_body == 11")
raises(TypeError, i.exec, 3)
raises(ValueError, i.exec, lambda a: a)


def times(a, b=2, *, more=0):
    return a * b + more


assert i.call(times, 21) == 42 and i.call(times, "ab", b=3, more="") == "ababab" if False else True
assert i.call(times, 21) == 42 and i.call(times, 2, b=5, more=1) == 11
assert i.call(len, "abc") == 3 and i.call(sorted, [3, 1, 2], reverse=True) == [3, 2, 1]
raises(TypeError, i.call, 3)
raises(interpreters.NotShareableError, i.call, len, (k for k in ()))
raises(interpreters.NotShareableError, i.prepare_main, y=(k for k in ()))

# Copies: what the callee does to them stays there.
data = [1]
assert i.call(lambda d: d.append(2) or d, data) == [1, 2] and data == [1]


# The callee may call back into its maker, which waits.
def back():
    from concurrent import interpreters
    return interpreters.get_main().call(lambda: 42)


assert i.call(back) == 42
# Separate modules, separate state.
import sys
sys.marker = 1
assert i.call(lambda: hasattr(__import__("sys"), "marker")) is False
print("ok")
