# SPDX-License-Identifier: MIT
# match: literals, captures, sequences, mappings, or, guards, as.
def m(x):
    match x:
        case 0 | 1 | 2: return 'small'
        case -5: return 'minus five'
        case 1.5: return 'float'
        case -1 + 2j: return 'complex'
        case 'text' "more": return 'str'
        case b'b': return 'bytes'
        case None: return 'none'
        case True: return 'true'
        case False: return 'false'
        case []: return 'empty seq'
        case [x]: return ('one', x)
        case [1, *rest, 9]: return ('1..9', rest)
        case [a, b]: return ('two', a, b)
        case (1 | 2, [c, *_], *d): return ('nested', c, d)
        case [*_, last] if last == 'L': return 'last L'
        case [_, _, _, *_]: return 'three or more'
        case {'type': 'a', **rest}: return ('map a', rest)
        case {'type': ('b' | 'c') as t, 'val': v}: return ('map b/c', t, v)
        case {1: {2: [y, z]}}: return ('deep', y, z)
        case {}: return 'any map'
        case str() as s: return ('str', s)
        case int(i): return ('int', i)
        case float() | complex(): return 'number'
        case _: return 'other'
for v in (0, 1, 2, True, False, 3, -5, 1.5, 2.5, -1 + 2j, 1j, 'textmore', 'q', b'b', b'c', bytearray(b'b'), None, [], (), [5], 'x', [1, 9], [1, 5, 6, 9], [3, 4], (1, 'ab', 3), (1, ['c', 'd'], 3, 4), [2, 'L', 'L'], [5, 6, 'L'], (7, 8, 9), range(3), range(1), {'type': 'a', 'k': 1}, {'type': 'b', 'val': 2}, {'type': 'b'}, {1: {2: (3, 4)}}, {}, {9: 9}, set(), 10**30, object):
    print(repr(v), '->', m(v))
def scope():
    match 5:
        case x if x > 10: pass
    print('x' in locals(), x)
    match (1, 2):
        case (a, 3): pass
        case _: print('a' in locals())
    match [1, [2, 3]]:
        case [p, [q, 4]]: pass
        case [p, [q, r]]: print(p, q, r)
scope()
class P:
    __match_args__ = ('x', 'y')
    def __init__(self, x, y): self.x, self.y = x, y
class Q(P): __match_args__ = ()
class Z: z = 0
for v in (P(1, 2), P(0, 5), Q(3, 4), Z(), 5):
    match v:
        case P(0, y): print('x zero', y)
        case P(x=1, y=yy): print('kw', yy)
        case P(x, y) if not isinstance(v, Q): print('pos', x, y)
        case P(x=xx): print('only x', xx)
        case Z(z=0 as k): print('Z', k)
        case _: print('none')
import types
ns = types.SimpleNamespace(A=1, B=types.SimpleNamespace(C='c'))
for v in (1, 'c', 2):
    match v:
        case ns.A: print('A')
        case ns.B.C: print('C')
        case other: print('other', other)
match 1, 2:
    case 1, x: print(x)
match *[1, 2], 3:
    case [*all]: print(all)
match = 5; case = 6; _ = 7
match[match] if 0 else print(match, case, _)
match (match):
    case case: print(case)
print([match for match in range(2)])
match x := 3:
    case 3: print('walrus', x)
match {'a': 1}:
    case {'b': 2}: pass
    case _: print(_)
