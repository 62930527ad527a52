# SPDX-License-Identifier: MIT
# SystemExit with odd codes.
# exit: 3
import sys
for a in ((), (None,), (5,), ('text',), (1, 2), ([],), (True,), (-1,), (2**40,)):
    try: sys.exit(*a)
    except (SystemExit, TypeError) as e: print(type(e).__name__, e.args, getattr(e, 'code', '-'), repr(e))
e = SystemExit(1, 2); print(e.code, e.args); e.code = 9; print(e.code, e.args)
try: exit_ = SystemExit(code=1)
except TypeError as x: print(x)
class E(SystemExit):
    def __init__(self): self.code = 3
raise E()
