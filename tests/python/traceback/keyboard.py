# SPDX-License-Identifier: MIT
# KeyboardInterrupt raised by hand.
def f(): raise KeyboardInterrupt('by hand')
try: f()
except Exception: print('no')
except BaseException as e: print(type(e).__mro__, e)
raise SystemExit
