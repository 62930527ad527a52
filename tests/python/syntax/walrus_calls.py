# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: walrus calls.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
{1: 2} = 2
---
[x for x in y] = 1
---
(x for x in y) = 1
---
{x for x in y} = 1
---
{x: x for x in y} = 1
---
`x`
---
x = 1 = 2
---
x = yield = 1
---
(yield) = 1
---
x, 1 = 2
---
(x, f()) = 2
---
[x, 1] = 2
---
*x = 1
---
*x, *y = 1
---
(*x) = 1
---
*x
---
(*x)
---
print(*x for x in y)
---
[*x for x in y]
---
{**x for x in y}
---
{*x: 1}
---
{**x: 1}
---
{1: *x}
---
{1: **x}
---
{1:}
---
{1: 2, 3}
---
{1, 2: 3}
---
{1: 2, **}
---
{:}
---
{1: 2 3: 4}
---
x < y = 1
---
x and y = 1
---
x == 1 = 2
---
a.b() = 1
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
