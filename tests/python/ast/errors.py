# What compile() says about wrong trees and wrong arguments.
import ast

pos = dict(lineno=1, col_offset=2)
name = ast.Name("x", ast.Load(), **pos)
store = ast.Name("x", ast.Store(), **pos)
delete = ast.Name("x", ast.Del(), **pos)
one = ast.Constant(1, **pos)
ok = [ast.Pass(**pos)]


def attempt(f):
    try:
        r = f()
        print(type(r).__name__)
    except Exception as e:
        text = f"{type(e).__name__} {e}"
        at = text.find(" at 0x")
        print(text if at < 0 else text[:at])


def expr(e):
    attempt(lambda: compile(ast.Expression(e), "f", "eval"))


def stmt(*s):
    attempt(lambda: compile(ast.Module(list(s), []), "f", "exec"))


def args(**kw):
    base = dict(posonlyargs=[], args=[], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[])
    return ast.arguments(**{**base, **kw})


print("-- conversion")
attempt(lambda: compile(ast.Expression(), "f", "eval"))
attempt(lambda: compile(ast.Module([]), "f", "exec"))
attempt(lambda: compile(ast.Module(None, []), "f", "exec"))
attempt(lambda: compile(ast.Module((), []), "f", "exec"))
attempt(lambda: compile(ast.Module([], [3]), "f", "exec"))
attempt(lambda: compile(ast.Module([], []), "f", "eval"))
attempt(lambda: compile(ast.expr(**pos), "f", "exec"))
attempt(lambda: compile(ast.Interactive([ast.Pass(**pos)]), "f", "single"))
expr(5)
expr(None)
expr(ast.expr(**pos))
expr(ast.Name("x", ast.Load()))
expr(ast.Name("x", ast.Load(), lineno=1))
expr(ast.Name("x", ast.Load(), lineno=None, col_offset=2))
expr(ast.Name("x", ast.Load(), lineno=2**40, col_offset=2))
expr(ast.Name("x", ast.Load(), lineno="a", col_offset=2))
expr(ast.Name("x", ast.Load(), lineno=1, col_offset=2, end_lineno="q"))
expr(ast.Name(None, ast.Load(), **pos))
expr(ast.Name(7, ast.Load(), **pos))
expr(ast.Name("x", 7, **pos))
expr(ast.Name("x", None, **pos))
expr(ast.Lambda(3, None, **pos))
expr(ast.Lambda(args(args=[None]), one, **pos))
expr(ast.Lambda(args(args=[ast.arg("a")]), one, **pos))
expr(ast.Call(name, [], [ast.keyword("a", None)], **pos))
expr(ast.Call(name, [], [4], **pos))
expr(ast.Call(name, [], [None], **pos))
expr(ast.Compare(name, [None], [name], **pos))
expr(ast.BinOp(name, None, name, **pos))
expr(ast.Constant(**pos))
stmt(3)
stmt(None)
stmt(ast.Pass())
stmt(ast.Expr(None, **pos))
stmt(ast.Global([4], **pos))
stmt(ast.Assign([store], name, b"int", **pos))
stmt(ast.Assign([store], name, 34, **pos))
stmt(ast.ImportFrom("a", [ast.alias("b", **pos)], **pos))
stmt(ast.FunctionDef("f", **pos))

print("-- contexts")
expr(store)
expr(ast.Tuple([store], ast.Load(), **pos))
stmt(ast.Assign([name], one, **pos))
stmt(ast.Assign([one], one, **pos))
stmt(ast.Delete([store], **pos))
stmt(ast.Delete([one], **pos))
stmt(ast.AugAssign(name, ast.Add(), one, **pos))
stmt(ast.For(name, one, ok, [], **pos))
stmt(ast.With([ast.withitem(name, name)], ok, **pos))
stmt(ast.AnnAssign(ast.Attribute(name, "b", ast.Store(), **pos), one, None, 1, **pos))
stmt(ast.AnnAssign(one, one, None, 0, **pos))

print("-- empty and odd")
stmt(ast.FunctionDef("f", args(), [], [], **pos))
stmt(ast.AsyncFunctionDef("f", args(), [], [], **pos))
stmt(ast.ClassDef("c", [], [], [], [], **pos))
stmt(ast.Delete([], **pos))
stmt(ast.Assign([], one, **pos))
stmt(ast.For(store, one, [], [], **pos))
stmt(ast.AsyncFor(store, one, [], [], **pos))
stmt(ast.While(one, [], [], **pos))
stmt(ast.If(one, [], [], **pos))
stmt(ast.With([], ok, **pos))
stmt(ast.With([ast.withitem(one)], [], **pos))
stmt(ast.Raise(None, name, **pos))
stmt(ast.Try([], [], [], ok, **pos))
stmt(ast.Try(ok, [], [], [], **pos))
stmt(ast.Try(ok, [], ok, ok, **pos))
stmt(ast.TryStar(ok, [], [], [], **pos))
stmt(ast.TryStar(ok, [], ok, ok, **pos))
stmt(ast.Try(ok, [ast.ExceptHandler(None, None, [], **pos)], [], [], **pos))
stmt(ast.Import([], **pos))
stmt(ast.ImportFrom("a", [], 0, **pos))
stmt(ast.ImportFrom("a", [ast.alias("b", **pos)], -1, **pos))
stmt(ast.Global([], **pos))
stmt(ast.Nonlocal([], **pos))
stmt(ast.Expr(one, **pos), None)
stmt(ast.FunctionDef("f", args(), [None], [], **pos))
stmt(ast.FunctionDef("f", args(defaults=[one]), ok, [], **pos))
stmt(ast.FunctionDef("f", args(kwonlyargs=[ast.arg("a", **pos)]), ok, [], **pos))
stmt(ast.FunctionDef("f", args(args=[ast.arg("a", store, **pos)]), ok, [], **pos))
expr(ast.BoolOp(ast.And(), [one], **pos))
expr(ast.Dict([one], [], **pos))
expr(ast.Dict([None], [name], **pos))
expr(ast.Set([None], **pos))
expr(ast.Compare(one, [], [], **pos))
expr(ast.Compare(one, [ast.Lt()], [one, one], **pos))
expr(ast.ListComp(one, [], **pos))
expr(ast.ListComp(one, [ast.comprehension(name, one, [], 0)], **pos))
expr(ast.Name("None", ast.Load(), **pos))
expr(ast.Name("True", ast.Load(), **pos))
expr(ast.Constant([1], **pos))
expr(ast.Constant((1, (2, [3])), **pos))
expr(ast.Constant((1, (2, frozenset([3]))), **pos))
expr(ast.Constant(print, **pos))

