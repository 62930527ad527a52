# SPDX-License-Identifier: MIT
# Warnings about literals and suspicious code, shown, counted, and turned into errors.
import warnings
SOURCES = ['1if 1 else 2', '0x1for x in ()', r'"\d"', r'b"\d"', r'"\777"', '1.or 2', '1jor 2', '0b1or 2', '0o1and 2', r'f"\d{1}"', '1is 1',
           'x = 1 is not 2 is 3', r'"\d" x y', '1if 1 else 2 x y', r'x y "\d"', r'f"{1} \d \q {2} \e"', r'"\d" "\e\f\g"', r'b"\8\d" b"\777"',
           '"""\n\n\\d\n"""', r"f'{1:\d}'", r'"\é"', r'b"\400"', r'"\400\d"', r'"\d\777"', r'f"\d\{x}\e"', r'f"\{{x}}"', r'f"{x}\}}"', r'f"{x:\{x}}"',
           r'[("\d" for x in y), ("\e")]', r'f(a="\d")', r'{"\d": 1, **x}', r'del "\d"[0]', r'with ("\d"): pass', r'with ("\d" as b, c): pass',
           'assert (1, "a")', 'assert ()', '1()', '[1][1, 2]', 'x is 1', '() is ()', '"a"["b"]', 'f"a"()', '[1] [2,3]', '(1)(2)', 'None[0]', '1[0]',
           'lambda: 0 is 1', '{1:2}()', '(i for i in x)()', '(i for i in x)[0]', '{1}[0]', '[1]["a"]', '(1,2)[1.5]', '[1,2][x]', '...()', '"a" is x', 'x is -1', 'x is None',
           'x is ...', 'x is True', '1 is x is y', 'x is not ()', '(lambda: 1)[0]', '(lambda: 1)()', 'b""["a"]', '"a"[1.0]', '[i for i in x]()', '{1}[0]()', '(1, 2)()', '1.5[0]', 'True()', '[1][None]', '[1][1:2]', '"a"[()]']
for source in SOURCES:
    for action in ('always', 'error'):
        with warnings.catch_warnings(record=True) as got:
            warnings.simplefilter(action)
            try: compile('if 1:\n  ' + source, 'file', 'exec'); result = 'compiled'
            except SyntaxError as e: result = (e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, e.text)
        print(repr(source), action, result, [(w.category.__name__, str(w.message), w.lineno, w.filename) for w in got])
