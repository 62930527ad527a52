# SPDX-License-Identifier: MIT
# Creating, finding, closing.
# expect: ok
from concurrent import interpreters
from concurrent.interpreters import InterpreterError, InterpreterNotFoundError


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        return str(e)
    raise AssertionError(f"no {error.__name__}")


main = interpreters.get_main()
assert interpreters.get_current() == main and interpreters.list_all() == [main] and main.is_running()
assert repr(main) == f"Interpreter({main.id})" and {main: 1}[interpreters.get_main()] == 1
a = interpreters.create()
assert a != main and interpreters.list_all() == [main, a] and not a.is_running()
assert a.whence == "_interpreters module" and main.whence in ("runtime init", "C-API")
raises(AttributeError, setattr, a, "id", 3)
raises(TypeError, interpreters.Interpreter, "1")
raises(InterpreterNotFoundError, interpreters.Interpreter, 10**9)
a.close()
for f in (a.close, a.is_running, a.stats, a.interrupt):
    assert raises(InterpreterNotFoundError, f) == f"unrecognized interpreter ID {a.id}"
raises(InterpreterNotFoundError, a.exec, "1")
raises(InterpreterNotFoundError, a.call, len, "")
raises(InterpreterNotFoundError, a.call_in_thread, len, "")
raises(InterpreterError, main.close)
raises(InterpreterError, main.exec, "1")
assert issubclass(InterpreterNotFoundError, InterpreterError)

b = interpreters.create()  # ends with its last object
again = interpreters.Interpreter(b.id)
del b
assert len(interpreters.list_all()) == 2
del again
assert interpreters.list_all() == [main]

for _ in range(100):
    interpreters.create().exec("x = 1")
many = [interpreters.create() for _ in range(100)]
for i in many:
    i.exec("x = 1")
del many, i
assert interpreters.list_all() == [main]


def nest(n):
    from concurrent import interpreters
    return 0 if n == 0 else 1 + interpreters.create().call(nest, n - 1)


assert nest(5) == 5 and interpreters.list_all() == [main]
print("ok")
