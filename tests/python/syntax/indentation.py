# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: indentation.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
x = 1._0
---
x = 1e
---
x = 1e+
---
x = 1e_1
---
x = 1.e
---
x = 0_7
---
x = 0x_
---
x = 0x1_
---
x = 0b1_
---
x = 1a
---
x = 1abc
---
x = 1if 2else 3
---
x = 1or 2
---
x = 0x1for x in y
---
x = 1in y
---
x = 1_000j_
---
x = 1jif 2 else 3
---
x = 1.2.3
---
x = 1.2a
---
x = 0xfor
---
x = é = 1
---
x = 1é
---
x = “abc”
---
x = a b
---
x = €
---
x = ²
---
x = a​b
---
\
---
x = \ 1
---
x = 1 \
---
x = (1 \ 2)
---
  x = 1
---
x = 1
  y = 2
---
if x:
  y = 1
    z = 2
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
