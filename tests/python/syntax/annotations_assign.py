# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: annotations assign.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
[x for y in]
---
[x for in z]
---
[x for y z]
---
[for x in y]
---
[x for x in y if]
---
[x for x in 1, 2]
---
[x, y for x in y]
---
{x, y for x in y}
---
(x, y for x in y)
---
{x: y, z: w for x in y}
---
{x: y for x}
---
[x for f() in y]
---
[x for 1 in y]
---
[x for x, 1 in y]
---
[x for *x in y]
---
[x for x in *y]
---
[x for x in lambda: y, z]
---
[yield for x in y]
---
[(yield) for x in y]
---
def f(): [(yield 1) for x in y]
---
def f(): ((yield) for x in y)
---
def f(): {(yield): 1 for x in y}
---
def f(x: (yield)): pass
---
def f():
  def g(x=(yield)): pass
  x: (yield)
---
class C((yield)): pass
---
def f(x: (y := 1)): pass
---
from __future__ import annotations
def f(x: (yield)): pass
---
from __future__ import annotations
def f(x: (y := 1)): pass
---
from __future__ import annotations
x: (await y)
---
return 1 2
---
def f(): return *
---
def f(): return *x
---
def f(): yield *x
---
def f(): return *x, y
def g(): return x y
---
x = *y
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
