# SPDX-License-Identifier: MIT
# yield from: delegation of values, sends, throws, closes, results.
def sub():
    try:
        a = yield 'first'; print('sub got', a)
        b = yield 'second'; print('sub got', b)
    except ValueError as e: print('sub caught', e); yield 'recovered'
    finally: print('sub fin')
    return 'result'
def top():
    r = yield from sub(); print('top got', r)
    r = yield from [1, 2]; print('list gives', r)
    return (yield from iter('ab'))
t = top(); print(next(t), t.gi_yieldfrom.__name__, t.send('A'), t.send('B'), next(t), next(t), next(t))
try: next(t)
except StopIteration as e: print(e.value)
t = top(); next(t); print(t.throw(ValueError('v')), next(t)); t.close()
t = top(); next(t); t.close()
class It:
    def __iter__(self): return self
    def __next__(self): return 1
    def throw(self, *a): print('throw', a); raise KeyError('from throw')
    def close(self): print('close')
    def send(self, v): print('send', v); return 'sent'
def d(x): return (yield from x)
t = d(It()); print(next(t), t.send(5))
try: t.throw(ValueError())
except KeyError as e: print(repr(e))
t = d(It()); next(t); t.close()
class Plain:
    def __iter__(self): return self
    def __next__(self): return 1
t = d(Plain()); next(t)
try: t.send(5)
except AttributeError as e: print(e)
t = d(Plain()); next(t)
try: t.throw(ValueError('x'))
except ValueError as e: print(repr(e))
t = d(Plain()); next(t); t.close(); print('closed')
class CloseErr(Plain):
    def close(self): raise OSError('close failed')
t = d(CloseErr()); next(t)
try: t.close()
except OSError as e: print(e, repr(e.__context__))
for x in (5, None, object):
    try: list(d(x))
    except TypeError as e: print(e)
class Stop:
    def __iter__(self): return self
    def __next__(self): raise StopIteration(1, 2)
try: next(d(Stop()))
except StopIteration as e: print(e.value, e.args)
class Stop0(Stop):
    def __next__(self): raise StopIteration
try: next(d(Stop0()))
except StopIteration as e: print(e.value, e.args)
def tup(): return (1, 2); yield
try: next(d(tup()))
except StopIteration as e: print(e.value, e.args)
def exc(): return ValueError('as value'); yield
try: next(d(exc()))
except StopIteration as e: print(repr(e.value), e.args)
def deep(n):
    if n: yield from deep(n - 1)
    else: yield 'bottom'
print(list(deep(50)))
def selfref():
    yield from me
me = selfref()
try: next(me)
except ValueError as e: print(e)
def two():
    x = yield from (yield from inner2())
    print('x', x)
def inner2():
    yield 'i'
    return ['l1', 'l2']
print(list(two()))
def ge():
    try: yield 1
    except GeneratorExit: print('GE in sub'); raise
t = d(ge()); next(t)
try: t.throw(GeneratorExit)
except GeneratorExit: print('GE out')
def ge2():
    try: yield 1
    except GeneratorExit: yield 2
t = d(ge2()); next(t)
try: t.close()
except RuntimeError as e: print(e)
t = d(ge2()); next(t)
try: t.throw(GeneratorExit())
except (RuntimeError, GeneratorExit) as e: print(type(e).__name__, e)
