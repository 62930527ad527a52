# SPDX-License-Identifier: MIT
# sys.excepthook, sys.unraisablehook, displayhook, and what they are given.
# exit: 1
import sys
def hook(t, v, tb): print('hook', t.__name__, v, tb and tb.tb_lineno)
def un(a): print('unraisable', a.exc_type.__name__, a.exc_value, a.err_msg, type(a.object).__name__, a.exc_traceback is not None)
sys.unraisablehook = un
class D:
    def __del__(self): raise ValueError('in del')
D()
class W: pass
import weakref
w = W(); r = weakref.ref(w, lambda r: 1 / 0); del w
def g():
    try: yield
    finally: raise KeyError('gen close')
it = g(); next(it); del it
class H:
    def __hash__(self): raise ValueError('hash')
sys.displayhook(5); print(__builtins__._); sys.displayhook(None); print(__builtins__._); sys.displayhook('a\nb')
try: sys.excepthook(1, 2, 3)
except Exception as e: print(type(e).__name__, e)
sys.excepthook(ValueError, ValueError('no tb'), None)
sys.excepthook(None, ValueError('none type'), None)
try: sys.excepthook()
except TypeError as e: print(e)
print(sys.exc_info(), sys.exception() if hasattr(sys, 'exception') else None)
try: 1 / 0
except ZeroDivisionError:
    print(sys.exc_info()[0], sys.exc_info()[2].tb_lineno, sys.exception() is sys.exc_info()[1] if hasattr(sys, 'exception') else '')
    tb = sys.exc_info()[2]
    print(tb.tb_frame.f_code.co_name, tb.tb_next, tb.tb_lasti >= 0, type(tb).__name__)
    try: tb.tb_next = tb
    except ValueError as e: print(e)
    try: tb.tb_next = 5
    except TypeError as e: print(e)
    try: tb.tb_lineno = 5
    except AttributeError as e: print(e)
import types
try: types.TracebackType(None, 1, 2, 3)
except TypeError as e: print(e)
t = types.TracebackType(tb, tb.tb_frame, 1, 99); print(t.tb_lineno, t.tb_next is tb)
print(ValueError().with_traceback(t).__traceback__ is t)
try: ValueError().with_traceback(5)
except TypeError as e: print(e)
sys.excepthook = hook
raise ValueError('final')
