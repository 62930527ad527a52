# SPDX-License-Identifier: MIT
# __reduce_ex__ with protocols 0 to 5, copyreg, copy.
import copyreg, copy
def t(f, *a):
    try: print(show(f(*a)))
    except Exception as e: print(type(e).__name__, str(e).split(' at 0x')[0])
def show(r): return repr(r).replace('<function ', '<f ').split(' at 0x')[0] if not isinstance(r, tuple) else '(' + ', '.join(show(x) for x in r) + ')'
class Plain:
    def __init__(self): self.a = 1
class Slots: __slots__ = ('x', 'y')
class SlotsDict(Slots): pass
class NewArgs:
    def __new__(cls, *a): return object.__new__(cls)
    def __getnewargs__(self): return (1, 2)
class NewArgsEx:
    def __getnewargs_ex__(self): return (1,), {'k': 2}
class State:
    def __getstate__(self): return {'state': 5}
class BadNew:
    def __getnewargs__(self): return [1]
class BadEx:
    def __getnewargs_ex__(self): return 1
class BadEx2:
    def __getnewargs_ex__(self): return (1,), 5
class L(list): pass
class D(dict): pass
class T(tuple): pass
class I(int): pass
class S(str): pass
class Red:
    def __reduce__(self): return (Red, ())
class RedEx:
    def __reduce_ex__(self, p): return ('proto', p)
s = Slots(); s.x = 1
sd = SlotsDict(); sd.y = 2; sd.z = 3
l = L([1, 2]); l.attr = 'a'
for o in (Plain(), s, sd, NewArgs(), NewArgsEx(), State(), BadNew(), BadEx(), BadEx2(), l, D(a=1), T((1,)), I(5), S('s'), Red(), RedEx(), object(), 5, 'a', None, [1], {1: 2}, (1,), {1}, frozenset({1}), range(3), slice(1), 1.5, 1j, b'b', bytearray(b'q'), Plain, len, [].append, iter([1]), (x for x in ()), Exception('e'), KeyError('k'), property(), type(None), lambda: 0, super(Plain, Plain()), zip(), ..., NotImplemented):
    print('---', type(o).__name__)
    for p in (0, 1, 2, 3, 4, 5):
        if p in (0, 2, 4) or type(o).__name__ in ('Plain', 'RedEx', 'NewArgsEx'): t(o.__reduce_ex__, p)
t(Plain().__reduce__); t(s.__reduce__); t(object().__reduce_ex__, 'x'); t(object().__reduce_ex__, 2**70); t(object().__reduce_ex__)
t(s.__getstate__); t(sd.__getstate__); t(Plain().__getstate__); t((5).__getstate__); t(l.__getstate__); t(object().__getstate__)
print(copyreg.__newobj__(list, [1]), copyreg._reconstructor(Plain, object, None).__class__.__name__, copyreg.__newobj_ex__(dict, (), {'a': 1}))
class Cx: pass
copyreg.pickle(Cx, lambda c: (Cx, ())); print(copyreg.dispatch_table[Cx](Cx())[1])
t(copyreg.pickle, Cx, 5); t(copyreg.constructor, 5)
t(copyreg.add_extension, 'm', 'n', 0); copyreg.add_extension('m', 'n', 500); t(copyreg.add_extension, 'm', 'x', 500); copyreg.remove_extension('m', 'n', 500)
print(copyreg._slotnames(SlotsDict), Slots.__slots__)
for o in (Plain(), s, sd, l, D(a=[1]), T(([],)), I(5), [1, [2]], {1: [2]}, {1}, Red(), (1, [2]), 'a', None, Plain, len):
    c, d = copy.copy(o), copy.deepcopy(o)
    print(type(c).__name__, c is o, type(d).__name__, d is o, getattr(c, '__dict__', None) if isinstance(o, (Plain, list)) and o is not Plain else '')
a = [1]; a.append(a); b = copy.deepcopy(a); print(b[1] is b, b is not a)
class DC:
    def __copy__(self): return 'copied'
    def __deepcopy__(self, memo): return 'deep', type(memo).__name__
print(copy.copy(DC()), copy.deepcopy(DC()), copy.deepcopy([DC()]))
class NoRed:
    def __reduce_ex__(self, p): raise TypeError('no reduce')
t(copy.copy, NoRed()); t(copy.deepcopy, NoRed()); t(copy.copy, (x for x in ()))
e = ValueError('v', 1); e.extra = 5; e2 = copy.copy(e); print(e2.args, e2.extra, type(e2).__name__)
