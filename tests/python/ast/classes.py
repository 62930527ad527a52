# The node classes: names, bases, fields, docs, defaults; instances, pickling's reduce, subclasses.
import _ast


def attempt(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


for name in sorted(dir(_ast)):
    value = getattr(_ast, name)
    if not isinstance(value, type) or name.startswith("__"):
        if not name.startswith("__"):
            print(name, value)
        continue
    own = vars(value)
    print(name, value.__bases__, value.__module__, value.__qualname__)
    print("   ", value._fields, value._attributes, value.__match_args__)
    print("   ", own.get("__doc__"))
    print("   ", [k for k in own if own[k] is None and k != "__doc__"])

import ast

print(ast.Name.__init__.__objclass__)
print(ast.AST.__init__.__name__, ast.AST.__reduce__.__qualname__)

# constructor
attempt(lambda: ast.Name(1, 2, 3))
attempt(lambda: ast.Add(1, 2, 3))
attempt(lambda: ast.Expr(1, 2))
attempt(lambda: ast.Name("a", id="b"))
attempt(lambda: vars(ast.Name("a", foo="b")))
attempt(lambda: vars(ast.Name("a", ctx=5, foo="b")))
attempt(lambda: ast.AST(1))
attempt(lambda: vars(ast.AST(a=1)))
attempt(lambda: ast.Name("a").__reduce__())
attempt(lambda: ast.Name().__reduce__())
attempt(lambda: ast.Name().__dict__)
attempt(lambda: ast.Name().ctx)
attempt(lambda: ast.Return().value)
attempt(lambda: ast.Return().lineno)
attempt(lambda: ast.Return().end_lineno)
attempt(lambda: ast.MatchAs().end_lineno)


class Fields5(ast.AST):
    _fields = 5


class Odd(ast.AST):
    _fields = ["a", 3]


class Pair(ast.AST):
    _fields = ["a", "b"]


class Mine(ast.Name):
    __slots__ = ("extra",)

    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.extra = len(args)


attempt(lambda: Fields5())
attempt(lambda: vars(Pair(1, 2)))
attempt(lambda: vars(Pair(b=1, a=2)))
attempt(lambda: vars(Odd(1, 2)))
attempt(lambda: vars(Odd(1)))
attempt(lambda: Odd(1, **{"a": 3}))
m = Mine("x", ast.Load())
print(list(vars(m)), m.extra, isinstance(m, ast.expr), isinstance(m, ast.stmt))
print(ast.dump(m))
n = ast.Name("y")
n.anything = [1]
n.__dict__["more"] = 2
print(n.more, sorted(vars(n)))
del n.id
attempt(lambda: n.id)
match ast.BinOp(1, ast.Add(), 2):
    case ast.BinOp(left, ast.Sub(), right):
        print("sub")
    case ast.BinOp(left, ast.Add(), right):
        print("add", left, right)
ast.AST.note = "on all"
print(ast.Load().note, ast.Constant(3).note)
del ast.AST.note
attempt(lambda: ast.Load().note)

# one instance of Load and its like for all trees
a, b = ast.parse("a"), ast.parse("b + -c")
print(a.body[0].value.ctx is b.body[0].value.left.ctx, type(a.body[0].value.ctx) is ast.Load)
import weakref
print(weakref.ref(a)() is a)
