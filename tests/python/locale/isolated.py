# Each interpreter has its own locale and message domain.
import _locale
import time
from concurrent import interpreters

_locale.setlocale(_locale.LC_ALL, "C")
_locale.textdomain("mine")
other = interpreters.create()
other.exec("""
import _locale
_locale.setlocale(_locale.LC_ALL, "C.UTF-8")
print(_locale.setlocale(_locale.LC_ALL), _locale.getencoding(), _locale.textdomain(None), flush=True)
_locale.textdomain("other")
""")
# expect: C.UTF-8 UTF-8 messages
print(_locale.setlocale(_locale.LC_ALL), _locale.getencoding(), _locale.textdomain(None), flush=True)
# expect: C ANSI_X3.4-1968 mine
other.exec("print(_locale.setlocale(_locale.LC_ALL), _locale.textdomain(None))")
# expect: C.UTF-8 other
print(time.strftime("%A", time.gmtime(0)), flush=True)
# expect: Thursday
other.close()
