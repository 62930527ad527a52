# SPDX-License-Identifier: MIT
# Assignment expressions: where the name goes.
if (n := 10) > 5: print(n)
print([y := 1, y ** 2], y)
print([last := i for i in range(4)], last)
print({(k := i): (v := i * i) for i in range(3)}, k, v)
def f():
    r = [x2 := i for i in range(3)]
    s = any((hit := i) > 1 for i in range(5))
    return r, x2, hit, s
print(f())
def g():
    global gl
    [gl := i for i in range(3)]
g(); print(gl)
def h():
    z = 0
    def inner():
        nonlocal z
        [z := i for i in range(5)]
    inner()
    return z
print(h())
class C:
    a = (b := 3) + 1
print(C.a, C.b)
print((lambda: (q := 5) + q)())
while (line := next(it, None)) if (it := iter('ab')) and 0 else False: pass
def chunks(s, n):
    it = iter(s); out = []
    while chunk := ''.join(c for c, _ in zip(it, range(n))): out.append(chunk)
    return out
print(chunks('abcdefg', 3))
x = (y := 0, 1); print(x, y)
print(f'{(w := 3)}', w)
def kw(a=(d := 4)): return a
print(kw(), d, kw(a=(e := 2)), e)
assert (m := 1); print(m)
if any((comment := l).startswith('#') for l in ['a', '# b', 'c']): print(comment)
print([(i, j) for i in range(3) if (j := i * 2)], j)
print((a := 1) + (a := a + 1), a)
t = [a := 5, (b := 6)]; print(t, {a: (c := 7)}, {(s := 1)}, t[(i := 1)], t[i := 0])
print(len(u := [1, 2]), u)
def rec(n): return 1 if n < 2 else (m := n - 1) and n * rec(m)
print(rec(5))
for bad in ('(a.b := 1)', 'a := 1', '[i := 0 for i in x]', '[[i := 0 for j in x] for i in y]', '(lambda: x := 1)', 'class C: [x := 1 for i in y]', 'f(a=b:=1)', 'def f(a=b:=1): pass', '[i for i in (j := x)]', '[i for i in x if [k for k in (l := 1)]]', 'x = y := 1', '(x := y := 1)', '{a := 1: 2}', '(a := *b)', '((a, b) := 1)', '(*a := 1)'):
    try: compile(bad, 's', 'exec'); print('fine', bad)
    except SyntaxError as e: print(bad, '|', e.msg, e.offset, e.end_offset)
