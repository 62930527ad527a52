# SPDX-License-Identifier: MIT
# Exceptions arrive with arguments, attributes, notes, causes and the text of their traceback.
# expect: ok
import channels


def trip(x):
    tx, rx = channels.open()
    tx.send(x)
    return rx.recv()


def caught(f, *args):
    try:
        f(*args)
    except BaseException as e:
        return e


def fail():
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise ValueError("bad", 3) from e


e = caught(fail)
e.add_note("a note")
e.extra = [1]
e.lock = (k for k in ())
for value, path in [(e, "message"), ([e], "message[0]")]:
    try:
        trip(value)
    except channels.NotShareableError as error:
        assert str(error).startswith(f"cannot send {path}.lock: "), error
    else:
        raise AssertionError
try:
    trip(ExceptionGroup("g", [e]))
except channels.NotShareableError as error:
    assert ".args[1][0].lock: " in str(error), error
else:
    raise AssertionError
del e.lock
r = trip(e)
assert type(r) is ValueError and r.args == ("bad", 3) and r.__notes__ == ["a note"] and r.extra == [1]
assert r.__traceback__ is None
assert type(r.__cause__) is ZeroDivisionError and r.__suppress_context__ and r.__context__ is r.__cause__
text = r.__quiver_traceback__
assert "ZeroDivisionError: division by zero" in text and "in fail" in text and text.endswith("a note\n")
assert trip(r).__quiver_traceback__ == text

r = trip(caught(open, "/nonexistent/file"))
assert type(r) is FileNotFoundError and r.errno == 2 and r.filename == "/nonexistent/file"
assert str(r) == "[Errno 2] No such file or directory: '/nonexistent/file'"
r = trip(caught(__import__, "nosuch"))
assert type(r) is ModuleNotFoundError and r.name == "nosuch" and str(r) == "No module named 'nosuch'"
assert trip(StopIteration(3)).value == 3 and trip(SystemExit(4)).code == 4
assert trip(KeyError("x")).args == ("x",) and str(trip(KeyError("x"))) == "'x'"
assert repr(trip(ExceptionGroup("g", [ValueError(1), TypeError(2)]))) == "ExceptionGroup('g', [ValueError(1), TypeError(2)])"
r = trip(caught(b"\xff".decode))
assert r.start == 0 and r.end == 1 and r.object == b"\xff"


class Mine(Exception):
    def __init__(self, a, b):
        super().__init__("mine")
        self.a, self.b = a, b


r = trip(Mine(1, 2))
assert type(r) is Mine and r.args == ("mine",) and r.a == 1 and r.b == 2
print("ok")
