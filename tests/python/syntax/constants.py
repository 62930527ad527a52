# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: constants.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
lambda: a b
---
a[b c]
---
a[b, c d]
---
{a: b c}
---
{a b: c}
---
(yield a b)
---
x = (a, b c)
---
x = yield a b
---
None.x = 1; None = 2
---
x.None = 1
---
x.True
---
a.b.None.c
---
None: int = 1
---
True: int
---
(None): int
---
def f(a, *, None): pass
---
def f(*True): pass
---
def f(**False): pass
---
class None: pass
---
import None
---
import a.None
---
import a as None
---
from None import a
---
from a import None
---
from a import b as True
---
with a as None: pass
---
try: pass
except E as None: pass
---
for None in x: pass
---
[None for None in x]
---
(None := 1)
---
global None
---
lambda None: 1
---
f(None=1)
---
match x:
  case None(): pass
  case True.x: pass
---
match x:
  case {None: 1, True: 2, **None}: pass
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
