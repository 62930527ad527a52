# SPDX-License-Identifier: MIT
# f-strings: nesting, conversions, =, specs.
x, y, w, p = 42, 'text', 10, 3
d = {'a': 1, 'b': [1, 2]}
class F:
    def __format__(self, spec): return f'<{spec}>'
    def __repr__(self): return 'R'
    def __str__(self): return 'S'
o = F()
print(f'', f'a', f'{x}', f'{x}{y}', f'a{x}b{y}c')
print(f'{x!r} {y!r} {y!s} {y!a} {o} {o!r} {o!s} {o!a} {o:abc} {o!r:>5} {o!s:^7}|')
print(f'{x:5}|{x:<5}|{x:^5}|{x:>5}|{x:05}|{x:+}|{x:x}|{x:#x}|{x:b}|{x:,}|{x:e}|{x:.2f}|{x:%}')
print(f'{3.14159:{w}.{p}}|{3.14159:{w}.{p}f}|{y:{"*"}^{w}}|{y!r:{w}}|{x:{"<"}{5}}|')
print(f'{x=}', f'{x = }', f'{x=!s}', f'{y=}', f'{y=!s}', f'{y=!a}', f'{x=:5}', f'{y=:10}|', f'{y=!r:10}|', f'{ x }', f'{ x = }')
print(f'{x + 1 = }', f'{d["a"]=}', f'{d["b"][0]}', f"{d['b'][1]:03}", f'{(lambda q: q * 2)(4)}', f'{x if x else y}', f'{x,}', f'{x, y}', f'{[1, 2][0]}')
print(f'{{}}', f'{{{x}}}', f'{{{{', f'}}}}', f'{{x}}', f'{ {1: 2}[1] }', f'{ {x for x in (1,)} }')
print(f'{"a" "b"}', f'{"}"}', f'{"{"}', f"{'a:b'}", f'{"!"}', f'{x!=1}', f'{x==42}', f'{x<=1}', f'{x>=1}', f'{1 != 2}')
print(f'''{
x
}''', f'''a
{x
  + 1}
b''', f"""{'''nested'''}""", f'{f"{x}"}')
print(rf'\d{x}\{y}', fr'\n', Rf'\{x}', F'{x}', f'\x41{x}\n\t|')
print(f'{x}' 'plain {x}' f'{y}', 'a' f'{x}' "b", f'a' f'b', '')
print(f'{(y := 5)} {y}', f'{x:=5}', f'{x:=+5}', f'{(x:=7)}', x)
print(f'{None} {True} {...} {()} {[]} {1.0} {1j}')
print(f'{o:{o}}', f'{o:{o!r}}', f'{o:a{x}b{y}c}', f'{o:{x}{y}}', f'{o:}', f'{o!r:}')
print([f'{i}' for i in range(3)], {f'{k}': v for k, v in d.items()})
def g():
    z = 'outer'
    return (lambda: f'{z}{x}')(), [f'{z}{i}' for i in range(2)]
print(g())
class K:
    a = 1
    s = f'{a} {x}'
print(K.s)
def gen():
    r = f'{(yield 1)}-{(yield 2)}'
    print(r)
it = gen(); next(it); it.send('a')
try: it.send('b')
except StopIteration: pass
for spec in ('q', '10.5.3', ',_', '=5'):
    for v in (1, 1.5, 's', None, [1]):
        try: print(f'{v:{spec}}', end=' ')
        except Exception as e: print(type(e).__name__, e)
try: f'{1/0}'
except ZeroDivisionError as e: print(e)
try: f'{nosuch}'
except NameError as e: print(e)
print(f'{x:{w}}' == format(x, str(w)), f'{x!r:>{w}}', f'{"x":{"a"}<{"5"}}', f'{b"x"} {b"x"!r}')
print(f"{'é'!a} {'é'}", f'é{x}€', f'{x}\U0001f600', f'{1:é>5}')
def doc(): f'not a docstring {x}'
print(doc.__doc__)
