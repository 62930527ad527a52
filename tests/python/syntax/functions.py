# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: functions.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
x = = 1
---
def
---
def f
---
def f(
---
def f(:
  pass
---
def f()
  pass
---
def f(a, a): pass
---
def f(a=1, b): pass
---
def f(*): pass
---
def f(*, **k): pass
---
def f(**k, a): pass
---
def f(**k, *a): pass
---
def f(*a, *b): pass
---
def f(a, /, b, /): pass
---
def f(/, a): pass
---
def f(*, a, /): pass
---
def f(*a, b, /): pass
---
def f(a, *, /): pass
---
def f(a b): pass
---
def f(a, (b, c)): pass
---
def f(1): pass
---
def f(a=): pass
---
def f(a, b=, c): pass
---
def f(None): pass
---
def None(): pass
---
def f(**k=1): pass
---
def f(*a=1): pass
---
def f(*, a=1, b, *c): pass
---
lambda a, a: 0
---
lambda a=1, b: 0
---
lambda *: 0
---
lambda **k, a: 0
---
lambda (a, b): 0
---
lambda a, /, b, /: 0
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
