# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: scopes.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
try:
  pass
except* :
  pass
---
try:
  pass
except E: pass
except* F: pass
---
try:
  pass
except* E: pass
except F: pass
---
try:
  pass
except E
  pass
---
try:
  pass
finally
  pass
---
try
  pass
---
try:
  pass
else:
  pass
---
try:
  pass
except* E:
  return
---
def f():
  try:
    pass
  except* E:
    return
---
for i in x:
  try:
    pass
  except* E:
    break
---
for i in x:
  try:
    pass
  except* E:
    continue
---
with
---
with a
  pass
---
with a as 1: pass
---
with a as f(): pass
---
with (a as b, c as d) pass
---
with a, : pass
---
with a:
pass
---
with (a as b, c as 1): pass
---
return
---
yield
---
await x
---
async x
---
async def f
---
async with a: pass
---
async for a in b: pass
---
[x async for x in y]
---
class C:
  return 1
---
class C:
  yield 1
---
def f():
  async with a: pass
---
def f():
  await x
---
def f():
  async for a in b: pass
---
def f():
  return [x async for x in y]
---
async def f():
  yield 1
  return 2
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
