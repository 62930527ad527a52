# Fields and texts of SyntaxError and of the UnicodeErrors.
def show(source):
    try:
        e = eval(source)
        names = "msg filename lineno offset text end_lineno end_offset encoding object start end reason".split()
        print(source, "->", repr(e), "|", str(e), "|", [getattr(e, n) for n in names if hasattr(e, n)])
    except Exception as x:
        print(source, "->", type(x).__name__ + ":", x)


for source in ["SyntaxError()", "SyntaxError('m')", "SyntaxError('m', ('f', 1, 2, 't'))",
               "SyntaxError('m', ('/a/f', 1, 2, 't', 3, 4))", "SyntaxError('m', ('/a/f', None, 2, 't', 3, 4))",
               "SyntaxError('m', (None, 1, 2, 't'))", "SyntaxError('m', 'abcd')", "SyntaxError('m', 1)",
               "SyntaxError('m', ('f', 'x', 2, 't'))", "SyntaxError('m', ('f', 1, 2, 't'), 3)", "SyntaxError('m', (1, 2))",
               "SyntaxError('m', (1, 2, 3, 4, 5))", "SyntaxError('m', (1, 2, 3, 4, 5, 6, 7))", "SyntaxError(x=1)",
               "TabError('m', ['f', 1, 2, 't'])", "IndentationError()",
               "UnicodeDecodeError('u', b'abc', 1, 2, 'r')", "UnicodeDecodeError('u', b'abc', 1, 3, 'r')",
               "UnicodeDecodeError('u', bytearray(b'abc'), -5, 100, 'r')", "UnicodeDecodeError('u', 'abc', 1, 2, 'r')",
               "UnicodeDecodeError()", "UnicodeDecodeError(1, b'a', 1, 2, 'r')", "UnicodeDecodeError('u', b'a', 'x', 2, 'r')",
               "UnicodeDecodeError('u', b'a', 1, 2, 3)", "UnicodeEncodeError('u', 'abc', 1, 2, 'r')",
               "UnicodeEncodeError('u', 'a\\u1234c', 1, 2, 'r')", "UnicodeEncodeError('u', 'a\\U00012345c', 1, 2, 'r')",
               "UnicodeEncodeError('u', 'abc', 1, 3, 'r')", "UnicodeEncodeError('u', 'abc', 5, 9, 'r')",
               "UnicodeEncodeError('u', b'abc', 1, 2, 'r')", "UnicodeEncodeError('u', '', 1, 3, 'r')",
               "UnicodeTranslateError('abc', 1, 2, 'r')", "UnicodeTranslateError('abc', 1, 3, 'r')",
               "UnicodeTranslateError('a')", "UnicodeEncodeError(x=1)"]:
    show(source)
e = UnicodeDecodeError("u", b"abc", 1, 2, "r")
e.start, e.end, e.reason, e.encoding = 0, 2, "why", "enc"
print(e)
e.reason = e.encoding = None
print(e)
for action in ("e.start = 'a'", "del e.start", "del e.object"):
    try:
        exec(action)
        print(action, "ok")
    except Exception as x:
        print(action, type(x).__name__, x)
print(repr(str(e)), repr(str(UnicodeEncodeError.__new__(UnicodeEncodeError))))
e = SyntaxError("m", ("f", 1, 2, "t"))
e.msg = None
print(e)
e.lineno = 5
print(e)
del e.filename
print(e, e.filename)
try:
    b"\xff".decode("utf-8")
except UnicodeDecodeError as e:
    print(repr(e), e)
try:
    "\ud800".encode("utf-8")
except UnicodeEncodeError as e:
    print(e, e.start, e.end)
try:
    "é".encode("ascii")
except UnicodeError as e:
    print(e)
