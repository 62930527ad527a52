# SPDX-License-Identifier: MIT
# Repeated lines and recursion.
# exit: 1
import sys
def show(f, *a):
    try: f(*a)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        print('-' * 10, file=sys.stderr)
def r(n):
    if n == 0: raise ValueError('bottom')
    r(n - 1)
for n in (0, 1, 2, 3, 4, 5, 6, 20): show(r, n)
def even(n):
    if n == 0: 1 / 0
    odd(n - 1)
def odd(n): even(n - 1)
show(even, 10)
def inf(): inf()
sys.setrecursionlimit(80)
show(inf)
def inf2(x): return inf2(x + 1) + 1
show(inf2, 0)
class R:
    def __repr__(self): return repr(self)
    def __getattr__(self, k): return self.other
    def __eq__(self, o): return self == o
try: repr(R())
except RecursionError as e: print(type(e), file=sys.stderr)
try: R().x
except RecursionError as e: print(type(e), file=sys.stderr)
try: R() == R()
except RecursionError as e: print(type(e), file=sys.stderr)
sys.exit('exit message')
