# Code objects: attributes, replace(), the constructor from their own parts, equality.
import types


def outer(a, b=2, /, c=3, *d, e, f=6, **g):
    "the doc"
    x = a
    y: int = 5

    def inner(p):
        nonlocal x
        x += p + b
        return [x for q in g if q != c]

    try:
        return inner
    finally:
        y += 1


def gen():
    try:
        yield 1
    except KeyError as k:
        yield k
    finally:
        yield 3


async def coro(x):
    async with x as y:
        return await y


lam = lambda *, k: k


class C:
    def method(self):
        return __class__


FIELDS = """argcount posonlyargcount kwonlyargcount nlocals flags varnames filename name qualname firstlineno
freevars cellvars""".split()
PARTS = """argcount posonlyargcount kwonlyargcount nlocals stacksize flags code consts names varnames filename name
qualname firstlineno linetable exceptiontable freevars cellvars""".split()


def parts(co):
    return {p: getattr(co, "co_" + p) for p in PARTS}


for f in (outer, gen, coro, lam, C.method, outer(1, e=2)):
    co = f.__code__
    print([getattr(co, "co_" + n) if n != "filename" else "-" for n in FIELDS])
    print([type(getattr(co, "co_" + n)).__name__ for n in PARTS + ["lnotab"]])
    again = types.CodeType(*parts(co).values())
    print(again == co, hash(again) == hash(co), parts(again) == parts(co))
    print(list(again.co_positions()) == list(co.co_positions()), list(again.co_lines()) == list(co.co_lines()))
    print(co.replace() == co, co.replace(co_name="other") == co, co.replace(co_firstlineno=500).co_firstlineno)
    print(co.co_code == co._co_code_adaptive or True, co != 3, co == 3)

lines = {line for _, _, line in outer.__code__.co_lines() if line is not None}
print(sorted(line - outer.__code__.co_firstlineno for line in lines))
moved = outer.__code__.replace(co_firstlineno=1000)
print(sorted({line for _, _, line in moved.co_lines() if line is not None} - {1000}))

# functions over copies run
f = types.FunctionType(types.CodeType(*parts(outer.__code__).values()), globals())
f.__kwdefaults__ = {"f": 1}
print(f(1, 2, 3, e=4, z=5, w=6)(10), f.__doc__)
g = types.FunctionType(gen.__code__.replace(co_name="renamed"), {})
it = g()
print(next(it), it.throw(KeyError("x")), next(it), it.__name__)
doubled = lam.__code__.replace(co_varnames=("j",))
print(types.FunctionType(doubled, {})(j=5))


def three():
    return 1000 + 2


three.__code__ = three.__code__.replace(co_consts=tuple("new" if c == 1002 else c for c in three.__code__.co_consts))
print(three())


def attempt(call, *args, **kw):
    try:
        print(type(call(*args, **kw)).__name__)
    except Exception as e:
        print(type(e).__name__, e)


good = list(parts(three.__code__).values())
attempt(types.CodeType)
attempt(types.CodeType, 1)
attempt(types.CodeType, *good, 1)
attempt(types.CodeType, *good[:16])
for at, value in ((6, "x"), (6, 1), (7, []), (8, (1,)), (9, [1]), (10, 1), (11, 1), (12, 1), (0, -1), (0, "a"), (1, -1),
                  (2, -1), (3, -1), (3, 2), (0, 2), (14, "x"), (15, 1), (16, 1), (17, (1,))):
    attempt(types.CodeType, *good[:at], value, *good[at + 1:])
co = three.__code__
attempt(co.replace, co_code="x")
attempt(co.replace, co_flags="a")
attempt(co.replace, co_names=[1])
attempt(co.replace, co_name=1)
attempt(co.replace, foo=1)
attempt(co.replace, co_argcount=5)
attempt(co.replace, co_nlocals=7)
attempt(co.replace, co_varnames=("a",))
attempt(co.replace, co_linetable="x")
attempt(setattr, co, "co_name", "x")
print(co._varname_from_oparg.__name__, [outer.__code__._varname_from_oparg(i) for i in (0, 3, 5)])
attempt(co._varname_from_oparg, 99)


@types.coroutine
def old():
    return (yield 1)


print(bool(old.__code__.co_flags & 0x100))

# features and optimisation stay with the code
print(hex(compile("x", "f", "exec", 0x20000).co_flags & 0x1FF0000))
print(hex(compile("from __future__ import annotations, division", "f", "exec").co_flags & 0x1FF0000))
exec(compile("from __future__ import annotations\nexec('def f(a: b): pass\\nprint(f.__annotations__)')", "f", "exec"))
exec(compile("from __future__ import annotations\nexec(compile('def f(a: int): pass\\nprint(f.__annotations__)', 'f', 'exec', 0, True))", "f", "exec"))
source = "def f():\n 'doc'\n assert False, 'no'\n return __debug__\nprint(f(), f.__doc__)"
for level in (-1, 0, 1, 2):
    try:
        exec(compile(source, "f", "exec", optimize=level))
    except AssertionError as e:
        print("AssertionError", e)


class Mapping:
    "A namespace with no more than exec() needs."

    def __getitem__(self, key):
        if key == "a":
            return 12
        raise KeyError

    def __setitem__(self, key, value):
        self.results = (key, value)

    def keys(self):
        return list("xyz")


m = Mapping()
exec("z = a", globals(), m)
print(m.results)
exec("z = dir()", globals(), m)
print(m.results)
exec("z = locals()", globals(), m)
print(m.results[1] is m)
attempt(exec, "z = b", globals(), m)
