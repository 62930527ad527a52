# bool: construction, operators, printing, being an int.
def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__ + ":", e)
    else:
        print("no error:", r)


print(True, False, repr(True), str(False), f"{True}", f"{True:5}|{False:>6}|{True:d}", "%s %d %r" % (True, True, False))
print(bool(), bool(0), bool(1), bool(""), bool("a"), bool([]), bool([0]), bool(None), bool(0.0), bool(float("nan")), bool(0j), bool(10**30))
print(type(True), type(True).__mro__, isinstance(True, int), issubclass(bool, int), True is bool(5), False is (1 == 2))
for a in (True, False):
    print(not a, ~a, -a, +a, abs(a), int(a), float(a), complex(a), hash(a), a.real, a.imag, a.bit_length(), round(a), type(+a).__name__)
    for b in (True, False, 0, 1, 6):
        print(a & b, a | b, a ^ b, b & a, b | a, b ^ a, a == b, a < b, a + b, a * b, a - b, type(a & b).__name__, end="; ")
    print()
print(True / 2, True // 1, True % 1, True ** 3, True << 4, True >> 1, divmod(True, True), 2**True, [10, 20][True], "ab" * True)
print({True: "a", 1: "b", 1.0: "c"}, {0: "x", False: "y"}, True in [1], [1, 0].index(False), sum([True, True, False]), max(True, 2))
print(True == 1.0, True == 1 + 0j, True != "True", True < 1.5, sorted([True, False, 2, -1]), min(False, 0), True is True)
err(bool, 1, 2)
err(bool, x=1)
err(lambda: bool.__new__(int))
err(lambda: int.__new__(bool))
err(lambda: True + "a")
err(lambda: True & "a")
err(lambda: True | 1.5)
err(lambda: type("B", (bool,), {}))


class T:
    def __init__(self, v):
        self.v = v

    def __bool__(self):
        return self.v


class L:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


class E:
    pass


print(bool(T(True)), bool(T(False)), bool(L(0)), bool(L(3)), bool(E()), not L(0), "yes" if L(1) else "no")
err(bool, T(1))
err(bool, T("x"))
err(bool, L(-1))
print(True.to_bytes(1), True.as_integer_ratio(), bool.from_bytes(b"\0\1"), bool.from_bytes(b""), True.__and__(False), True.__and__(3), True.__ror__(4), True.__xor__(1.5))
print(True.__getnewargs__(), True.numerator, True.denominator, True.conjugate(), True.__index__(), hex(True), bin(False), True.__bool__())
print([x for x in (True, 1, False, 0) if x is True], all([]), any([0, True]), (True, False) < (True, True), True and 5, False or "z")
