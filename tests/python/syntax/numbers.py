# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: numbers.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
x = "abc
---
x = \'\'\'abc
---
x = """abc
def
---
x = 'abc\
---
x = b'é'
---
x = b"a" "b"
---
x = "b" b"a"
---
x = f"a" b"b"
---
x = u"a" ub"b"
---
x = ur"a"
---
x = rb"a" rbb"b"
---
x = "\N"
---
x = "\x"
---
x = "\x1"
---
x = "\u123"
---
x = "\U12345678"
---
x = b"\x"
---
x = "\777"
---
x = 0x
---
x = 0xg
---
x = 0b
---
x = 0b2
---
x = 0b12
---
x = 0o
---
x = 0o8
---
x = 0o18
---
x = 01
---
x = 00
---
x = 012
---
x = 09
---
x = 09.5
---
x = 1_
---
x = 1__0
---
x = 1_.0
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