print("-- positions")
expr(ast.Constant(1, lineno=3, col_offset=0, end_lineno=2, end_col_offset=0))
expr(ast.Constant(1, lineno=-1, col_offset=0, end_lineno=2, end_col_offset=0))
expr(ast.Constant(1, lineno=1, col_offset=-5, end_lineno=1, end_col_offset=0))
expr(ast.Constant(1, lineno=1, col_offset=7, end_lineno=1, end_col_offset=3))
expr(ast.Constant(1, lineno=1, col_offset=7, end_lineno=2, end_col_offset=3))

print("-- patterns")
full = dict(pos, end_lineno=1, end_col_offset=3)


def pattern(p):
    stmt(ast.Match(name, [ast.match_case(p, None, ok)], **pos))


wild = ast.MatchAs(**full)
pattern(ast.MatchAs(**pos))
pattern(wild)
pattern(ast.MatchValue(name, **full))
pattern(ast.MatchValue(ast.Constant(..., **pos), **full))
pattern(ast.MatchValue(ast.Constant(True, **pos), **full))
pattern(ast.MatchValue(ast.UnaryOp(ast.Not(), one, **pos), **full))
pattern(ast.MatchValue(ast.UnaryOp(ast.USub(), one, **pos), **full))
pattern(ast.MatchValue(ast.BinOp(one, ast.Add(), one, **pos), **full))
pattern(ast.MatchSingleton(1, **full))
pattern(ast.MatchSequence([ast.MatchStar("_", **full)], **full))
pattern(ast.MatchStar("a", **full))
pattern(ast.MatchMapping([one], [], None, **full))
pattern(ast.MatchMapping([one], [wild], "_", **full))
pattern(ast.MatchMapping([name], [wild], None, **full))
pattern(ast.MatchClass(one, [], [], [], **full))
pattern(ast.MatchClass(name, [], ["a"], [], **full))
pattern(ast.MatchClass(name, [], ["None"], [wild], **full))
pattern(ast.MatchAs(wild, None, **full))
pattern(ast.MatchAs(None, "_", **full))
pattern(ast.MatchOr([wild], **full))
stmt(ast.Match(name, [], **pos))
stmt(ast.Match(name, [ast.match_case(wild, None, [])], **pos))

print("-- depth")
deep = name
for i in range(20000):
    deep = ast.UnaryOp(ast.Not(), deep, **pos)
try:
    compile(ast.Expression(deep), "f", "eval")
except RecursionError as e:
    print(str(e)[:32])
while isinstance(deep, ast.UnaryOp):
    deep = deep.operand

print("-- arguments")
attempt(lambda: compile("x=1", "f", "foo", flags=1024))
attempt(lambda: compile("x=1", "f", "foo"))
attempt(lambda: compile("x=1", "f", "func_type"))
attempt(lambda: compile("x=1", "f", 7))
attempt(lambda: compile("x=1", "f", "exec", 1))
attempt(lambda: compile("x=1", "f", "exec", 0x100))
attempt(lambda: compile("x=1", "f", "exec", 0x800))
attempt(lambda: compile("x=1", "f", "exec", 0x10))
attempt(lambda: compile("x=1", "f", "exec", 2**40))
attempt(lambda: compile("x=1", "f", "exec", "1"))
attempt(lambda: compile("x=1", "f", "exec", optimize=3))
attempt(lambda: compile("x=1", "f", "exec", optimize="a"))
attempt(lambda: compile(3, "f", "exec"))
attempt(lambda: compile("x", 5, "exec"))
attempt(lambda: compile("x", b"f", "exec"))
attempt(lambda: compile("x\0", "f", "exec"))
attempt(lambda: compile(b"x\0", "f", "exec"))
attempt(lambda: compile("x"))
attempt(lambda: compile("x", "f"))
attempt(lambda: compile(source="x", filename="f", mode="exec", flags=0, dont_inherit=True, optimize=1))
tree = ast.parse("a")
print(compile(tree, "f", "exec", 1024) is tree, compile(tree, "f", "eval", 1024) is tree)

print("-- a list that changes")


class Growing(ast.Name):
    @property
    def id(self):
        elements.append(name)
        return "x"


elements = [Growing(ctx=ast.Load(), **pos)]
expr(ast.List(elements, ast.Load(), **pos))


class Broken(ast.Name):
    @property
    def id(self):
        raise KeyError("broken")


expr(Broken(ctx=ast.Load(), **pos))
