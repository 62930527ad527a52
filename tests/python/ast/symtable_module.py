# _symtable's numbers, and the library's symtable over them.
import _symtable
import symtable

print(sorted((k, v) for k, v in vars(_symtable).items() if isinstance(v, int)))

SOURCE = """
import os.path as p, q
x: int = 1
def f(a, b=2, /, c=3, *d, e: 'y', **h) -> z:
    global g
    g = 1
    y = 2
    def i():
        nonlocal y
        y += a
        return [j for j in e if (w := j)]
    del y
    try: pass
    except E as exc: pass
    import k
    for l in m: pass
    return lambda q: q + d
class C(B):
    u = 1
    def m(self): return __class__, u, self.__pr, super()
    async def n(self): yield 1
    __v = 3
    w = {x: y for x, y in u if p}
    def u2(self):
        u = 1
        class D:
            u = u
            def o(self): return u
gen = (k for k in x for l in k)
{s for s in t}
for l in x: l += 1
f(1); g
"""


def dump(t, depth=0):
    print("  " * depth, t.name, t.type, t.lineno, t.nested, t.varnames, sorted(t.symbols.items()), type(t.id) is int)
    for child in t.children:
        dump(child, depth + 1)


top = _symtable.symtable(SOURCE, "f", "exec")
dump(top)
print(type(top), repr(top).split("(")[0])
print([a for a in dir(top) if not a.startswith("__")])


def attempt(*args):
    try:
        r = _symtable.symtable(*args)
        print(r.name, r.lineno, r.symbols)
    except Exception as e:
        print(type(e).__name__, e)


attempt("x", "f", "exec")
attempt("x", "f", "eval")
attempt("x; y", "f", "single")
attempt(b"x", b"f", "exec")
attempt("x", "f", "foo")
attempt("x", "f", 3)
attempt("x", 3, "exec")
attempt(3, "f", "exec")
attempt("x\0", "f", "exec")
attempt("x =", "f", "exec")
attempt("def f(): global x; nonlocal y", "f", "exec")
attempt("def f(a, a): pass", "f", "exec")
attempt("from __future__ import annotations\nx: y = 3", "f", "exec")
try:
    top.name = 3
except AttributeError as e:
    print(e)


def walk(table, depth=0):
    pad = "  " * depth
    print(pad, table.get_type(), table.get_name(), table.get_lineno(), table.is_optimized(), table.is_nested(),
          table.has_children(), sorted(table.get_identifiers()))
    if isinstance(table, symtable.Function):
        print(pad, sorted(table.get_parameters()), sorted(table.get_locals()), sorted(table.get_globals()),
              sorted(table.get_frees()), sorted(table.get_nonlocals()))
    if isinstance(table, symtable.Class):
        print(pad, sorted(table.get_methods()))
    for s in sorted(table.get_symbols(), key=lambda s: s.get_name()):
        print(pad, "-", s.get_name(), *[n[3:] for n in dir(s) if n.startswith("is_") and getattr(s, n)()],
              len(s.get_namespaces()))
    for child in table.get_children():
        walk(child, depth + 1)


walk(symtable.symtable(SOURCE, "file", "exec"))
