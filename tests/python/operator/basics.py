import operator as op, copy
from _operator import _compare_digest
def err(f, *a, **k):
    try: print('no error', f(*a, **k))
    except Exception as e: print(type(e).__name__, e)
for n in 'add sub mul floordiv truediv mod pow lshift rshift and_ or_ xor lt le eq ne gt ge is_ is_not'.split(): print(n, getattr(op, n)(13, 3), end='; ')
print()
for n in 'neg pos abs invert inv not_ truth index'.split(): print(n, getattr(op, n)(5), end='; ')
print()
l = [1, 2]; print(op.iadd(l, [3]) is l, l, op.iconcat(l, [4]), op.concat('a', 'b'), op.concat([1], [2]), op.imul(l, 2), op.ipow(2, 3), op.isub(5, 2), op.iand(6, 3), op.ior(6, 1), op.ixor(6, 3), op.ilshift(1, 3), op.irshift(8, 1), op.ifloordiv(7, 2), op.itruediv(7, 2), op.imod(7, 4))
err(op.concat, 1, 2); err(op.concat, [1], 'a'); err(op.iconcat, 1, []); err(op.add, 1, 'a'); err(op.add, 1); err(op.index, 1.5)
d = {}; op.setitem(d, 1, 2); print(d, op.getitem(d, 1), op.contains(d, 1), op.delitem(d, 1), d); err(op.getitem, d, 3)
print(op.countOf([1, 2, 1, 1.0], 1), op.indexOf('abc', 'c'), op.length_hint([1, 2]), op.length_hint(iter('abc')), op.length_hint(3, 7), op.call(max, 1, 2, key=lambda x: -x)); err(op.indexOf, 'abc', 'z'); err(op.countOf, 3, 1); err(op.length_hint, 3, 'x'); err(op.contains, 3, 1)
i1, i2 = op.itemgetter(1), op.itemgetter(0, 2); print(i1('abc'), i2('abc'), i1, i2, op.itemgetter('k')({'k': 3}), op.itemgetter(slice(1, None))('abc')); err(i1, 'a'); err(i1); err(op.itemgetter); err(i1, 1, 2); err(i1, a=1); err(op.itemgetter, a=1)
class A: pass
a = A(); a.b = A(); a.b.c = 5; a.x = 1
g1, g2 = op.attrgetter('b.c'), op.attrgetter('x', 'b.c'); print(g1(a), g2(a), g1, g2); err(g1, 3); err(op.attrgetter, 3); err(op.attrgetter); err(op.attrgetter('x', 'nope'), a)
m = op.methodcaller('split', ',', maxsplit=1); print(m('a,b,c'), m, op.methodcaller('upper')('x'), op.methodcaller('upper')); err(op.methodcaller); err(op.methodcaller, 3); err(m); err(op.methodcaller('zz'), 3)
print(copy.copy(i2)('xyz'), copy.copy(g2)(a), copy.copy(m)('1,2,3'), i2.__reduce__(), g2.__reduce__(), op.methodcaller('f', 1).__reduce__())
print(_compare_digest('a', 'a'), _compare_digest(b'a', b'b'), _compare_digest(b'', bytearray()), _compare_digest('a', 'ab')); err(_compare_digest, 'é', 'é'); err(_compare_digest, 'a', b'a'); err(_compare_digest, 1, 2)
print(sorted([(1, 'b'), (0, 'a')], key=op.itemgetter(1)), op.add.__name__, op.add.__doc__, op.itemgetter.__module__)

# None takes part in unions of classes only
import operator as _op
for pair in ((None, None), (None, 1), (1, None), (None, "a")):
    try:
        print(_op.or_(*pair))
    except TypeError as e:
        print(e)
print(_op.or_(None, int), _op.or_(int, None), hasattr(None, "__or__"), hasattr(None, "__ror__"))
