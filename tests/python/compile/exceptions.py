# SPDX-License-Identifier: MIT
# try, except*, finally, with, raise, and generators closed by exceptions.
def f(k):
    log = []
    try:
        log.append('try')
        if k == 1: raise ValueError('v')
        if k == 2: raise KeyError('k')
        if k == 3: return log
        if k == 4: raise ZeroDivisionError
    except ValueError as e:
        log.append(('ve', str(e)))
    except (KeyError, IndexError):
        log.append('ke')
    else:
        log.append('else')
    finally:
        log.append('fin')
    return log
for k in range(4): print(f(k))
try: f(4)
except ZeroDivisionError as e: print('zde', e.args)
try: e
except NameError: print('e gone')
def g():
    for i in range(5):
        try:
            if i == 1: continue
            if i == 3: break
            print('body', i)
        finally:
            print('fin', i)
    else:
        print('no')
    return i
print(g())
def ret_in_finally():
    try: return 1
    finally: return 2
print(ret_in_finally())
def brk_in_finally():
    while True:
        try: return 'never'
        finally: break
    return 'broke'
print(brk_in_finally())
def cont_in_finally():
    r = []
    for i in range(3):
        try:
            r.append(i); 1 / 0
        finally:
            continue
    return r
print(cont_in_finally())
def nested():
    try:
        try: 1 / 0
        except ZeroDivisionError as a:
            try: {}['x']
            except KeyError as b:
                return type(b.__context__).__name__, a is b.__context__
    finally: print('nf')
print(nested())
class CM:
    def __init__(s, n, sup=False): s.n, s.sup = n, sup
    def __enter__(s): print('enter', s.n); return s.n
    def __exit__(s, *a): print('exit', s.n, a[0] and a[0].__name__, a[1]); return s.sup
def w(k):
    with CM('a', True) as a, CM('b') as b:
        print(a, b)
        if k == 1: return 'r'
        if k == 2: raise ValueError('x')
    return 'end'
print(w(0)); print(w(1)); print(w(2))
def wl():
    for i in range(3):
        with CM(i):
            if i == 0: continue
            if i == 1: break
wl()
def chain():
    try:
        try: 1 / 0
        except ZeroDivisionError as e: raise ValueError('c') from e
    except ValueError as e:
        return type(e.__cause__).__name__, e.__suppress_context__
print(chain())
def rer():
    try:
        try: raise ValueError(1)
        except ValueError: raise
    except ValueError as e: return e.args
print(rer())
try: raise
except RuntimeError as e: print(e)
def eg(excs):
    r = []
    try:
        raise ExceptionGroup('g', excs)
    except* ValueError as e:
        r.append(('V', len(e.exceptions)))
    except* (TypeError, KeyError) as e:
        r.append(('T', len(e.exceptions)))
    return r
print(eg([ValueError(1), TypeError(2), ValueError(3)]))
print(eg([KeyError(1)]))
try: eg([OSError(1), ValueError(2)])
except ExceptionGroup as e: print('rest', e.exceptions)
def eg2():
    try:
        try: raise ValueError('n')
        except* ValueError as e: print(repr(e)); raise KeyError('new')
    except BaseException as e: print(repr(e), repr(e.__context__))
eg2()
def eg3():
    try: pass
    except* ValueError: print('no')
    else: print('else')
    finally: print('fin')
eg3()
def exc_name_del():
    try: 1 / 0
    except ZeroDivisionError as e:
        del e
    try: e
    except UnboundLocalError: return 'unbound'
print(exc_name_del())
def exc_cell():
    try: 1 / 0
    except ZeroDivisionError as e:
        f = lambda: e
        print(f())
    try: f()
    except NameError as x: return str(x)
print(exc_cell())
def deep():
    try:
        try:
            try: raise KeyError('a')
            finally: print(1)
        finally: print(2)
    except KeyError: print(3)
    finally: print(4)
deep()
import sys
def info():
    try: 1 / 0
    except ZeroDivisionError:
        a = sys.exc_info()[0]
        try: raise KeyError
        except KeyError: b = sys.exc_info()[0]
        c = sys.exc_info()[0]
    return a, b, c, sys.exc_info()
print(info())
def gen_exc():
    try:
        yield 1
        yield 2
    except GeneratorExit: print('ge'); raise
    finally: print('gf')
it = gen_exc(); next(it); it.close()
it = gen_exc(); next(it)
try: it.throw(ValueError('t'))
except ValueError as e: print(e)
def gr():
    x = yield 1
    print('got', x)
    y = yield x
    return y
def gd():
    r = yield from gr()
    print('r', r)
    return r
it = gd(); print(next(it), it.send('a'))
try: it.send('b')
except StopIteration as e: print('stop', e.value)
def gs():
    raise StopIteration
    yield
try: next(gs())
except RuntimeError as e: print(e)
def tb():
    def inner():
        return 1 / 0
    inner()
try: tb()
except ZeroDivisionError as e:
    t = e.__traceback__
    while t: print(t.tb_lineno, t.tb_frame.f_code.co_name); t = t.tb_next
