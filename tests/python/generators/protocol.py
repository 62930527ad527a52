# SPDX-License-Identifier: MIT
# Generator methods, attributes, states and errors.
import sys, types
def g():
    try:
        x = yield 1
        print('got', x)
        y = yield 2
        print('got', y)
        return 'ret'
    finally:
        print('fin')
it = g()
print(it.gi_running, it.gi_yieldfrom, it.gi_code.co_name, it.gi_frame.f_lineno - g.__code__.co_firstlineno, it.__name__, it.__qualname__, type(it).__name__, repr(it).split(' at ')[0])
try: it.send(5)
except TypeError as e: print(e)
print(next(it), it.send('a'))
print(it.gi_frame.f_locals)
try: it.send('b')
except StopIteration as e: print('stop', e.value, e.args)
print(it.gi_frame, it.gi_suspended if hasattr(it, 'gi_suspended') else None)
for f in (lambda: next(it), lambda: it.send(None), lambda: it.throw(ValueError('late')), lambda: it.close()):
    try: print(f())
    except BaseException as e: print(type(e).__name__, e)
it = g()
try: it.throw(ValueError, 'before start')
except ValueError as e: print('raised', e)
print(list(it))
it = g(); next(it)
try: it.throw(KeyError('k'))
except KeyError as e: print('out', e)
it = g(); next(it); it.close(); it.close()
it = g(); it.close(); print(list(it))
def ign():
    while True:
        try: yield
        except GeneratorExit: print('ignored')
it = ign(); next(it); keep = it; import atexit; sys.unraisablehook = lambda a: None
try: it.close()
except RuntimeError as e: print(e)
def ret():
    try: yield
    except GeneratorExit: return 5
it = ret(); next(it); print(it.close())
def other():
    try: yield
    except GeneratorExit: raise KeyError('from close')
it = other(); next(it)
try: it.close()
except KeyError as e: print(repr(e), repr(e.__context__))
def reent():
    yield next(me)
me = reent()
try: next(me)
except ValueError as e: print(e)
def stop():
    yield 1
    raise StopIteration('inner')
it = stop(); next(it)
try: next(it)
except RuntimeError as e: print(e, repr(e.__cause__), repr(e.__context__))
def stop2():
    yield next(iter([]))
try: list(stop2())
except RuntimeError as e: print(e)
it = g(); next(it)
for a in ((1,), ('x',), (ValueError, ValueError('v')), (ValueError, 'val'), (ValueError, (1, 2)), (ValueError, None, 5), (ValueError('i'), 'extra'), (int,), (KeyError('k'), None), ()):
    it = g(); next(it)
    try: it.throw(*a)
    except BaseException as e: print(type(e).__name__, e, getattr(e, 'args', None) if not isinstance(e, TypeError) else '')
it = g(); 
for k, v in (('__name__', 'new'), ('__qualname__', 'Q.n'), ('__name__', 1), ('__qualname__', None), ('gi_frame', 1), ('x', 1), ('gi_running', 0)):
    try: setattr(it, k, v); print('ok', getattr(it, k))
    except (TypeError, AttributeError) as e: print(e)
print(repr(it).split(' at ')[0])
it.close()
def d():
    yield
    return
for x in d(): print(x)
def tr():
    try: yield 1
    except ValueError as e: yield ('caught', e.args)
    yield 'more'
it = tr(); next(it); print(it.throw(ValueError(1)), next(it))
gen = (x * y for x in range(3) for y in 'ab' if x)
print(list(gen), gen.gi_frame, gen.__name__, gen.__qualname__)
def outer(): return (i for i in [1])
print(outer().__qualname__)
try: (x for x in 5)
except TypeError as e: print(e)
it = (1 / x for x in (1, 0))
print(next(it))
try: next(it)
except ZeroDivisionError: print(list(it))
print(isinstance(it, types.GeneratorType), iter(it) is it)
try: it[0]
except TypeError as e: print(e)
try: len(it)
except TypeError as e: print(e)
del it
def fin():
    try: yield
    finally: print('finalized by del')
it = fin(); next(it); del it
