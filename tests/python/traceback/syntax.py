# SPDX-License-Identifier: MIT
# SyntaxErrors as printed.
# exit: 1
import sys
def show(src, name='<test>', mode='exec'):
    try: compile(src, name, mode)
    except SyntaxError as e:
        e.__traceback__ = None
        sys.excepthook(type(e), e, None)
for s in ('x = = 1', 'if 1\n  pass', 'def f(:\n  pass', '  x', 'if 1:\nx', "'abc", '(', 'x = (1,\n  2', 'a b', 'f(a b)', '1 = x', 'é = = 1', 'x\t= = 1', '\tx = 1\n  y', 'return', "f'{a b}'", 'print "x"', 'x = 1 +', 'class', '\n\n  \n(]', 'x = $', 'nonlocal x', '你 好', '"""abc', 'a = 5 if 6', '[x for x in 1, 2]'):
    show(s)
show('1 +', 'name with spaces.py', 'eval')
show('x = 1; y = 2', 'e', 'eval')
for args in (('msg',), ('msg', None), ('msg', ('f.py', 3, 5, 'some text\n')), ('msg', ('f.py', 3, None, 'some text')), ('msg', ('f.py', 3, 5, None)), ('msg', (None, 3, 5, 'text')), ('msg', ('f.py', 3, 2, 'abc def', 3, 6)), ('msg', ('f.py', 3, 2, 'abc def', 5, 6)), ('msg', ('f.py', 3, 20, 'abc', 3, 30)), ('msg', ('f.py', 3, 0, 'abc', 3, 0)), ('msg', ('f.py', 3, -5, 'abc', 3, -1)), ('msg', ('f.py', 3, 5, '    abc', 3, 8)), ('msg', ('f.py', 3, 2, '    abc', 3, 3)), (), ('a', 'b'), (None, ('f', 1, 1, 'x')), ('msg', ('f.py', 1, 1, 'tab\there', 1, 5)), ('msg', ('f.py', 0, 0, '', 0, 0)), ('msg', ('f.py', 3, 3, 'ab\n\n', 3, 3))):
    try:
        e = SyntaxError(*args)
        print([getattr(e, k) for k in ('msg', 'filename', 'lineno', 'offset', 'text', 'end_lineno', 'end_offset', 'print_file_and_line')], str(e), repr(e))
        sys.excepthook(SyntaxError, e, None)
    except Exception as x: print(args, type(x).__name__, x)
for args in (('m', (1,)), ('m', (1, 2, 3)), ('m', (1, 2, 3, 4, 5)), ('m', 5), ('m', 'abcd'), ('m', ['f', 1, 1, 't'])):
    try: print(repr(SyntaxError(*args)), SyntaxError(*args).filename)
    except Exception as x: print(args, type(x).__name__, x)
e = IndentationError('m', ('f.py', 1, 1, 'x')); sys.excepthook(type(e), e, None)
e = TabError('m', ('f.py', 1, 1, '\tx')); sys.excepthook(type(e), e, None)
class My(SyntaxError): pass
e = My('m', ('f.py', 1, 1, 'x')); e.add_note('noted'); sys.excepthook(type(e), e, None)
exec('x = = 1')
