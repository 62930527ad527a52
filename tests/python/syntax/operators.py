# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: operators.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
print a
---
print "a"
---
exec "a"
---
print a, b
---
print -1
---
print
---
raise a, b
---
raise from x
---
raise x from
---
assert
---
assert x,
---
assert x, y, z
---
import
---
import a.
---
import a as
---
import a as b.c
---
import a, 
---
from a import
---
from a import b,
---
from a import (b, c
---
from a import ()
---
from a import *, b
---
from . import *
---
from import a
---
from a import b as
---
from a import b c
---
def f():
  from a import *
---
class C:
  from a import *
---
from __future__ import nope
---
from __future__ import braces
---
x = 1
from __future__ import annotations
---
pass pass
---
pass 1
---
x = 1 y = 2
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
