# options: -X warn_default_encoding -X dev
import io
import sys
import warnings

warnings.showwarning = lambda message, category, filename, lineno, *rest: print(
    lineno, category.__name__, message)
io.text_encoding(None, 1)
io.TextIOWrapper(io.BytesIO())
open("/dev/null").close()
open("/dev/null", encoding="locale").close()
for make in (lambda: io.TextIOWrapper(io.BytesIO(), "ascii", "none such"),
             lambda: open("/dev/null", encoding="ascii", errors="none such")):
    try:
        make()
    except LookupError as e:
        print(e)
print(sys.flags.warn_default_encoding)
