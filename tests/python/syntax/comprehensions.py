# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: comprehensions.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
f"{0x}"
---
f"{'}"
---
f"{a := 1}"
---
f"{class}"
---
async def f():
  def g():
    await x
---
async def f():
  lambda: await x
---
async def f(): [await x for y in z]
def g(): [await x for y in z]
---
await = 1
---
async = 1
---
def async(): pass
---
x.await
---
x = await
---
if = 1
---
import if
---
from if import x
---
class if: pass
---
def if(): pass
---
x.if = 1
---
f(if=1)
---
def f(if): pass
---
for if in x: pass
---
lambda if: 0
---
with a as if: pass
---
except: pass
---
finally: pass
---
case 1: pass
---
in x
---
is x
---
as x
---
x as y
---
x from y
---
x if
---
x else y
---
x for y in z
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
