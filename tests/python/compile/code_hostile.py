# Code objects that Quiver's machine could not run are refused.
import types


def f(a):
    for x in a:
        print(x)


co = f.__code__
names = """argcount posonlyargcount kwonlyargcount nlocals stacksize flags code consts names varnames filename name
qualname firstlineno linetable exceptiontable freevars cellvars""".split()
parts = [getattr(co, "co_" + n) for n in names]


def attempt(**changes):
    try:
        types.CodeType(*[changes.get(n, p) for n, p in zip(names, parts)])
        print("made")
    except ValueError as e:
        print(str(e).partition(" at word")[0])


# expect: made
attempt()
# expect: code: co_code does not hold instructions of Quiver
attempt(code=b"")
# expect: code: co_code does not hold instructions of Quiver
attempt(code=b"\x97\x00d\x00S\x00")
# expect: code: co_code does not hold instructions of Quiver
attempt(code=b"\xff" * 16)
# expect: code: bad co_linetable
attempt(linetable=b"\x00")
# expect: code: bad co_linetable
attempt(linetable=b"\xf7" * 100)
# expect: code: bad co_exceptiontable
attempt(exceptiontable=b"\x01")
# expect: bad code data: bad exception table
attempt(exceptiontable=b"\x80\x01\x7f\x7f\x7f\x01\x01")
# expect: code: too many registers
attempt(stacksize=70000)
# expect: bad code data: generator without GEN_START
attempt(flags=co.co_flags | 0x20)
# expect: code: co_posonlyargcount is greater than co_argcount
attempt(posonlyargcount=2)

# Whatever single byte changes: an object that is safe to run, or ValueError.
made = refused = 0
for at in range(len(co.co_code)):
    for value in (0, 1, 7, 40, 90, 128, 165, 255):
        code = bytearray(co.co_code)
        code[at] = value
        try:
            types.CodeType(*parts[:6], bytes(code), *parts[7:])
            made += 1
        except ValueError:
            refused += 1
# expect: True True
print(made > 0, refused > 100)
