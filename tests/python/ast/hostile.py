# Trees on which CPython 3.11 crashes: here they are refused.
import ast

pos = dict(lineno=1, col_offset=2)
name = ast.Name("x", ast.Load(), **pos)
ok = [ast.Pass(**pos)]


def attempt(mode, node):
    try:
        compile(node, "f", mode)
        print("compiled")
    except Exception as e:
        print(type(e).__name__, e)


def expr(e):
    attempt("eval", ast.Expression(e))


def stmt(s):
    attempt("exec", ast.Module([s], []))


# expect: ValueError field 'value' is required for keyword
expr(ast.Call(name, [], [ast.keyword("a", None, **pos)], **pos))
# expect: ValueError field 'arg' is required for arg
expr(ast.Lambda(ast.arguments([], [ast.arg(None, **pos)], None, [], [], None, []), name, **pos))
# expect: ValueError field 'target' is required for comprehension
expr(ast.ListComp(name, [ast.comprehension(None, name, [], 0)], **pos))
# expect: ValueError None disallowed in Global field "names"
stmt(ast.Global([None], **pos))
# expect: ValueError None disallowed in Try field "handlers"
stmt(ast.Try(ok, [None], [], [], **pos))
# expect: ValueError None disallowed in MatchSequence field "patterns"
stmt(ast.Match(name, [ast.match_case(ast.MatchSequence([None], **pos, end_lineno=1, end_col_offset=2), None, ok)], **pos))
# expect: ValueError NamedExpr target must be a Name
expr(ast.NamedExpr(ast.Attribute(name, "a", ast.Store(), **pos), name, **pos))
# expect: ValueError ExceptHandler of TryStar without type
stmt(ast.TryStar(ok, [ast.ExceptHandler(None, None, ok, **pos)], [], [], **pos))

# f-strings that the parser would never make: only str may come out
x, y = 5, "five"


def joined(*values):
    try:
        print(eval(compile(ast.fix_missing_locations(ast.Expression(ast.JoinedStr(list(values)))), "f", "eval")))
    except Exception as e:
        print(type(e).__name__, e)


def load(n):
    return ast.Name(n, ast.Load())


text = ast.Constant("a")
# expect: TypeError sequence item 0: expected str instance, int found
joined(text, load("x"))
# expect: afive
joined(text, load("y"))
# expect: TypeError sequence item 0: expected str instance, int found
joined(text, ast.JoinedStr([load("x")]))
# expect: TypeError sequence item 0: expected str instance, int found
joined(ast.FormattedValue(load("x"), -1, load("x")), text)
# expect: SystemError Unrecognized conversion character 5
joined(ast.FormattedValue(load("x"), 5))
# expect: TypeError sequence item 0: expected str instance, bytes found
joined(text, ast.Constant(b"b"))

# A lambda's parameters may not be annotated in source; here the annotation is left alone, as CPython does.
bare = ast.arguments([], [ast.arg("p", ast.Lambda(ast.arguments([], [], None, [], [], None, []), load("x")))], None, [], [], None, [])
# expect: 3 {}
f = eval(compile(ast.fix_missing_locations(ast.Expression(ast.Lambda(bare, load("p")))), "f", "eval"))
print(f(3), f.__annotations__)
