# Every form of the grammar as ast.dump shows it, with positions (columns count UTF-8 bytes).
import ast

STATEMENTS = r'''
def f(): pass
def f(a, /, b: int = 1, *c: str, d, e: x = 2, **f: y) -> z: return
def f(*, a): 'doc'
def f(*args: *Ts): ...
async def f(x): await x
@a
@b.c(1)
class C(B, metaclass=M, *bs, **kw): x: int = 3
return
return a, *b
del a, b.c, d[e], (f, [g])
a = b = c
a, (b, *c), [d.e, f[g]] = h
a: int
a.b: int = c
(a): int = 1
a[b]: c
a += 1; b -= c; d *= e; f /= g; h //= i; j %= k; l @= m; n &= o; p |= q; r ^= s; t <<= u; v >>= w; x **= y
for a in b: c
for a, *b in c, d:¶  e¶else:¶  f
async def f():¶  async for a in b: c¶  async with d as e, f: g¶  return [x async for x in y if z]
while a: b
while a:¶  break¶else:¶  continue
if a: b
if a:¶  b¶elif c:¶  d¶elif e:¶  f¶else:¶  g
with a: b
with a as b, c as (d, e), f as g.h: i
with (a as b, c): d
with (a, b): c
with (a): b
with (a) as b: c
match a:¶  case 1: b¶  case -1 | 2.5 | 1-2j | 'x' 'y' | b'z': c¶  case None | True | False: d
match a, b:¶  case [c, *d]: e¶  case (f, *_): g¶  case [h]: i¶  case (j): k¶  case []: l¶  case (): m
match a:¶  case {}: b¶  case {'k': c, x.y: d, -3: e, **rest}: f¶  case {**r}: g
match a:¶  case B(): c¶  case d.E(f, g=h, i=1): j¶  case (k | 1) as m if n: o¶  case _: p
match a, *b:¶  case x, y: pass
match = case; match(a); match[b]; print(_)
raise
raise a
raise a from b
try: a¶except: b
try:¶  a¶except A: b¶except (B, C) as d: e¶else: f¶finally: g
try: a¶except* A as b: c¶except* (B, C): d
try: a¶finally: b
assert a
assert a, b
import a
import a.b.c as d, e
from a import b
from . import a as b, c
from ...a.b import (c, d as e,)
from a import *
global a, b
def f():¶  nonlocal a, b
pass; a; b
"a docstring"
é = "ü" + ñame; x = 'ﬁ'; ﬁ = 1
if a:¶→b = """x¶  y"""¶→c
x = [¶  1,¶  2¶]
'''

EXPRESSIONS = r'''
a and b and c or d or not e
(a := b + 1)
a + b - c * d @ e / f % g // h ** i << j >> k | l ^ m & n
-a ** -b
~a, +b, -1, not c
lambda: a
lambda a, b=1, /, c=2, *d, e, f=3, **g: h
lambda *, a: (yield)
a if b else c if d else e
{}
{a: b, **c, 'd': e}
{a, b, *c}
[]
[a, *b]
()
(a,)
a,
(a, b)
*a, b
[a for b in c]
[a for b in c if d if e for f, g in h]
{a for b in c}
{a: b for c, d in e}
(a for b in c)
f(a for b in c)
f(a, *b, c, d=e, **f, g=h)
f(*a, *b, **c, **d)
f()()[0].x(1)(2)
a < b <= c == d != e > f >= g is h is not i in j not in k
f''
f'a{b}c{d!r:>{e}}{g!s}{h!a}'
f'{x=}{y = !s:3}{{}}' 'plain' rf'\n{z}'
f"{'nested' + f'{deep}'}"
u'text' 'more'
'text' u'more'
b'bytes' b'\x00\xff'
'é\t\'"' "x"
1, 0x1F, 0o17, 0b11, 1_000, 123456789012345678901234567890
1.5, 1e3, .5, 1_0.0_1, 2j, 1.5e-3J
None, True, False, ...
a.b.c
a[b]
a[b, c]
a[b:c]
a[:], a[::], a[b:], a[:c], a[::d], a[b:c:d]
a[b:c, d, *e]
a[*b]
a[(b, c)]
a[b := c]
(yield)
(yield a, b)
(yield from a)
(await_ + a)
((a))
(¶ a +¶ b¶)
"a" "b" \
"c"
'é' + x.y
"日本" % (a, b)
print(*a, sep='')
not a == b
a if b else lambda c: d
[*a, *b], {*a}, {**a}
(a)(b)[c]
'''


def lines(text):
    for line in text.strip("\n").split("\n"):
        yield line.replace("¶", "\n").replace("→", "\t")


def join(items):  # a line that ends with a backslash goes on in the next
    out = ""
    for item in items:
        out += item
        if item.endswith("\\"):
            out += "\n"
            continue
        yield out
        out = ""


decorated = None
for source in join(lines(STATEMENTS)):
    if source.startswith("@"):
        decorated = (decorated or "") + source + "\n"
        continue
    source, decorated = (decorated or "") + source, None
    print(">>", repr(source))
    print(ast.dump(ast.parse(source), include_attributes=True))
for source in join(lines(EXPRESSIONS)):
    print(">>", repr(source))
    tree = ast.parse(source, mode="eval") if not source.startswith("*") else ast.parse(source)
    print(ast.dump(tree, include_attributes=True))
    again = ast.unparse(tree)
    print("  ", again)
print(ast.dump(ast.parse("a; b\n", mode="single")))
print(ast.dump(ast.parse("if a:\n  b\n", mode="single"), indent=1))
print(ast.dump(ast.parse("# coding: latin-1\nx = 'é'".encode("latin-1"))))
print(ast.dump(ast.parse(bytearray(b"x = 1"))), ast.dump(compile(memoryview(b"y"), "f", "eval", 1024)))
