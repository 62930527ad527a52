# A tree that went through Python objects compiles to the same code as the source, file after file of the library.
import ast
import os

folder = os.path.dirname(os.__file__)
names = """_collections_abc abc ast bisect codeop contextlib copy dataclasses enum functools heapq json/decoder
keyword ntpath os pprint re/_parser statistics string symtable traceback types typing weakref asyncio/tasks""".split()
for name in names:
    path = os.path.join(folder, name + ".py")
    with open(path, "rb") as f:
        source = f.read()
    tree = compile(source, path, "exec", ast.PyCF_ONLY_AST)
    direct = compile(source, path, "exec", dont_inherit=True)
    again = compile(tree, path, "exec", dont_inherit=True)
    print(name, direct == again, direct.co_consts == again.co_consts, direct.co_names == again.co_names)

# unparse gives the same tree again
for name in ("bisect", "codeop", "keyword"):
    with open(os.path.join(folder, name + ".py")) as f:
        tree = ast.parse(f.read())
    print(name, ast.dump(ast.parse(ast.unparse(tree))) == ast.dump(tree))


class Renamer(ast.NodeTransformer):
    def visit_Name(self, node):
        return ast.copy_location(ast.Name(id=node.id.upper(), ctx=node.ctx), node)

    def visit_Pass(self, node):
        return None

    def visit_Expr(self, node):
        self.generic_visit(node)
        return [node, ast.Expr(ast.Constant("twice"))]


tree = Renamer().visit(ast.parse("if a:\n  f(b)\n  pass\nelse:\n  c = d"))
print(ast.unparse(ast.fix_missing_locations(tree)))
code = compile(tree, "f", "exec")
print(code.co_names, ast.literal_eval("[1, {2: (3, 4)}, {5}, -6, b'7', None, 8+9j, set()]"))
for bad in ("a", "1+2", "f()", "[1, x]", "-'a'", "{**{}}", "lambda: 1"):
    try:
        ast.literal_eval(bad)
    except ValueError as e:
        print(str(e).partition(" at 0x")[0])
print([type(n).__name__ for n in ast.walk(ast.parse("x = [y for y in z]"))])
print(ast.get_source_segment("é = ü + 1", ast.parse("é = ü + 1").body[0].value))
