# SPDX-License-Identifier: MIT
# What fails in another interpreter arrives with type, message and traceback text.
# expect: ValueError: no 3
# expect: 
# expect: Uncaught in the interpreter:
# expect: 
# expect: Traceback (most recent call last):
# expect:   File "<string>", line 4, in <module>
# expect:   File "<string>", line 3, in f
# expect: ValueError: no 3
# expect: SyntaxError: invalid syntax (<string>, line 1)
# expect: SystemExit: 3
# expect: ZeroDivisionError division by zero ZeroDivisionError: division by zero builtins
# expect: NotShareableError: cannot send message[1]: 'generator' object
# expect: AttributeError: the message needs 'Mine' of module '__main__', which this interpreter does not have
# expect: Mine: of its own
# expect: KeyError: 'k'
# expect: ok
from concurrent import interpreters
from concurrent.interpreters import ExecutionFailed

i = interpreters.create()


def failure(f, *args):
    try:
        f(*args)
    except ExecutionFailed as e:
        assert isinstance(e, interpreters.InterpreterError)
        return e
    raise AssertionError("did not fail")


print(failure(i.exec, "import sys\ndef f(n):\n    raise ValueError('no %d' % n)\nf(3)"))
print(failure(i.exec, "1 +").excinfo.formatted)
print(failure(i.exec, "import sys; sys.exit(3)").excinfo.formatted)
info = failure(i.call, lambda: 1 / 0).excinfo
print(info.type.__name__, info.msg, info.formatted, info.type.__module__)
assert "in <lambda>" in info.errdisplay
print(failure(i.call, lambda: (k for k in ())).excinfo.formatted)


class Mine(Exception):
    pass


print(failure(i.call, lambda x: x, Mine()).excinfo.formatted)
i.exec("class Mine(Exception): pass")


def raise_mine():
    import __main__
    raise __main__.Mine("of its own")


print(failure(i.call, raise_mine).excinfo.formatted)
print(failure(i.call_in_thread(lambda: {}["k"]).result).excinfo.formatted)
assert i.call(lambda: 1) == 1  # it goes on
print("ok")
