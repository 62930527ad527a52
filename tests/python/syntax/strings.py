# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: strings.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
x = (1
---
x = 1 +
---
x = 1 + * 2
---
x = +
---
x = not
---
x = a not b
---
x = a is in b
---
x = a <> b
---
x = a ! b
---
x = !a
---
x = a ? b : c
---
x = a && b
---
x = a || b
---
x++
---
x--
---
++x = 1
---
x = $a
---
x = a @@ b
---
x = 1 if 2
---
x = 1 if 2 else
---
x = 1 if else 2
---
x = lambda
---
x = lambda x
---
x = a.
---
x = a.1
---
x = a.b.
---
x = a[
---
x = a[]
---
x = a[1:2:3:4]
---
x = a[1,,2]
---
x = a[*]
---
x = a[**b]
---
x = a[b=1]
---
x = a[b:=1:2]
---
x = 'abc
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
