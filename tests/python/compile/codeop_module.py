# Incomplete input as codeop sees it, in all modes; future features that a Compile object keeps.
import codeop, warnings
def t(s, sym='single'):
    try: r = codeop.compile_command(s, symbol=sym); print(repr(s), None if r is None else 'code')
    except (SyntaxError, ValueError, OverflowError) as e: print(repr(s), type(e).__name__, e)
for s in ['', '\n', 'x', 'x = 1\n', 'if 1:', 'if 1:\n  x', 'if 1:\n  x\n', 'if 1:\n  x\n\n', 'def f():\n pass', 'def f():\n pass\n', 'try:', 'try:\n x\nexcept A:', '(', '(1,\n', '"""a', "'a", 'x = ', 'x +', 'a b', 'if x', 'class A', '@a', '@a\n', '@a\ndef f(): pass', '@a\ndef f(): pass\n','x\\', 'x\\\n', '# c', '  ', ' x', 'if 1:\nx', 'f(a for b in c, d)', 'lambda', 'return 1', 'yield', 'x = (', 'x = [1,2', "x = {'a':", 'while 1:\n pass\nelse:', 'for i in x:', 'with a:', 'async def f():', 'match x:', 'match x:\n case 1:', 'import', 'from a import (', 'from a import', 'raise', 'del', 'a = b = ', "f'{a", "f'''{a", "f'{'", '1+*3', '0xfg', 'def x():\n\n', 'def x():\n\n pass\n', 'a = 1; b = 2', 'a = 1\nb = 2', "if 9==3:\n  pass\nelse:", "if 9==3:\n  pass\nelse:\n  pass", "'''\\N", 'x = "\\', ")", "[i for i in x", "a = f(x)[", "print(1", "print(1 2"]:
    t(s); t(s,'exec'); t(s,'eval')
c = codeop.Compile()
c("from __future__ import annotations\n","f","exec")
print(hex(c.flags))
cc = codeop.CommandCompiler()
print(cc("from __future__ import barry_as_FLUFL") is not None)
print(cc("1 <> 2") is not None)
try: cc("1 != 2")
except SyntaxError as e: print(e)
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    codeop.compile_command("0 is 0")
    print(len(w))
