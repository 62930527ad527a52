# options: -X sandbox
# Code objects from scripts: what is not well formed is refused, whatever way it comes; nothing of it runs.
# expect: done
import marshal
import random
import sys
import types

rnd = random.Random(4711)


def sample(a, b=2, *c, d=3, **e):
    x = [a, b]
    for y in c:
        try:
            x.append(y + d)
        except TypeError as err:
            x.append(str(err))
        finally:
            b += 1
    return {k: v for k, v in e.items()}, (lambda: x)(), f"{b!r:>5}"


code = sample.__code__
data = marshal.dumps(code)
refused = ran = 0


class Stop(Exception):
    pass


def attempt(make):
    """Makes a code object and, where that works, runs it a little."""
    global refused, ran
    try:
        made = make()
    except (ValueError, TypeError, EOFError, SystemError, OverflowError, MemoryError, UnicodeDecodeError):
        refused += 1
        return
    if type(made) is not types.CodeType:
        return
    try:
        f = types.FunctionType(made, {"__builtins__": {"str": str, "TypeError": TypeError}},
                               closure=tuple(types.CellType(0) for _ in made.co_freevars) or None)
        budget[0] = 2000
        sys.settrace(tick)
        f(1, 2, 3)
    except BaseException:
        pass
    finally:
        sys.settrace(None)
    ran += 1


budget = [0]


def tick(frame, event, arg):
    budget[0] -= 1
    if budget[0] < 0:
        raise Stop  # loops that a change has made endless
    frame.f_trace_opcodes = True
    return tick


raw = code.co_code
for k in range(400):
    bad = bytearray(raw)
    for _ in range(rnd.choice((1, 1, 2, 5))):
        bad[rnd.randrange(len(bad))] = rnd.choice((0, 1, 255, rnd.randrange(256)))
    attempt(lambda: code.replace(co_code=bytes(bad)))
for field, values in {
    "co_nlocals": (0, 1, 1000, 65535), "co_stacksize": (0, 1, 65535), "co_argcount": (0, 5, 300),
    "co_consts": ((), (None,)), "co_names": ((), ("x",)), "co_varnames": ((), ("q",) * 50),
    "co_exceptiontable": (b"", b"\xff" * 40, b"\x80" * 9), "co_freevars": (("a",), ("a",) * 99), "co_cellvars": ((), ("z",)),
    "co_kwonlyargcount": (0, 9), "co_posonlyargcount": (9,), "co_linetable": (b"", b"\xff" * 99), "co_flags": (0, 1 << 30),
}.items():
    for value in values:
        attempt(lambda: code.replace(**{field: value}))
for k in range(400):
    bad = bytearray(data)
    for _ in range(rnd.choice((1, 1, 3))):
        bad[rnd.randrange(len(bad))] = rnd.randrange(256)
    attempt(lambda: marshal.loads(bytes(bad)))
assert refused > 500 and ran > 100, (refused, ran)
print("done")
