# SPDX-License-Identifier: MIT
# except*: splitting, re-raising, naming, flow.
def t(exc, *handlers):
    log = []
    src = 'try: raise exc\n' + ''.join(h + '\n' for h in handlers)
    try: exec(src, {'exc': exc, 'log': log.append}); r = 'done'
    except BaseException as e: r = show(e), e.__context__ and show(e.__context__), e.__cause__ and show(e.__cause__)
    print(log, r)
def show(e):
    return [e.message, *map(show, e.exceptions)] if isinstance(e, BaseExceptionGroup) else repr(e)
E = ExceptionGroup
t(E('g', [ValueError(1), TypeError(2)]), 'except* ValueError as e: log(repr(e))', 'except* TypeError as e: log(repr(e))')
t(E('g', [ValueError(1), TypeError(2)]), 'except* ValueError as e: log(repr(e))')
t(E('g', [ValueError(1), E('n', [ValueError(2), KeyError(3)])]), 'except* ValueError as e: log(repr(e))', 'except* OSError: log("no")')
t(E('g', [ValueError(1)]), 'except* (ValueError, TypeError): log("t")')
t(ValueError('naked'), 'except* ValueError as e: log(repr(e))')
t(ValueError('naked'), 'except* TypeError as e: log(repr(e))')
t(E('g', [ValueError(1), TypeError(2)]), 'except* ValueError as e: raise KeyError("new")')
t(E('g', [ValueError(1), TypeError(2)]), 'except* ValueError as e: raise KeyError("a")', 'except* TypeError: raise KeyError("b")')
t(E('g', [ValueError(1), TypeError(2)]), 'except* ValueError as e: raise')
t(E('g', [ValueError(1), TypeError(2)]), 'except* ValueError as e: raise e')
t(E('g', [ValueError(1), TypeError(2)]), 'except* ValueError as e: raise KeyError("x") from e')
t(E('g', [ValueError(1)]), 'except* Exception: log("all")', 'else: log("else")', 'finally: log("fin")')
t(E('g', [ValueError(1)]), 'except* ExceptionGroup: log("bad")')
t(E('g', [ValueError(1)]), 'except* 5: log("bad")')
t(E('g', [ValueError(1)]), 'except* (ValueError, ExceptionGroup): log("bad")')
t(BaseExceptionGroup('b', [KeyboardInterrupt(), ValueError()]), 'except* ValueError: log("v")')
t(BaseExceptionGroup('b', [KeyboardInterrupt(), ValueError()]), 'except* BaseException: log("v")')
t(E('g', [ValueError(1), ValueError(2), TypeError(3)]), 'except* ValueError as e: log(len(e.exceptions))', 'except* ValueError as e: log("again")', 'except* TypeError: log("t")')
try:
    try: pass
    except* ValueError: print('no')
    else: print('else')
finally: print('fin')
def f():
    for i in range(2):
        try: raise E('x', [ValueError(i)])
        except* ValueError as e: print(e.exceptions)
    try: e
    except UnboundLocalError as x: print(x)
f()
g = E('top', [ValueError(1), E('sub', [TypeError(2), OSError(3)])])
print(g, repr(g), g.message, g.exceptions, g.args)
m, r = g.split(TypeError); print(show(m), show(r))
print(show(g.subgroup(lambda e: isinstance(e, (OSError, ValueError)))), g.subgroup(KeyError), g.split(KeyError)[0], g.subgroup(ExceptionGroup) is g, show(g.subgroup((ValueError, TypeError))))
print(show(g.derive([KeyError(1)])), type(g.derive([KeyboardInterrupt()])).__name__)
for a in ((), ('m',), ('m', []), ('m', [1]), ('m', 5), (1, [ValueError()]), ('m', [KeyboardInterrupt()]), ('m', (ValueError(),)), ('m', [ValueError], ), ('m', [ValueError()], 3)):
    try: print(repr(E(*a)))
    except Exception as e: print(type(e).__name__, e)
print(type(BaseExceptionGroup('m', [ValueError()])).__name__, type(BaseExceptionGroup('m', [KeyboardInterrupt()])).__name__, ExceptionGroup.__mro__, E[int])
for bad in (5, 'x', None, [ValueError]):
    try: g.split(bad)
    except TypeError as e: print(e)
class MG(ExceptionGroup):
    def __new__(cls, msg, excs, code): self = super().__new__(cls, msg, excs); self.code = code; return self
    def derive(self, excs): return MG(self.message, excs, self.code)
mg = MG('mine', [ValueError(1), KeyError(2)], 42)
a, b = mg.split(KeyError); print(type(a).__name__, a.code, show(a), type(b).__name__, b.code)
class NoDerive(ExceptionGroup): pass
print(type(NoDerive('n', [ValueError(), KeyError()]).subgroup(KeyError)).__name__)
g.add_note('n1'); g.__cause__ = KeyError('c')
s = g.subgroup(TypeError); print(s.__notes__, repr(s.__cause__), s.__notes__ is g.__notes__)
class BadDerive(ExceptionGroup):
    def derive(self, excs): return 5
try: BadDerive('m', [ValueError(), KeyError()]).split(KeyError)
except TypeError as e: print(e)
try: g.message = 'x'
except AttributeError as e: print(e)
try: g.exceptions = ()
except AttributeError as e: print(e)
