# SPDX-License-Identifier: MIT
# SystemExit with an object: printed, status 1.
# exit: 1
import sys
try: raise SystemExit
except SystemExit as e: print(e.code)
raise SystemExit(('tuple', 1))
