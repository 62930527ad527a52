# SPDX-License-Identifier: MIT
# sys.exc_info() belongs to each generator; context of raised exceptions.
import sys
def g():
    print('in g', sys.exc_info()[0])
    yield 1
    print('in g', sys.exc_info()[0])
    try: raise KeyError('g')
    except KeyError:
        yield sys.exc_info()[0].__name__
        print('after', sys.exc_info()[0].__name__)
    print('left', sys.exc_info()[0])
    yield 'end'
it = g()
try: raise ValueError('outer')
except ValueError:
    print(next(it)); print(next(it)); print(sys.exc_info()[0].__name__)
print(sys.exc_info()[0])
print(next(it), sys.exc_info()[0])
def ctx():
    try: yield
    except ValueError as e: raise TypeError('second')
it = ctx(); next(it)
try: it.throw(ValueError('first'))
except TypeError as e: print(repr(e.__context__))
def ctx2():
    yield
    raise TypeError('in gen')
it = ctx2(); next(it)
try:
    try: raise ValueError('caller')
    except ValueError: next(it)
except TypeError as e: print(repr(e.__context__))
def rr():
    try: yield
    finally: raise OSError('fin')
it = rr(); next(it)
try: it.throw(KeyError('k'))
except OSError as e: print(repr(e.__context__), e.__suppress_context__)
def noexc():
    yield
    raise
it = noexc(); next(it)
try: next(it)
except RuntimeError as e: print(e)
it = noexc()
try: raise ValueError('active')
except ValueError:
    next(it)
    try: next(it)
    except Exception as e: print(repr(e))
def nested():
    try: raise ValueError(1)
    except ValueError:
        yield from sub()
        print('still', repr(sys.exc_info()[1]))
def sub():
    print('sub sees', repr(sys.exc_info()[1]))
    try: raise KeyError(2)
    except KeyError:
        yield
        print('sub has', repr(sys.exc_info()[1]))
for _ in nested(): print('outside', sys.exc_info()[1])
def f():
    try: 1 / 0
    except ZeroDivisionError as e:
        try: raise ValueError('a') from e
        except ValueError as v: return v
v = f(); print(repr(v.__cause__), v.__cause__ is v.__context__, v.__suppress_context__)
try:
    try: raise ValueError('x')
    except ValueError as e: raise KeyError('y') from None
except KeyError as e: print(e.__cause__, repr(e.__context__), e.__suppress_context__)
e = ValueError()
for val in (1, ValueError, 'x'):
    for attr in ('__cause__', '__context__', '__traceback__'):
        try: setattr(e, attr, val)
        except TypeError as x: print(attr, x)
for attr in ('__cause__', '__context__', 'args', '__suppress_context__'):
    try: delattr(e, attr); print('deleted', attr)
    except (TypeError, AttributeError) as x: print(x)
for src in ('raise 1', 'raise int', 'raise ValueError from 1', 'raise ValueError from int', 'raise ValueError from KeyError', 'raise ValueError("a") from KeyError("b")', 'raise None', 'raise "x"', 'raise ValueError from None', 'raise (ValueError,)', 'raise', 'raise BaseException', 'raise type("E", (Exception,), {"__new__": lambda c: 5})', 'raise ValueError(1, 2)'):
    try: exec(src)
    except BaseException as e: print(src, '|', repr(e), repr(e.__cause__), e.__suppress_context__)
for src in ('try: 1/0\nexcept 5: pass', 'try: 1/0\nexcept int: pass', 'try: 1/0\nexcept (ValueError, 5): pass', 'try: 1/0\nexcept (): pass', 'try: 1/0\nexcept (ValueError, (ZeroDivisionError,)): print("n")', 'try: 1/0\nexcept [ZeroDivisionError]: pass', 'try: 1/0\nexcept None: pass', 'try: 1/0\nexcept ArithmeticError as e: pass\nprint(e)', 'try: pass\nexcept 5: pass\nprint("not evaluated")'):
    try: exec(src)
    except BaseException as e: print(src.split('\n')[1], '|', repr(e), repr(e.__context__))
a = ValueError('a'); b = KeyError('b'); a.__context__ = b
try:
    try: raise b
    except KeyError: raise a
except ValueError as e: print(repr(e.__context__), repr(e.__context__.__context__))
try:
    try: raise a
    except ValueError as x: raise x
except ValueError as e: print(e.__context__ is e)
