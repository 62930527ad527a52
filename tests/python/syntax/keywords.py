# SPDX-License-Identifier: MIT
# What compile() says about wrong programs, and where: keywords.
import warnings
warnings.simplefilter('ignore')
PROGRAMS = r'''
f"{a b}"
---
f"{a $ b}"
---
f"{a\n}"
---
f"{'\n'}"
---
f"{#}"
---
f"{a#}"
---
f"{lambda x: 1}"
---
f"{a['b']}"
---
f'{a['b']}'
---
f"{(a}"
---
f"{a)}"
---
f"{a[}"
---
f"{a:}}"
---
f"{{}"
---
f"{a=!x}"
---
f"{=}"
---
f"{!r}"
---
f"{:x}"
---
f"{*a}"
---
f"{**a}"
---
f"{yield}"
---
f"{await x}"
---
f"{x = y}"
---
f"{x:=5}" f"{(x:=5)}" f"{1 2}"
---
f"abc {1 +} def"
---
x = f"""
{
a b
}
"""
---
x = f"a" f"{b" f"c"
---
f"{a!r:{b!x}}"
---
f"{'a' 1}"
---
f"{a:{b}"
---
f"{;}"
---
f"{import x}"
---
f"{a.1}"
---
f"{1_}"
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
