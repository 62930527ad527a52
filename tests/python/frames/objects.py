# SPDX-License-Identifier: MIT
# Frames, tracebacks and what they show.
import sys
def f(a, b=2):
    c = 3
    fr = sys._getframe()
    return fr
fr = f(1)
print(fr.f_code.co_name, fr.f_lineno - f.__code__.co_firstlineno, sorted(fr.f_locals), fr.f_globals is globals(), fr.f_builtins is __builtins__.__dict__, type(fr).__name__, fr.f_trace, fr.f_back and fr.f_back.f_code.co_name)
def outer(): return inner()
def inner(): return sys._getframe(1).f_code.co_name, sys._getframe(0).f_code.co_name, sys._getframe().f_back.f_back.f_code.co_name
print(outer())
for d in (50, -1, 'a', 2**40):
    try: print(sys._getframe(d).f_code.co_name)
    except Exception as e: print(type(e).__name__, e)
for a in ('f_code', 'f_globals', 'f_locals', 'f_back', 'f_builtins', 'f_lasti'):
    try: setattr(fr, a, 5); print('set', a)
    except Exception as e: print(a, type(e).__name__, e)
fr.clear(); print(fr.f_locals)
def running():
    try: sys._getframe().clear()
    except RuntimeError as e: print(e)
running()
def g():
    x = 1
    yield sys._getframe()
    yield x
it = g(); gf = next(it); print(gf is it.gi_frame, gf.f_locals, gf.f_back); print(next(it)); it.close(); print(it.gi_frame, gf.f_locals)
it = g(); gf = next(it); gf.clear(); print(list(it))
def loc():
    a = 1
    d = sys._getframe().f_locals
    d['a'] = 99; d['new'] = 5
    return a, 'new' in locals(), sys._getframe().f_locals is locals()
print(loc())
def cells():
    x = 1
    def h(): return x
    fl = sys._getframe().f_locals
    x = 2
    return fl['x'], sys._getframe().f_locals['x'], h.__code__.co_freevars
print(cells())
class K:
    y = 5
    print(sorted(k for k in sys._getframe().f_locals if k[0] != '_'), sys._getframe().f_code.co_name, sys._getframe().f_locals is locals())
def tb():
    try: 1 / 0
    except ZeroDivisionError as e: return e.__traceback__
t = tb(); print(t.tb_frame.f_code.co_name, t.tb_lineno - tb.__code__.co_firstlineno, t.tb_next, t.tb_frame.f_locals.keys() == {'e'} or sorted(t.tb_frame.f_locals))
def deep(n):
    if n == 0: raise ValueError
    deep(n - 1)
try: deep(3)
except ValueError as e:
    t = e.__traceback__; names = []
    while t: names.append((t.tb_frame.f_code.co_name, t.tb_frame.f_locals.get('n'))); t = t.tb_next
    print(names)
    t = e.__traceback__; e2 = e.with_traceback(t.tb_next); print(e2 is e, e.__traceback__ is t.tb_next); e.__traceback__ = None
def reraise():
    try: deep(1)
    except ValueError as e: raise
try: reraise()
except ValueError as e:
    t = e.__traceback__; lines = []
    while t: lines.append((t.tb_frame.f_code.co_name, t.tb_lineno - t.tb_frame.f_code.co_firstlineno)); t = t.tb_next
    print(lines[1:])
def again():
    try: deep(0)
    except ValueError as e: x = e
    raise x
try: again()
except ValueError as e:
    t = e.__traceback__; lines = []
    while t: lines.append((t.tb_frame.f_code.co_name, t.tb_lineno - t.tb_frame.f_code.co_firstlineno)); t = t.tb_next
    print(lines[1:])
def ex_locals():
    exec('q = 1')
    a = locals()
    exec('z = 2', globals(), a)
    return 'q' in a, a['z'], sorted(k for k in locals() if k != 'a')
print(ex_locals())
def comp_locals(): return [sorted(locals()) for i in range(1)], {k: sorted(locals()) for k in 'a'}, sorted((lambda p: locals())(1))
print(comp_locals())
def many():
    l1 = locals(); x = 1; l2 = locals()
    return l1 is l2, sorted(l1)
print(many())
print(sorted(k for k in (lambda *a, k=1, **kw: locals())(1, 2, z=3)), eval('locals()', {'a': 1}, {'b': 2}), eval('sorted(globals())', {'a': 1})[1:])
def genloc():
    v = 1
    yield locals()
    v = 2
    yield locals()
it = genloc(); a = next(it); print(a); b = next(it); print(a is b, a['v'])
async def coloc():
    w = 1
    return locals()
try: coloc().send(None)
except StopIteration as e: print(e.value)
