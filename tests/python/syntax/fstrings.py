# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: fstrings.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
match x:
  case a | b: pass
---
match x:
  case a | 1: pass
---
match x:
  case 1 | a: pass
---
match x:
  case [a] | [b]: pass
---
match x:
  case a: pass
  case b: pass
---
match x:
  case _: pass
  case b: pass
---
match x:
  case _ | 1: pass
---
match x:
  case a as b: pass
  case 1: pass
---
match x:
  case 1 as _: pass
---
match x:
  case 1 as a.b: pass
---
match x:
  case 1 as f(): pass
---
match x:
  case C(a=1, 2): pass
---
match x:
  case C(a=1, a=2): pass
---
match x:
  case C(a, a): pass
---
match x:
  case C(*a): pass
---
match x:
  case C(**a): pass
---
match x:
  case a.b(c.d=1): pass
---
match x:
  case f"a": pass
---
match x:
  case f(): pass
  case (1): pass
  case 1 if: pass
---
match x:
  case *a: pass
---
match x:
  case (a, b): pass
  case *a, b as c: pass
  case x.y.z | "a" "b": pass
  case 1 2: pass
---
match x:
  case 1:
    pass
  else:
    pass
---
match *a, b:
  case _: pass
  case _ if 1 else 2: pass
---
match:
  case 1: pass
---
f"{"
---
f"{}"
---
f"{ }"
---
f"}"
---
f"{a"
---
f"{a!"
---
f"{a!x}"
---
f"{a!}"
---
f"{a!rr}"
---
f"{a! r}"
---
f"{a:{b:{c:{d}}}}"
'''
for program in PROGRAMS[1:-1].split('\n---\n'):
    program = program.replace("\\'\\'\\'", "'" * 3)
    print(repr(program))
    for source in (program, program + '\n'):
        try:
            compile(source, 'file', 'exec')
            print('   fine')
        except SyntaxError as e:
            print('  ', type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, repr(e.text))
        except Exception as e:
            print('  ', type(e).__name__, e)
