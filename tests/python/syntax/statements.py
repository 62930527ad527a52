# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: statements.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
x = *y, z = 
---
x = (*y)
---
x = [*]
---
x = {*}
---
x = {**}
---
x = *
---
x = **y
---
print(**x, y)
---
print(x=1, **y, *z, w)
---
a = b = c d
---
a += b += c
---
a += b = c
---
a = b += c
---
a: b += c
---
a + b += c
---
a = (b = c)
---
f(a = b = c)
---
f(a == b = c)
---
f(a.b)(c = d)(e.f = g)
---
(a = b)
---
[a = b]
---
{a = b}
---
{a: b = c}
---
(a, b = c)
---
while x = 1: pass
---
while x == 1 = y: pass
---
if x == 1 and y = 2: pass
---
return x = 1
---
assert x = 1
---
assert (x, 1) = 1
---
x = 5 if y = 3 else 1
---
if x: y = 1 else: z = 2
---
if x: if y: pass
---
if x: def f(): pass
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
