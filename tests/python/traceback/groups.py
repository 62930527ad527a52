# SPDX-License-Identifier: MIT
# Exception groups as printed.
# exit: 1
import sys
def show(e):
    try: raise e
    except BaseException:
        sys.excepthook(*sys.exc_info())
        print('-' * 10, file=sys.stderr)
def v(x):
    try: raise x
    except BaseException as e: return e
show(ExceptionGroup('eg', [ValueError(1), TypeError('t')]))
show(ExceptionGroup('eg', [v(ValueError(1)), ExceptionGroup('inner', [v(KeyError('k')), OSError(2, 'm')])]))
show(BaseExceptionGroup('beg', [KeyboardInterrupt(), ValueError()]))
show(ExceptionGroup('many', [ValueError(i) for i in range(20)]))
show(ExceptionGroup('multi\nline', [ValueError('a\nb')]))
e = ExceptionGroup('noted', [ValueError(1)]); e.add_note('group note'); e.exceptions[0].add_note('leaf note\nline 2')
show(e)
def deep(n): return ExceptionGroup(f'level {n}', [deep(n - 1), ValueError(n)]) if n else KeyError('end')
show(deep(12))
try:
    try: raise ExceptionGroup('first', [ValueError(1)])
    except ExceptionGroup as g: raise TypeError('second') from g
except TypeError as t: show(t)
try:
    try: raise ValueError('plain')
    except ValueError: raise ExceptionGroup('in handler', [KeyError(1)])
except ExceptionGroup as t: show(t)
c = ValueError('leaf'); c.__cause__ = KeyError('cause of leaf')
show(ExceptionGroup('chained leaf', [c]))
class MyGroup(ExceptionGroup):
    def derive(self, excs): return MyGroup(self.message, excs)
show(MyGroup('mine', [ValueError()]))
def f():
    try: raise ExceptionGroup('eg', [ValueError(1), TypeError(2), KeyError(3)])
    except* ValueError as e: raise OSError('from handler')
    except* TypeError: pass
try: f()
except ExceptionGroup as e: show(e)
def g():
    try: raise ExceptionGroup('eg', [ValueError(1), ExceptionGroup('n', [TypeError(2), KeyError(3)])])
    except* TypeError as e: print(repr(e), file=sys.stderr)
try: g()
except ExceptionGroup as e: show(e)
def h():
    try: raise ValueError('naked')
    except* ValueError as e: print(repr(e), file=sys.stderr); raise
try: h()
except ExceptionGroup as e: show(e)
raise ExceptionGroup('final', [ValueError('end')])
