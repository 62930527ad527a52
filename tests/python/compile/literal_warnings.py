# Warnings about literals: a backslash that begins no escape, a number that runs into a keyword.
import warnings

for source in (r"'\e' is 0", r"'\e'", r"b'\e' + '\d'", r"f'\e{x}'", r"r'\e'", r"'\e\d' '\f\g'", "'\\é'", "x = 1\ny = '''\n\\q'''",
               r"'\N{BULLET}' if 0 else '\z'"[:0] + r"b'\u\N\x41'", r"with ('\q'): pass", r"f'{\"a\"}' '\k'",
               "1if 1else 2", "0x1for x in ()", "1_0or 2", "1.5and 2", "1jif 1 else 2", "0b1in []", "1e5not in [1]", "1_a", "1a",
               "0xfor x in 1", "1in []", "[1for x in y]", "1if x else 2\n"):
    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter("always")
        try:
            compile(source, "f", "exec")
        except SyntaxError as e:
            print(e)
        print(repr(source), [(x.category.__name__, str(x.message), x.lineno, x.filename) for x in w])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            compile(source, "f", "exec")
        except SyntaxError as e:
            print(e, e.lineno, e.offset, e.end_lineno, e.end_offset)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    print(eval(r"'\e\d\n' + f'\q{1}\w'"), eval(r"b'\e\d\n\x41\101\u'"))
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    compile("x", bytearray(b"name"), "exec")
    print([str(x.message) for x in w])
