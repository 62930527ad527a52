# SPDX-License-Identifier: MIT
# Rich comparison: reflection, subclass priority, NotImplemented, hash.
log = []
def mk(name, ret, bases=(object,)):
    def f(op):
        def m(self, o):
            log.append(f'{name}.{op}({type(o).__name__})'); return ret
        return m
    return type(name, bases, {f'__{o}__': f(o) for o in ('lt', 'le', 'eq', 'ne', 'gt', 'ge')})
A = mk('A', NotImplemented); B = mk('B', 'B'); S = mk('S', NotImplemented, (A,)); L = mk('L', [])
import operator as op
for l, r in ((A(), B()), (B(), A()), (A(), A()), (A(), S()), (S(), A()), (1, A()), (A(), 1), (L(), 1), (1, L()), ('a', B()), ([1], B()), (None, A()), (object(), A())):
    for o in ('lt', 'le', 'eq', 'ne', 'gt', 'ge'):
        log.clear()
        try: r2 = getattr(op, o)(l, r)
        except TypeError as e: r2 = e
        print(type(l).__name__, o, type(r).__name__, r2, log)
class E:
    def __eq__(self, o): return True
print(E.__hash__, E() != E(), E() == 5, 5 == E())
try: hash(E())
except TypeError as e: print(e)
class H(E):
    __hash__ = object.__hash__
print(isinstance(hash(H()), int))
class NE:
    def __ne__(self, o): return 'ne'
print(NE() == NE(), NE() != NE())
class EQ:
    def __eq__(self, o): return NotImplemented
x = EQ()
print(x == x, x != x, x == EQ(), x != EQ())
class EQ2:
    def __eq__(self, o): return 0
print(EQ2() != 1, EQ2() == 1)
class BoolErr:
    def __eq__(self, o):
        class X:
            def __bool__(self): raise ValueError('no bool')
        return X()
try: BoolErr() != 1
except ValueError as e: print(e)
try: print([BoolErr()] == [BoolErr()])
except ValueError as e: print(e)
b = BoolErr()
print([b] == [b], b in [b], (b,) == (b,), {1: b} == {1: b})
try: 1 in [b]
except ValueError as e: print(e)
nan = float('nan')
print(nan == nan, [nan] == [nan], nan in [nan], (nan,) < (nan,), {nan: 1} == {nan: 1}, [nan].count(nan), [nan].index(nan))
print(1 < 2 < 3 < 2, 1 < 3 > 2, 3 > 2 == 2)
def v(x): log.append(x); return x
log.clear(); print(v(1) < v(0) < v(5), log); log.clear(); print(v(1) < v(2) < v(5), log)
print((1, 2) < (1, 2, 3), [1, 2] > [1], [] < [0], (2,) > (1, 9), 'a' < 'ab', b'a' < b'b', {1} < {1, 2}, {1} < {2}, frozenset() <= set())
print(range(3) == range(0, 3), range(0) == range(5, 5), range(0, 3, 2) == range(0, 4, 2), slice(1) == slice(1), slice(1) < slice(2))
print(1 == 1.0 == True == 1 + 0j, 2**53 + 1 == float(2**53), 2**53 < 2**53 + 0.5, 10**400 > 1e308, 10**400 < float('inf'), -10**400 > float('-inf'), 1 < nan, 10**400 == nan)
print(sorted([3, 1.5, True, 2**70, -1e300]), max(1, 1.0), max(1.0, 1), min(True, 1), max('ab', 'b', key=len), min([], default=None))
try: sorted([1, 'a', 2])
except TypeError as e: print(e)
try: max(1, None)
except TypeError as e: print(e)
try: [1, 'a'] < ['b', 2]
except TypeError as e: print(e)
try: (1, {}) < (1, {})
except TypeError as e: print(e)
print((1, {}) == (1, {}), (1, {}) <= (2, {}))
