# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: juxtaposed.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
if x: pass; else: pass
---
x = 1;; y = 2
---
;
---
x; ;
---
for x in y: pass else: pass
---
try: pass except: pass
---
def f(x): return
  x
---
class C: x = 1
  y = 2
---
x = {
  'a': 1
  'b': 2
}
---
x = {
  'a': 1,
  'b' 2
}
---
x = [
  1,
  2
  3
]
---
x = (
  a
  b
---
foo(a, b for b in c, d)
---
foo(
  a b,
  c
)
---
print("a" "b" c)
---
print("a" % b c)
---
a = 3 * x y
---
a = "x" y
---
a = x "y"
---
a = 1 "y"
---
a = x 1
---
a = [x] y
---
a = f(x) y
---
a, b c
---
a = b, c d, e
---
if a b: pass
---
while a b: pass
---
for a b in c: pass
---
for a in b c: pass
---
with a b: pass
---
assert a b
---
del a b
---
raise a b
---
import a b
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
