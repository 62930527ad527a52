# SPDX-License-Identifier: MIT
# exec, eval, compile: namespaces, modes, flags, closures.
g = {}
exec('a = 1', g); print(g['a'], '__builtins__' in g, sorted(g))
l = {}; exec('b = a + 1; c = [a for _ in "x"]', g, l); print(l)
print(eval('a + b', g, l), eval(' 1+1'), eval('1+1\n'), eval(b'2*3'), eval(compile('7', 'f', 'eval')))
for f, args in ((eval, ('1;2',)), (eval, ('x=1',)), (eval, ('',)), (eval, ('1', 5)), (eval, ('1', {}, 5)), (exec, ('1', 5)), (exec, ('1', {}, 5)), (exec, (5,)), (eval, (None,)), (compile, ('1', 'f', 'x')), (compile, ('1', 'f', 'eval', 1 << 30)), (compile, ('1', 5, 'eval')), (compile, (5, 'f', 'eval')), (compile, ('1', 'f', 'exec', 0, False, 9)), (compile, ('1\0', 'f', 'eval')), (eval, ('1', {}, {}, 1)), (exec, ('a', {})), (eval, ('lambda: (yield)',)), (eval, ('(yield)',)), (eval, ('await x',)), (compile, ('def f(): pass', 'f', 'single')), (compile, ('a\nb', 'f', 'single')), (compile, ('if 1:\n  pass\n', 'f', 'single'))):
    try: r = f(*args); print(f.__name__, args, type(r).__name__)
    except BaseException as e: print(f.__name__, str(args)[:30], '|', type(e).__name__, e)
code = compile('x = 5\ny = x * 2\ndef f(): return x', 'name.py', 'exec'); ns = {}; exec(code, ns)
print(ns['y'], ns['f'](), code.co_filename, code.co_name, code.co_consts[0], code.co_names[:2], code.co_firstlineno, code.co_flags & 64)
exec(compile('1 + 1', 's', 'single')); exec(compile('None', 's', 'single')); exec(compile('a = 3; a', 's', 'single'))
def outer():
    v = 10
    def inner(): return v
    return inner
fn = outer()
try: exec(fn.__code__)
except TypeError as e: print(e)
exec(fn.__code__, closure=fn.__closure__)
for cl in ((), None, [1], (1,), fn.__closure__ * 2):
    try: exec(fn.__code__, closure=cl)
    except TypeError as e: print(e)
try: exec('1', closure=fn.__closure__)
except TypeError as e: print(e)
try: eval(fn.__code__)
except TypeError as e: print(e)
class Map(dict):
    def __missing__(self, k): return f'<{k}>'
print(eval('foo + bar', {}, Map()))
try: print(eval('foo', Map()))
except NameError as e: print(e)
class M2:
    def __getitem__(self, k):
        if k == 'q': return 'Q'
        raise KeyError(k)
    def __setitem__(self, k, v): print('set', k, v)
    def __delitem__(self, k): print('del', k)
    def keys(self): return ['q']
exec('z = q; del z; w = 1', {}, M2())
try: eval('nope', {}, M2())
except NameError as e: print(e)
exec('print(len("abc"))', {'__builtins__': {'print': print, 'len': lambda x: 'mylen'}})
try: exec('len', {'__builtins__': {}})
except NameError as e: print(e)
try: exec('import os', {'__builtins__': {}})
except ImportError as e: print(e)
try: exec('class A: pass', {'__builtins__': {}})
except NameError as e: print(e)
import builtins
exec('print(abs(-1))', {'__builtins__': builtins})
def loc():
    a = 1
    return eval('[a, b]', {'b': 2}, locals()), sorted(eval('locals()', {})), sorted(eval('globals()', {'k': 1})), dir(), sorted(vars())
print(loc())
exec('from __future__ import annotations\nx: undefined_thing\nprint(__annotations__)', {})
c = compile('x: 1 + 1', 'f', 'exec', 0x1000000); exec(c, ns); print(ns['__annotations__'])
print(eval('__import__("sys").version_info[:2]'), eval('(lambda: [i for i in range(3)])()'), eval("f'{1+1}'"))
print([eval(s) for s in ('1_000', '0x10', '"a" "b"', '[*range(3)]', '{**{}}', '(1,)', '()', 'not None', '1 if 0 else 2', '...')])
print(compile('pass', b'bytes.py', 'exec').co_filename, compile('"doc"', 'f', 'exec').co_consts, compile('1', 'f', 'eval').co_flags)
co = fn.__code__.replace(co_name='renamed'); print(co.co_name, co == fn.__code__, fn.__code__ == outer().__code__, hash(fn.__code__) == hash(outer().__code__))
try: fn.__code__.replace(co_nope=1)
except TypeError as e: print(e)
exec('\n'.join(f'v{i} = {i}' for i in range(500)), ns); print(ns['v499'])
exec('def big(' + ', '.join(f'a{i}' for i in range(300)) + '): return a299', ns); print(ns['big'](*range(300)))
print(eval('+'.join(['1'] * 900)), len(eval('[' + ','.join(['1'] * 5000) + ']')), eval('(' * 50 + '1' + ')' * 50), len(eval('"' + 'x' * 100000 + '"')))
