# SPDX-License-Identifier: MIT
# How warnings print by default, in functions, with stack levels, once per place, filters.
# options: -W default
import warnings, sys
def f(): warnings.warn('in f')
def g(): warnings.warn('level 2', stacklevel=2)
def h(): warnings.warn('dep', DeprecationWarning, 2)
f(); f(); g(); g(); h()
for i in range(3): warnings.warn('loop')
for i in range(3): warnings.warn(f'msg {i}')
class My(UserWarning): pass
warnings.warn(My('instance')); warnings.warn('cat', My); warnings.warn('multi\nline')
for a in ((), ('m', 5), ('m', int), (5,), ('m', None, 'x'), ('m', UserWarning, 2**70)):
    try: warnings.warn(*a)
    except Exception as e: print(type(e).__name__, e)
warnings.warn('deep', stacklevel=50)
with warnings.catch_warnings():
    warnings.simplefilter('error')
    try: warnings.warn('as error')
    except UserWarning as e: print('caught', e)
    try: eval('1 is 1')
    except SyntaxError as e: print('syntax', e)
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('always'); f(); f()
    print(len(w), w[0].message, w[0].category.__name__, w[0].lineno > 0, w[0].filename == __file__, w[0].line, str(w[0])[:30])
with warnings.catch_warnings():
    warnings.simplefilter('ignore'); f()
with warnings.catch_warnings():
    warnings.filterwarnings('ignore', category=DeprecationWarning); h(); warnings.warn('still')
warnings.showwarning = lambda *a: print('show', a[0], a[1].__name__)
warnings.warn('custom show')
warnings.warn_explicit('explicit', UserWarning, 'file.py', 7)
for a in (('m', UserWarning, 'f'), ('m', UserWarning, 'f', 'x'), ('m', int, 'f', 1)):
    try: warnings.warn_explicit(*a)
    except Exception as e: print(type(e).__name__, e)
print(warnings.formatwarning('msg', UserWarning, 'f.py', 3, 'source line'), end='')
