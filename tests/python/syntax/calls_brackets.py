# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: calls brackets.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
(a, b): int
---
[a]: int
---
a, b: int
---
f(): int
---
1: int
---
x: int: str
---
x: int = y = 2
---
x: *y
---
x := 1
---
(x := 1) = 2
---
(x.y := 1)
---
(x[0] := 1)
---
((x, y) := 1)
---
(1 := x)
---
(f() := x)
---
(x := y := 1)
---
(x := 1, y := 2)
f(x := 1 for x in y)
---
[x := 1 for x in y]
---
[(i := 1) for i in y]
---
[1 for i in (j := y)]
---
[[(i := 1) for j in y] for i in y]
---
class C: [(x := 1) for y in z]
---
[i for i in y if (i := 1)]
---
[(lambda: (i := 1)) for i in y]
---
f(a=1, 2)
---
f(**a, 2)
---
f(**a, *b)
---
f(a=1, *b, 2)
---
f(a=1, a=2)
---
f(1=2)
---
f(a.b=2)
---
f(a()=2)
---
f(None=2)
---
f(True=2)
---
f((a)=2)
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
