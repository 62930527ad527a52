# SPDX-License-Identifier: MIT
# Implicit and explicit joining, indentation, semicolons, comments, form feeds.
x = (1 +  # c
     2
     # only a comment

     + 3)
print(x)
y = 1 + \
    2 + \
3
print(y)
if x and \
   y: print('joined')
if x: a = 1; b = 2; print(a, b);
def f(a,
  b = [
1,
    2,
], *,
      c = {  'k'
  : 'v' }): return a, b, c
print(f(1))
if True:
    if True:
	    print('tab after spaces')
if 1:
	print('tab')
if 1:
 print('one space')
 if 1:
                                                     print('far')
# a comment at an odd indentation
        # another
if 1:
    pass
  # dedented comment
    print('still in')

    # trailing
if 1:

    print('blank lines')


else:

    pass
print("a" \
      "b")
s = """line 1 \
continued
  indented"""
print(s)
class C: x = 1; y = 2
print(C.x, C.y)
for i in 1, 2, 3: print(i, end=' '); print(i * i, end=' ')
else: print('done')
while False: pass
else: print('else')
try: 1/0
except ZeroDivisionError: print('zde')
else: print('no')
finally: print('fin')
with open('/dev/null') as f, open('/dev/null') as g: print(f is not g)
lambda_ = lambda: (yield)
print(lambda_.__name__)
exec("if 1:\r\n  x = 'crlf'\r\n  print(x)\r\n")
exec("if 1:\r  x = 'cr'\r  print(x)\r")
exec("\n\n\n   \n\t\n# c\nprint('after blanks')")
exec("print('no newline')")
exec("if 1:\n  print('no newline in block')")
exec("if 1:\n  pass\n  # comment without newline")
exec("\x0cprint('form feed')\n\x0c\nif 1:\n\x0c  print('ff in')\n")
exec("x = 1\n;" if 0 else "x = 1;")
exec("")
exec("#")
exec("   ")
exec("\\\n\nprint('backslash first')")
print(eval(" \t 1 + 2"), eval("(1\n+\n2)"), eval("1 \\\n + 5"), eval("3\n\n"), eval("3 # c"))
