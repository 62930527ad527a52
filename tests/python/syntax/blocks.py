# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: blocks.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
lambda *, **k: 0
---
class
---
class C
---
class C:
---
class C(
---
class C()
  pass
---
class C:
pass
---
if x
  pass
---
if x:
---
if x:
pass
---
if x = 1: pass
---
if x.a = 1: pass
---
if (x, y) = 1: pass
---
elif x: pass
---
else: pass
---
while x
  pass
---
while x:
pass
---
for x
---
for x in
---
for x in y
  pass
---
for x in y:
pass
---
for 1 in y: pass
---
for f() in y: pass
---
for x + 1 in y: pass
---
for x in *a: pass
---
try:
pass
---
try:
  pass
---
try:
  pass
x = 1
---
try:
  pass
except:
pass
---
try:
  pass
except:
  pass
except E:
  pass
---
try:
  pass
except E, F:
  pass
---
try:
  pass
except E, F as g:
  pass
---
try:
  pass
except E as 1:
  pass
---
try:
  pass
except E as a.b:
  pass
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
