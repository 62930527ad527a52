# dis and opcode tell about Quiver's own code, with the names that CPython's have.
import dis
import io
import opcode

# expect: True True True
print(dis.opmap is opcode.opmap, all(dis.opname[n] == name for name, n in dis.opmap.items() if name != "LOAD_CONST"), len(dis.opname) == 256)
# expect: ('<', '<=', '==', '!=', '>', '>=')
print(dis.cmp_op)
# expect: True
print(all(hasattr(dis, n) for n in dis.__all__) and all(hasattr(opcode, n) for n in opcode.__all__))
# expect: OPTIMIZED, NEWLOCALS, NESTED 0x0
print(dis.pretty_flags(0x13), dis.pretty_flags(0))


def f(a, *b, k=1):
    """doc"""
    try:
        for x in a:
            print(x, k=3, *b)
    except ValueError as e:
        return e.args[0]
    return lambda: a


def text(x, **kw):
    out = io.StringIO()
    dis.dis(x, file=out, **kw)
    return out.getvalue()


listing = text(f)
# expect: True True True True
print("FOR_ITER" in listing, ">>" in listing, "ExceptionTable:" in listing, "Disassembly of <code object <lambda>" in listing)
# expect: False
print("Disassembly" in text(f, depth=0))
instructions = list(dis.get_instructions(f))
# expect: True True
print(all(i.opname == dis.opname[i.opcode] for i in instructions), instructions[0].offset == 0)
# expect: 300
print([i.argval for i in dis.get_instructions("x = 300") if i.opcode in dis.hasconst][0])
# expect: ['y', 'x']
print([i.argval for i in dis.get_instructions("x = y") if i.opcode in dis.hasname])
code = f.__code__
targets = {i.argval for i in instructions if i.opcode in dis.hasjrel}
# expect: True True
print(targets == set(dis.findlabels(code.co_code)), all(i.is_jump_target for i in instructions if i.offset in targets))
# expect: True
print(dict(dis.findlinestarts(code)) == {i.offset: i.starts_line for i in instructions if i.starts_line is not None})
# expect: True
print(all(tuple(i.positions) == p for i, p in ((i, list(code.co_positions())[i.offset // 2]) for i in instructions)))
# expect: 41
print(dis.Bytecode("a\nb", first_line=41).first_line)
# expect: [41, 42]
print([i.starts_line for i in dis.Bytecode("a\nb", first_line=41) if i.starts_line])
# expect: True
print(len(list(dis.get_instructions(f, show_caches=True))) == len(code.co_code) // 8)


def fail(x):
    y = x + 1
    return x / 0


try:
    fail(1)
except ZeroDivisionError as e:
    tb = e.__traceback__
    shown = dis.Bytecode.from_traceback(tb).dis()
    out = io.StringIO()
    dis.distb(tb.tb_next, file=out)
# expect: True
print(shown == out.getvalue())
# expect: True
print("TRUEDIV" in [line for line in shown.splitlines() if "-->" in line][0])


class C:
    def m(self): return 1

    @classmethod
    def n(cls): pass

    @staticmethod
    def o(): pass


# expect: ['m', 'n', 'o']
print([line.split()[-1].strip(":") for line in text(C).splitlines() if line.startswith("Disassembly")])


async def agen():
    yield 1


async def coro():
    pass


c = coro()
# expect: True True True True True
print("GEN_START" in text((i for i in ())), text(C().m) == text(C.m), "GEN_START" in text(agen()), "GEN_START" in text(c), "LOAD_NAME" in text(compile("x", "f", "exec").co_code))
c.close()
# expect: don't know how to disassemble int objects
try:
    dis.dis(3)
except TypeError as e:
    print(e)
info = dis.code_info(f)
# expect: ['Name:', 'Filename:', 'Argument', 'Positional-only', 'Kw-only', 'Number', 'Stack', 'Flags:', 'Constants:', 'Names:', 'Variable', 'Cell']
print([line.split()[0] for line in info.splitlines() if not line.startswith(" ")])
# expect: True
print(info == dis.Bytecode(f).info())
# expect: [('os.path', 0, None), ('a', 2, ('b', 'c'))] ['p', 'b', 'c', 'x']
co = compile("import os.path as p\nfrom ..a import b, c\nx = 1\n", "f", "exec")
print(list(dis._find_imports(co)), list(dis._find_store_names(co)))
# expect: [0, 5]
print([e.depth * 0 + i * 5 for i, e in enumerate(dis._parse_exception_table(f.__code__)[:2])])
# expect: invalid opcode or oparg
try:
    dis.stack_effect(300)
except ValueError as e:
    print(e)
# expect: 0 True
print(dis.stack_effect(dis.opmap["ADD"], 0), all(dis.stack_effect(dis.opmap[n], 0) == 0 for n in ("MOVE", "CALL")))
