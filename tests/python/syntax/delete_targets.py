# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: delete targets.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
async def f():
  yield from x
---
break
---
continue
---
if 1:
  break
---
def f():
  break
---
while 1:
  def f(): continue
---
class C:
  continue
---
global x
x = 1
---
x = 1
global x
---
def f():
  x = 1
  global x
---
def f():
  print(x)
  global x
---
def f(x):
  global x
---
def f():
  nonlocal x
---
nonlocal x
---
def f():
  x = 1
  def g():
    x = 2
    nonlocal x
---
def f(x):
  nonlocal x
---
def f():
  global x
  nonlocal x
---
def f():
  x: int
  global x
---
def f():
  global x
  x: int = 1
---
def f():
  x = 0
  def g():
    nonlocal x
    x: int = 1
---
class C:
  nonlocal x
---
global
---
global x,
---
global x.y
---
del
---
del 1
---
del f()
---
del x + 1
---
del (x, f())
---
del [x, 1]
---
del *x
---
del *x, y
---
del (*x, y)
---
del None
---
del x if y else z
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
