# SPDX-License-Identifier: MIT
# Order of __op__, __rop__ and __iop__, with subclasses and NotImplemented.
import operator
log = []
ops = ['add', 'sub', 'mul', 'matmul', 'truediv', 'floordiv', 'mod', 'divmod', 'pow', 'lshift', 'rshift', 'and', 'xor', 'or']
def make(name, ret, bases=(object,), kinds=('', 'r', 'i')):
    ns = {}
    for op in ops:
        for k in kinds:
            if op == 'divmod' and k == 'i': continue
            def f(self, other, _n=f'__{k}{op}__'):
                log.append(f'{name}.{_n}')
                return ret
            ns[f'__{k}{op}__'] = f
    return type(name, bases, ns)
A = make('A', NotImplemented); B = make('B', 'B!'); AS = make('AS', NotImplemented, (A,)); N = type('N', (), {})
R = make('R', 'R!', (A,), ('r',)); I = make('I', NotImplemented, (object,), ('i',))
import builtins
fns = {op: divmod if op == 'divmod' else getattr(operator, {'and': 'and_', 'or': 'or_'}.get(op, op)) for op in ops}
for l, r in ((A(), B()), (B(), A()), (A(), A()), (A(), AS()), (AS(), A()), (A(), R()), (N(), B()), (B(), N()), (N(), A()), (A(), 1), (1, A()), (1, B()), (N(), N()), (1.5, A()), ('s', B()), ([], B())):
    for op in ops:
        log.clear()
        try: res = fns[op](l, r)
        except TypeError as e: res = str(e)
        print(type(l).__name__, op, type(r).__name__, res, log)
for l, r in ((A(), B()), (I(), B()), (I(), N()), (N(), A()), (1, B()), (I(), 1), ([1], A()), (B(), 1)):
    for op in ops:
        if op == 'divmod': continue
        log.clear()
        try: res = getattr(operator, 'i' + op)(l, r)
        except TypeError as e: res = str(e)
        print(type(l).__name__, 'i' + op, type(r).__name__, res, log)
log.clear()
try: pow(A(), 1, 2)
except TypeError as e: print(e, log)
try: pow(1, A(), 2)
except TypeError as e: print(e, log)
try: pow(2, 3, A())
except TypeError as e: print(e, log)
try: print(pow(B(), 1, 2))
except TypeError as e: print(e)
class None_:
    __add__ = None
    __radd__ = None
for s in ('None_() + 1', '1 + None_()', 'None_() - 1'):
    try: eval(s)
    except TypeError as e: print(e)
for s in ('-N()', '+N()', '~N()', 'abs(N())', 'N() < N()', 'N() @ 1', 'print >> 1', 'print << 1', '1 + ""', '"" + 1', '[] + ()', '() + []', '"a" * "b"', '{} | []', '{1} | [1]', '{} + {}', 'b"" + ""', '"" + b""', 'None + 1', '1.5 & 1', 'object() < 1', '[1] < (1,)', '"a" < 1', '1j < 2', 'len < 1', '"a" - "b"', '"%d" % "x"', '1 << 1.0', '-"a"', '~1.5', '+[]', 'not N()'):
    try: print(s, eval(s))
    except TypeError as e: print(s, e)
