# Type comments, `# type: ignore`, mode func_type, and grammars of older versions.
import ast


def show(source, mode="exec", **kw):
    try:
        tree = ast.parse(source, mode=mode, type_comments=True, **kw)
        print(repr(source), ast.dump(tree, include_attributes=True))
    except SyntaxError as e:
        print(repr(source), e.args)


show("x = 1 # type: int")
show("x = 1 # type: int  \n")
show("x = y = 1#type:int")
show("x = 1 #\ttype:\tint")
show("x = 1 # typed: int")
show("x = 1 #type int")
show("x = 1 # type: ")
show("x = 1 # type: ignore[foo] bar")
show("# type: ignore\nx = 1")
show("x = 1\n  # type: ignore.a\ny=2")
show("def f():\n  pass\n # type: ignore\n")
show("x = 1 # type: ignored")
show("x = 1 # type: ignore_")
show("x = 1 # type: ignoré")
show("for a in b: # type: int\n  pass")
show("for a in b: pass # type: int")
show("with a as b: # type: int\n  pass")
show("with (a as b): # type: int\n  pass")
show("with (a) as b: # type: int\n  pass")
show("with (a, b): # type: int\n  pass")
show("def f(): # type: () -> int\n  pass")
show("def f():\n  # type: () -> int\n  pass")
show("def f(): # type: a\n  # type: () -> int\n  pass")
show("def f(a, # type: int\n b = 1 # type: str\n): pass")
show("def f(a, # type: int\n b = 1, # type: str\n *, # type: x\n c): pass")
show("def f(a, # type: int\n b = 1, # type: str\n *c, # type: x\n d, # type: y\n **e #type:z\n): pass")
show("def f(a, # type: int\n /, b): pass")
show("def f(*, a, # type: int\n b=1, # type: str\n **c, # type: x\n): pass")
show("lambda a, # type: int\n b: 1")
show("foo() # type: int")
show("x += 1 # type: int")
show("x: int = 1 # type: int")
show("if 1: # type: int\n  pass")
show("x = [ # type: int\n 1]")
show("x = [ # type: ignore\n 1]")
show("def f(): pass # type: int")
show("x = 1 # type: int\n# type: str\ny = 1")
show("# type: int")
show("x = 1;  # type: int")
show("class A: # type: int\n pass")
show("async def f(): # type: () -> int\n  async for x in y: # type: a\n   pass\n  async with a as b: # type: c\n   pass")
show("x = 1 # type: int", mode="single")
show("x = 1 # type: ignore", mode="single")
show("a # type: ignore", mode="eval")
for source in (
    "(int, *str, **Any) -> float", "() -> List[int]\n", "(int) -> (a,b)", "(*int) -> a", "(**int) -> a",
    "(int,) -> a", "(int, -> a", "(*int, *str) -> a", "(**a, *b) -> c", "(a, **b, c) -> d", "(a.b[c], x) -> y # foo",
    "(a) -> y # type: ignore", "", "(a) -> b, c", "a -> b",
):
    show(source, mode="func_type")
tree = ast.parse("x = 1 # type: int")
print(ast.dump(tree))
compiled = ast.parse("x = 3 # type: int\ndef f(a, # type: str\n): return a # type: ignore", type_comments=True)
exec(compile(compiled, "f", "exec"))
print(x, f(4), ast.unparse(compiled))

for source in (
    "x:int=1", "async def f(): pass", "async def f():\n [x async for y in z]",
    "async def f():\n async for x in y: pass", "async def f():\n async with x: pass", "async def f(): await x",
    'f"{x}"', 'f"{x=}"', "x@y", "x@=y", "1_000", "(x:=1)", "def f(a,/): pass", "lambda a,/:1",
    "match x:\n case 1: pass", "with (a as b, c as d): pass", "with (a,b): pass", "with (a,b) as c: pass",
    "@a.b[1]\ndef f(): pass", "try: pass\nexcept* A: pass", "await x", "async=1", "await=1\nasync def f():\n await x\nawait",
    "def async(await=3): return await", "async def f():\n def g():\n  await x\n async = 3", "x[*a]", "def f(*a: *b): pass",
):
    results = {}
    for minor in range(3, 12):
        try:
            ast.parse(source, feature_version=(3, minor))
        except SyntaxError as e:
            results.setdefault(e.msg, []).append(minor)
    print(repr(source), results)
