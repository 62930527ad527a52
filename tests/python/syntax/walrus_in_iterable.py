# No assignment expression below a comprehension's iterable; keywords of a class once.
for source in (
    "[i for i in (lambda:(j := range(5)))()]",
    "[i for i in [j for j in range(5) if (j := True)]]",
    "[i for i in [(j := True) for j in range(5)]]",
    "[i for i in range(3) for k in (lambda: (z:=4))()]",
    "[(lambda: (z:=4)) for i in range(3)]",
    "[i for i in [[q for q in (z:=4)] for j in range(5)]]",
    "[i for i in (lambda z=(y:=2): 3)()]",
    "class A: [i for i in (lambda:(j := range(5)))()]",
    "class C(metaclass=type, metaclass=type): pass",
    "class C(object, *(), a=1, b=2, a=3): pass",
    "class C(__debug__=1): pass",
):
    try:
        compile(source, "f", "exec")
        print("ok", source)
    except SyntaxError as e:
        print(e.msg, e.offset, e.end_offset, source)
