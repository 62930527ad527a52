# A function made of code that is not a function's keeps its names in its globals.
import ast
import types

code = compile("total = start + 1\nnames = sorted(locals()) == sorted(globals())", "<code>", "exec")
space = {"start": 4}
function = types.FunctionType(code, space)
for _ in range(3):
    print(function(), space["total"], space["names"])
    space["start"] += 1


def call(f):
    return f()


for _ in range(20):
    call(function)
print(space["total"])

awaiting = compile("got = await f()\nlist_ = [x async for x in g()]", "<code>", "exec",
                   flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
for text in ("async for x in g(): pass", "async with f() as x: pass", "[await f()]", "pass"):
    print(compile(text, "<code>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT).co_flags & 0x80)
    try:
        compile(text, "<code>", "exec")
    except SyntaxError as e:
        print(e.msg)
    try:
        compile("def f(): " + text, "<code>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError as e:
        print(e.msg)


async def f():
    return 7


async def g():
    yield 1


space = {"f": f, "g": g}
for run in (types.FunctionType(awaiting, space), lambda: eval(awaiting, space)):
    coroutine = run()
    try:
        coroutine.send(None)
    except StopIteration as e:
        print(e.value, space.pop("got"), space.pop("list_"))
