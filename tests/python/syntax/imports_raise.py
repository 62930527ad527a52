# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: imports raise.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
f(a+b=2)
---
f(x for x in y, 1)
---
f(1, x for x in y)
---
f(x for x in y, z for z in w)
---
f(a=x for x in y)
---
f(a, b=x for x in y)
---
f(a b)
---
f(a, b c)
---
f(a,, b)
---
f(,)
---
f(*)
---
f(**)
---
f(a=)
---
f(a
---
f(a]
---
(a
---
[a
---
{a
---
(a]
---
[a)
---
{a)
---
a)
---
a]
---
a}
---
(a
b = 1
---
x = [1,
y = 2
---
f(a
  b)
---
[a, b
c]
---
[1 2]
---
(1 2)
---
{1 2}
---
[a b]
---
[a, b c, d]
---
a b
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
