import sys, warnings, _warnings
warnings.formatwarning = lambda m, c, f, l, line=None: f'{f}:{l}: {c.__name__}: {m}\n'
class Out:
    closed = False
    def write(self, s): sys.stdout.write(s.replace(__file__, 'FILE'))
    def flush(self): pass
sys.stderr = Out()
def err(f, *a, **k):
    try: print('no error', f(*a, **k))
    except Exception as e: print(type(e).__name__, e)
print([(a, m, c.__name__, mod, l) for a, m, c, mod, l in _warnings.filters], _warnings._defaultaction, _warnings._onceregistry, warnings.warn is _warnings.warn)
warnings.warn('one'); warnings.warn('dep', DeprecationWarning); warnings.warn(RuntimeWarning('inst')); warnings.warn('pending', PendingDeprecationWarning)
for i in range(3): warnings.warn('loop')
def f(): warnings.warn('level2', stacklevel=2)
f(); f()
warnings.warn('far', stacklevel=99)
err(warnings.warn, 'x', int); err(warnings.warn, 'x', 3); err(warnings.warn); err(warnings.warn, 'x', stacklevel='a')
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('always')
    for i in range(2): warnings.warn('rec', UserWarning)
    f(); warnings.warn_explicit('exp', UserWarning, 'some.py', 7)
    print([(str(x.message), x.category.__name__, x.lineno, x.source) for x in w], w[-1].filename)
with warnings.catch_warnings():
    warnings.simplefilter('error'); err(warnings.warn, 'boom'); err(warnings.warn, 'boom', FutureWarning)
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('once')
    for i in range(3): warnings.warn('once', UserWarning)
    warnings.warn('once', UserWarning); print(len(w))
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('module')
    for i in range(3): warnings.warn('mod')
    warnings.warn('mod'); print(len(w))
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('default')
    for i in range(3): warnings.warn('def')
    warnings.warn('def'); print(len(w))
    reg = {}
    for i in range(2): warnings.warn_explicit('e', UserWarning, 'a.py', 3, registry=reg)
    print(len(w), sorted(map(str, reg)))
with warnings.catch_warnings():
    warnings.filters.insert(0, ('bogus', None, UserWarning, None, 0)); warnings._filters_mutated(); err(warnings.warn, 'q')
    warnings.filters[0] = (1, 2); warnings._filters_mutated(); err(warnings.warn, 'q')
    warnings.filters[:] = [('ignore', None, UserWarning, 'spam', 0)]; warnings._filters_mutated()
    warnings.warn_explicit('in spam', UserWarning, 'spam.py', 1); warnings.warn_explicit('in eggs', UserWarning, 'eggs.py', 1); warnings.warn_explicit('none', UserWarning, 'x.py', 1, module='spam')
err(warnings.warn_explicit, 'x', UserWarning, 3, 1); err(warnings.warn_explicit, 'x', UserWarning, 'a', 1, registry=3); err(warnings.warn_explicit, 'x', UserWarning, 'a', 1, module_globals=3)
class W(UserWarning):
    def __init__(self, *a): super().__init__(*a); self.a = a
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('always'); warnings.warn(W('m', 2)); warnings.warn('t', W); print(w[0].message.a, w[1].message.a)
