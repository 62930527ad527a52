import math
def err(f, *a, **k):
    try: print('no error', f(*a, **k))
    except Exception as e: print(type(e).__name__, e)
vals = [0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 2.0, 1e-300, 1e300, -1e300, 710.0, math.inf, -math.inf, math.nan, 3, True, 10**20, 0.1, 170.6, -170.5, 5e-324, 171.7, -3.0, 30.5, 12.0]
for n in 'acos acosh asin asinh atan atanh cbrt ceil cos cosh degrees erf erfc exp exp2 expm1 fabs floor frexp gamma isfinite isinf isnan lgamma log log10 log1p log2 modf radians sin sinh sqrt tan tanh trunc ulp'.split():
    f = getattr(math, n); out = []
    for v in vals:
        try: out.append(repr(f(v)))
        except Exception as e: out.append(f'{type(e).__name__}:{e}')
    print(n, *out)
for n in 'atan2 copysign fmod nextafter pow remainder'.split():
    f = getattr(math, n); out = []
    for a in (0.0, -0.0, 1.0, -2.5, math.inf, math.nan, 1e300, 7):
        for b in (0.0, -0.0, 2.0, -0.5, math.inf, -math.inf, math.nan, 3):
            try: out.append(repr(f(a, b)))
            except Exception as e: out.append(type(e).__name__ + str(e)[:6])
    print(n, *out)
for a in ((1.5, 3), (1.0, 5000), (1.0, -5000), (0.0, 10**30), (1.0, 10**30), (-1.0, -10**30), (math.inf, 5)): err(math.ldexp, *a)
err(math.ldexp, 1.0, 1.5)
print(math.gcd(), math.gcd(12), math.gcd(12, -18), math.gcd(0, 0), math.gcd(2**100, 6**50, 4), math.lcm(), math.lcm(4, 6), math.lcm(0, 5), math.lcm(-3, 7, 2**70)); err(math.gcd, 1.0); err(math.lcm, 'a')
print([math.isqrt(i) for i in (0, 1, 3, 4, 99, 2**62, 2**64 - 1, 10**40, 10**40 - 1, (3**200)**2, (3**200)**2 - 1)]); err(math.isqrt, -1); err(math.isqrt, 2.0)
print([math.factorial(i) for i in (0, 1, 5, 20, 21, 25, 50)], math.factorial(1000) % 10**9 + 7, math.factorial(1000) // math.factorial(998)); err(math.factorial, -1); err(math.factorial, 5.0); err(math.factorial, 10**30)
print([math.comb(n, k) for n, k in ((0, 0), (5, 2), (5, 6), (52, 5), (100, 50), (200, 3), (67, 33), (68, 34), (10**30, 2), (1000, 998))], [math.perm(*a) for a in ((5,), (5, 2), (5, 6), (5, None), (100, 20), (10**25, 3), (4, 0))]); err(math.comb, -1, 2); err(math.comb, 2, -1); err(math.comb, 1.5, 1); err(math.perm, -1); err(math.perm, 3, -1); err(math.comb, 10**50, 10**40); err(math.perm, 10**50, 10**40)
print(math.fsum([0.1] * 10), math.fsum([1e100, 1, -1e100]), math.fsum([]), math.fsum([math.inf, 1]), math.fsum([math.nan]), math.fsum([2.0**53, 1.0, 2.0**-100]), math.fsum([1, 1e-16, 1e-16])); err(math.fsum, [math.inf, -math.inf]); err(math.fsum, [1e308, 1e308]); err(math.fsum, ['a']); err(math.fsum, 3)
print(math.prod([1, 2, 3]), math.prod([], start=5), math.prod([1.5, 2]), math.prod(range(1, 30))); err(math.prod, 3); err(math.prod, ['a', 'b'])
print(math.hypot(), math.hypot(3, 4), math.hypot(-5), math.hypot(1, 2, 3), math.hypot(1e200, 1e200), math.hypot(1e-320, 1e-320), math.hypot(math.inf, math.nan), math.hypot(math.nan, 1), math.dist([1, 2], (4, 6)), math.dist([], []), [math.hypot(x / 7, 1 / (x + 3)) for x in range(8)]); err(math.dist, [1], [1, 2]); err(math.dist, 3, [1]); err(math.hypot, 'a')
print(math.isclose(1, 1 + 1e-10), math.isclose(1, 1.1), math.isclose(1, 1.1, rel_tol=.2), math.isclose(0, 1e-10, abs_tol=1e-9), math.isclose(math.inf, math.inf), math.isclose(math.nan, math.nan)); err(math.isclose, 1, 1, rel_tol=-1); err(math.isclose, 1)
print(math.log(8, 2), math.log(10**400), math.log2(2**2000), math.log10(10**500), math.log(10**400, 10)); err(math.log, 0); err(math.log, -10**400); err(math.log, 2, 1); err(math.log); err(math.log, 1, 2, 3); err(math.log, 'x')
class C:
    def __floor__(s): return 'f'
    def __ceil__(s): return 'c'
    def __trunc__(s): return 't'
    def __float__(s): return 2.5
print(math.floor(C()), math.ceil(C()), math.trunc(C()), math.sqrt(C()), math.floor(10**30), math.ceil(-2.5), math.floor(1e20)); err(math.trunc, 'x'); err(math.floor, 'x'); err(math.floor, math.nan); err(math.ceil, math.inf); err(math.sin); err(math.sin, 1, 2); err(math.atan2, 1)
print(math.pi, math.e, math.tau, math.inf, math.nan)
