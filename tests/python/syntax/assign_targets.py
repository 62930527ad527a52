# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: assign targets.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
del -x
---
del lambda: 0
---
del {}
---
del "a"
---
del (yield)
---
del x for
---
1 = x
---
1 += x
---
f() = 1
---
f() += 1
---
x + 1 = 2
---
-x = 1
---
not x = 1
---
(x, y) += 1
---
[x] += 1
---
x if y else z = 1
---
lambda: 0 = 1
---
None = 1
---
True = 1
---
False += 1
---
__debug__ = 1
---
def f(__debug__): pass
---
x.__debug__ = 1
---
del __debug__
---
import __debug__
---
f(__debug__=1)
---
for __debug__ in x: pass
---
class __debug__: pass
---
... = 1
---
"a" = 1
---
f"a" = 1
---
f"{x}" = 1
---
{} = 1
---
{1} = 2
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
