# SyntaxErrors whose file name is no str; CPython's digits.
import sys
import traceback

print(sys.int_info)
for name in b"bytes", 12, None, object, ("a",):
    try:
        raise SyntaxError("msg", (name, 123, 0, "text"))
    except SyntaxError as e:
        e.__traceback__ = None
        print("".join(traceback.format_exception_only(e)))
        sys.stderr = sys.stdout
        sys.excepthook(type(e), e, None)
        sys.stderr = sys.__stderr__
