# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: patterns.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
if x:
    y = 1
  z = 2
---
if x:
    y = 1
	z = 2
---
if x:
	y = 1
        z = 2
---
if x:
        y = 1
	z = 2
---
def f():
    pass
   pass
---
def f():
"""doc"""
---
def f():
# comment
---
class C:
  def f(self):
  pass
---
for x in y:
# c
z
---
while 1:
  # c
---
with a:
  if b:
c
---
@
def f(): pass
---
@a
x = 1
---
@a
---
@a b
def f(): pass
---
@a
@
class C: pass
---
match x:
pass
---
match x:
  pass
---
match x:
  case 1
    pass
---
match x:
  case 1:
  pass
---
match x
  case 1: pass
---
match x:
  case: pass
---
match x:
  case 1 + 1: pass
---
match x:
  case 1 + 1j + 2: pass
---
match x:
  case a + 1j: pass
---
match x:
  case -a: pass
---
match x:
  case {**a, 'b': 1}: pass
---
match x:
  case {a: 1}: pass
---
match x:
  case {'a': 1, 'a': 2}: pass
---
match x:
  case {-0: 1, 0: 2}: pass
---
match x:
  case {**_}: pass
---
match x:
  case {**a, **b}: pass
---
match x:
  case [*a, *b]: pass
---
match x:
  case [a, a]: pass
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
