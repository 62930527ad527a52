// SPDX-License-Identifier: MIT
// The module math: functions of floats. Those of integers are in math_int.c, sums and norms in
// math_sum.c.
#include <errno.h>
#include <float.h>
#include <math.h>

#include "modules/math.h"
#include "modules/modules.h"
#include "object/error.h"
#include "object/float.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

typedef double (*Fn1)(double);

static QvObj *domain_error(QvInterp *qi)
{
    return qv_raise(qi, &qv_exc_ValueError, "math domain error");
}
static QvObj *range_error(QvInterp *qi)
{
    return qv_raise(qi, &qv_exc_OverflowError, "math range error");
}

// f(x) with Python's errors: a nan out of something else is a domain error; an infinity out of a
// finite number is a range error where f can overflow, else a domain error too (a pole).
static QvObj *call1(QvInterp *qi, QvObj *arg, Fn1 f, bool can_overflow)
{
    double x;
    if (qv_as_double(qi, arg, &x) < 0) {
        return NULL;
    }
    double r = f(x);
    if (isnan(r) && !isnan(x)) {
        return domain_error(qi);
    }
    if (isinf(r) && isfinite(x)) {
        return can_overflow ? range_error(qi) : domain_error(qi);
    }
    return qv_float_new(qi, r);
}

#define FN1(name, fn, can_overflow)                                                      \
    static QvObj *math_##name(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs) \
    {                                                                                    \
        (void)m, (void)nargs;                                                            \
        return call1(qi, args[0], fn, can_overflow);                                     \
    }
FN1(acos, acos, false)
FN1(acosh, acosh, false)
FN1(asin, asin, false)
FN1(asinh, asinh, false)
FN1(atan, atan, false)
FN1(atanh, atanh, false)
FN1(cbrt, cbrt, false)
FN1(cos, cos, false)
FN1(cosh, cosh, true)
FN1(exp, exp, true)
FN1(exp2, exp2, true)
FN1(expm1, expm1, true)
FN1(fabs, fabs, false)
FN1(log1p, log1p, false)
FN1(sin, sin, false)
FN1(sinh, sinh, true)
FN1(sqrt, sqrt, false)
FN1(tan, tan, false)
FN1(tanh, tanh, false)
FN1(erf, erf, false)
FN1(erfc, erfc, false)

// Two float arguments. 0/-1.
static int two(QvInterp *qi, QvObj *const *args, double *x, double *y)
{
    return qv_as_double(qi, args[0], x) < 0 || qv_as_double(qi, args[1], y) < 0 ? -1 : 0;
}

#define FUNCTION(name) \
    static QvObj *math_##name(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)

FUNCTION(atan2)
{
    (void)m, (void)nargs;
    double y, x;
    return two(qi, args, &y, &x) < 0 ? NULL : qv_float_new(qi, atan2(y, x));
}

FUNCTION(copysign)
{
    (void)m, (void)nargs;
    double x, y;
    return two(qi, args, &x, &y) < 0 ? NULL : qv_float_new(qi, copysign(x, y));
}

FUNCTION(fmod)
{
    (void)m, (void)nargs;
    double x, y;
    if (two(qi, args, &x, &y) < 0) {
        return NULL;
    }
    if (isinf(y) && isfinite(x)) {
        return qv_float_new(qi, x);
    }
    double r = fmod(x, y);
    return isnan(r) && !isnan(x) && !isnan(y) ? domain_error(qi) : qv_float_new(qi, r);
}

FUNCTION(remainder)
{
    (void)m, (void)nargs;
    double x, y;
    if (two(qi, args, &x, &y) < 0) {
        return NULL;
    }
    double r = remainder(x, y);
    return isnan(r) && !isnan(x) && !isnan(y) ? domain_error(qi) : qv_float_new(qi, r);
}

FUNCTION(nextafter)
{
    (void)m, (void)nargs;
    double x, y;
    return two(qi, args, &x, &y) < 0 ? NULL : qv_float_new(qi, nextafter(x, y));
}

FUNCTION(pow)
{
    (void)m, (void)nargs;
    double x, y;
    if (two(qi, args, &x, &y) < 0) {
        return NULL;
    }
    double r = pow(x, y);
    if (isfinite(x) && isfinite(y)) {
        if (isnan(r) || (isinf(r) && x == 0.0)) {
            return domain_error(qi);
        }
        if (isinf(r)) {
            return range_error(qi);
        }
    }
    return qv_float_new(qi, r);
}

FUNCTION(ulp)
{
    (void)m, (void)nargs;
    double x;
    if (qv_as_double(qi, args[0], &x) < 0) {
        return NULL;
    }
    x = fabs(x);
    if (!isfinite(x)) {
        return qv_float_new(qi, x);
    }
    double next = nextafter(x, INFINITY);
    return qv_float_new(qi, isinf(next) ? x - nextafter(x, -INFINITY) : next - x);
}

FUNCTION(degrees)
{
    (void)m, (void)nargs;
    double x;
    return qv_as_double(qi, args[0], &x) < 0 ? NULL : qv_float_new(qi, x * (180.0 / M_PI));
}

FUNCTION(radians)
{
    (void)m, (void)nargs;
    double x;
    return qv_as_double(qi, args[0], &x) < 0 ? NULL : qv_float_new(qi, x * (M_PI / 180.0));
}

FUNCTION(isfinite)
{
    (void)m, (void)nargs;
    double x;
    return qv_as_double(qi, args[0], &x) < 0 ? NULL : qv_bool(isfinite(x));
}
FUNCTION(isinf)
{
    (void)m, (void)nargs;
    double x;
    return qv_as_double(qi, args[0], &x) < 0 ? NULL : qv_bool(isinf(x));
}
FUNCTION(isnan)
{
    (void)m, (void)nargs;
    double x;
    return qv_as_double(qi, args[0], &x) < 0 ? NULL : qv_bool(isnan(x));
}

FUNCTION(isclose)
{
    (void)m, (void)nargs;
    double a, b, rel = 1e-9, abs = 0.0;
    if (two(qi, args, &a, &b) < 0 || (args[2] && qv_as_double(qi, args[2], &rel) < 0) ||
        (args[3] && qv_as_double(qi, args[3], &abs) < 0)) {
        return NULL;
    }
    if (rel < 0 || abs < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "tolerances must be non-negative");
    }
    if (a == b) {
        return QV_TRUE;
    }
    if (isinf(a) || isinf(b)) {
        return QV_FALSE;
    }
    double diff = fabs(b - a);
    return qv_bool(diff <= fabs(rel * b) || diff <= fabs(rel * a) || diff <= abs);
}

static QvObj *pair(QvInterp *qi, QV_STOLEN QvObj *a, QV_STOLEN QvObj *b)
{
    QvObj *t = qv_tuple_of(qi, 2, a, b);
    qv_xdecref(qi, a);
    qv_xdecref(qi, b);
    return t;
}

FUNCTION(frexp)
{
    (void)m, (void)nargs;
    double x;
    if (qv_as_double(qi, args[0], &x) < 0) {
        return NULL;
    }
    int e = 0;
    double r = isfinite(x) && x != 0 ? frexp(x, &e) : x;
    return pair(qi, qv_float_new(qi, r), qv_int_from_i64(qi, e));
}

FUNCTION(modf)
{
    (void)m, (void)nargs;
    double x, whole;
    if (qv_as_double(qi, args[0], &x) < 0) {
        return NULL;
    }
    double fraction = modf(x, &whole);
    return pair(qi, qv_float_new(qi, fraction), qv_float_new(qi, whole));
}

FUNCTION(ldexp)
{
    (void)m, (void)nargs;
    double x;
    if (qv_as_double(qi, args[0], &x) < 0) {
        return NULL;
    }
    if (!qv_is_int(args[1])) {
        return qv_raise(qi, &qv_exc_TypeError, "Expected an int as second argument to ldexp.");
    }
    int64_t e;
    if (!qv_int_as_i64(args[1], &e)) {
        e = qv_int_sign(args[1]) < 0 ? INT64_MIN : INT64_MAX;
    }
    if (x == 0 || !isfinite(x)) {
        return qv_float_new(qi, x);
    }
    if (e > INT32_MAX) {
        return range_error(qi);
    }
    double r = e < INT32_MIN ? copysign(0.0, x) : ldexp(x, (int)e);
    return isinf(r) ? range_error(qi) : qv_float_new(qi, r);
}

// ---- logarithms ---------------------------------------------------------------------------------

// f of an int that may be too large for a float: mantissa and exponent apart. 0/-1.
static int log_of(QvInterp *qi, QvObj *arg, Fn1 f, double *ret)
{
    double x;
    if (qv_is_int(arg)) {
        if (qv_int_sign(arg) <= 0) {
            domain_error(qi);
            return -1;
        }
        if (qv_int_to_double(qi, arg, &x) == 0) {
            *ret = f(x);
            return 0;
        }
        if (!qv_err_matches(qi, &qv_exc_OverflowError)) {
            return -1;
        }
        qv_err_clear(qi);
        // Shift so that the rest is a float of full precision.
        int64_t shift = (int64_t)qv_int_bit_length(arg) - 64;
        QvObj *by = qv_int_from_i64(qi, shift), *top = by ? qv_int_rshift(qi, arg, by) : NULL;
        int status = top ? qv_int_to_double(qi, top, &x) : -1;
        qv_xdecref(qi, by);
        qv_xdecref(qi, top);
        if (status == 0) {
            int e;
            x = frexp(x, &e);
            *ret = f(x) + f(2.0) * (double)(shift + e);
        }
        return status;
    }
    if (qv_as_double(qi, arg, &x) < 0) {
        return -1;
    }
    if (isfinite(x) ? x <= 0 : !isnan(x) && x < 0) {
        domain_error(qi);
        return -1;
    }
    *ret = f(x);
    return 0;
}

FUNCTION(log)
{
    (void)m;
    double x, base;
    if (nargs < 1 || nargs > 2) {
        return qv_raise(qi, &qv_exc_TypeError, "math.log requires 1 to 2 arguments");
    }
    if (log_of(qi, args[0], log, &x) < 0) {
        return NULL;
    }
    if (nargs < 2) {
        return qv_float_new(qi, x);
    }
    if (log_of(qi, args[1], log, &base) < 0) {
        return NULL;
    }
    if (base == 0) {
        return qv_raise(qi, &qv_exc_ZeroDivisionError, "float division by zero");
    }
    return qv_float_new(qi, x / base);
}

FUNCTION(log2)
{
    (void)m, (void)nargs;
    double x = 0.0;
    return log_of(qi, args[0], log2, &x) < 0 ? NULL : qv_float_new(qi, x);
}
FUNCTION(log10)
{
    (void)m, (void)nargs;
    double x = 0.0;
    return log_of(qi, args[0], log10, &x) < 0 ? NULL : qv_float_new(qi, x);
}

// ---- gamma --------------------------------------------------------------------------------------
// The Lanczos approximation with 13 terms and g = 6.0246..., whose coefficients are published with
// Boost. CPython uses it too, so the last digits agree, which the C library's tgamma would not
// give.

#define LANCZOS_N 13
static const double lanczos_g = 6.024680040776729583740234375;
static const double lanczos_g_minus_half = 5.524680040776729583740234375;
static const double lanczos_num[LANCZOS_N] = {
    23531376880.410759688572007674451636754734846804940,
    42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843,
    17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708,
    1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801,
    31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768,
    186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024,
    210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408,
};
static const double lanczos_den[LANCZOS_N] = {
    0.0,       39916800.0, 120543840.0, 150917976.0, 105258076.0, 45995730.0, 13339535.0,
    2637558.0, 357423.0,   32670.0,     1925.0,      66.0,        1.0,
};

static double lanczos_sum(double x)
{
    double num = 0, den = 0;
    if (x < 5) {
        for (int i = LANCZOS_N; --i >= 0;) {
            num = num * x + lanczos_num[i];
            den = den * x + lanczos_den[i];
        }
    } else {
        for (int i = 0; i < LANCZOS_N; i++) {
            num = num / x + lanczos_num[i];
            den = den / x + lanczos_den[i];
        }
    }
    return num / den;
}

// sin(pi * x), exact where that is.
static double sin_pi(double x)
{
    double y = fmod(fabs(x), 2.0), r;
    switch ((int)round(2.0 * y)) {
    case 0: r = sin(M_PI * y); break;
    case 1: r = cos(M_PI * (y - 0.5)); break;
    case 2: r = sin(M_PI * (1.0 - y)); break;
    case 3: r = -cos(M_PI * (y - 1.5)); break;
    default: r = sin(M_PI * (y - 2.0)); break;
    }
    return copysign(1.0, x) * r;
}

FUNCTION(gamma)
{
    (void)m, (void)nargs;
    double x;
    if (qv_as_double(qi, args[0], &x) < 0) {
        return NULL;
    }
    if (!isfinite(x)) {
        return isinf(x) && x < 0 ? domain_error(qi) : qv_float_new(qi, x);
    }
    if (x == 0) {
        return domain_error(qi);
    }
    if (x == floor(x)) {
        if (x < 0) {
            return domain_error(qi);
        }
        if (x <= 23) {
            double r = 1;
            for (int k = 2; k < (int)x; k++) {
                r *= k;
            }
            return qv_float_new(qi, r);
        }
    }
    double absx = fabs(x), r;
    if (absx < 1e-20) {
        r = 1.0 / x;
        return isinf(r) ? range_error(qi) : qv_float_new(qi, r);
    }
    if (absx > 200) {
        return x < 0 ? qv_float_new(qi, 0.0 / sin_pi(x)) : range_error(qi);
    }
    double y = absx + lanczos_g_minus_half, z;
    // The rounding error of y, so that it can be put right below.
    if (absx > lanczos_g_minus_half) {
        double q = y - absx;
        z = q - lanczos_g_minus_half;
    } else {
        double q = y - lanczos_g_minus_half;
        z = q - absx;
    }
    z = z * lanczos_g / y;
    if (x < 0) {
        r = -M_PI / sin_pi(absx) / absx * exp(y) / lanczos_sum(absx);
        r -= z * r;
        if (absx < 140) {
            r /= pow(y, absx - 0.5);
        } else {
            double root = pow(y, absx / 2 - 0.25);
            r /= root;
            r /= root;
        }
    } else {
        r = lanczos_sum(absx) / exp(y);
        r += z * r;
        if (absx < 140) {
            r *= pow(y, absx - 0.5);
        } else {
            double root = pow(y, absx / 2 - 0.25);
            r *= root;
            r *= root;
        }
    }
    return isinf(r) ? range_error(qi) : qv_float_new(qi, r);
}

FUNCTION(lgamma)
{
    (void)m, (void)nargs;
    double x, r;
    if (qv_as_double(qi, args[0], &x) < 0) {
        return NULL;
    }
    if (!isfinite(x)) {
        return qv_float_new(qi, isnan(x) ? x : INFINITY);
    }
    if (x == floor(x) && x <= 2) {
        return x <= 0 ? domain_error(qi) : qv_float_new(qi, 0.0);
    }
    double absx = fabs(x);
    if (absx < 1e-20) {
        return qv_float_new(qi, -log(absx));
    }
    r = log(lanczos_sum(absx)) - lanczos_g;
    r += (absx - 0.5) * (log(absx + lanczos_g - 0.5) - 1);
    if (x < 0) {
        r = 1.144729885849400174143427351353058711647 - log(fabs(sin_pi(absx))) - log(absx) - r;
    }
    return isinf(r) ? range_error(qi) : qv_float_new(qi, r);
}

// ---- to integers --------------------------------------------------------------------------------

static QvObj *rounded(QvInterp *qi, QvObj *o, QvObj *name, Fn1 f)
{
    if (!qv_is_float_exact(o)) {
        QvObj *method = NULL;
        int found = qv_lookup_special(qi, o, name, &method);
        if (found < 0) {
            return NULL;
        }
        if (found) {
            QvObj *r = qv_call0(qi, method);
            qv_decref(qi, method);
            return r;
        }
    }
    double x;
    return qv_as_double(qi, o, &x) < 0 ? NULL : qv_int_from_double(qi, f(x));
}

FUNCTION(ceil)
{
    (void)m, (void)nargs;
    return rounded(qi, args[0], QV_N(__ceil__), ceil);
}
FUNCTION(floor)
{
    (void)m, (void)nargs;
    return rounded(qi, args[0], QV_N(__floor__), floor);
}
FUNCTION(trunc)
{
    (void)m, (void)nargs;
    if (qv_is_float_exact(args[0])) {
        return qv_int_from_double(qi, qv_float_value(args[0]));
    }
    QvObj *method = NULL;
    int found = qv_lookup_special(qi, args[0], QV_N(__trunc__), &method);
    if (found <= 0) {
        return found < 0 ? NULL
                         : qv_raise(qi, &qv_exc_TypeError,
                                    "type %.100T doesn't define __trunc__ method", args[0]);
    }
    QvObj *r = qv_call0(qi, method);
    qv_decref(qi, method);
    return r;
}

static int init(QvInterp *qi, QvObj *m)
{
    static const struct {
        const char *name;
        double value;
    } constants[] = {{"pi", M_PI}, {"e", M_E}, {"tau", 2 * M_PI}, {"inf", INFINITY}, {"nan", NAN}};
    for (size_t k = 0; k < sizeof constants / sizeof constants[0]; k++) {
        if (qv_module_add_take(qi, m, constants[k].name, qv_float_new(qi, constants[k].value)) <
            0) {
            return -1;
        }
    }
    return 0;
}

#define ROW1(name, doc)                            \
    {                                              \
#name, math_##name, "($module, x, /)", doc \
    }
static const QvNativeDef functions[] = {
    ROW1(acos,
         "Return the arc cosine (measured in radians) of x.\n\nThe result is between 0 and pi."),
    ROW1(acosh, "Return the inverse hyperbolic cosine of x."),
    ROW1(
        asin,
        "Return the arc sine (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2."),
    ROW1(asinh, "Return the inverse hyperbolic sine of x."),
    ROW1(atan, "Return the arc tangent (measured in radians) of x.\n\nThe result is between -pi/2 "
               "and pi/2."),
    {"atan2", math_atan2, "($module, y, x, /)",
     "Return the arc tangent (measured in radians) of y/x.\n\nUnlike atan(y/x), the signs of both "
     "x and y are considered."},
    ROW1(atanh, "Return the inverse hyperbolic tangent of x."),
    ROW1(cbrt, "Return the cube root of x."),
    ROW1(ceil, "Return the ceiling of x as an Integral.\n\nThis is the smallest integer >= x."),
    {"comb", qv_math_comb, "($module, n, k, /)",
     "Number of ways to choose k items from n items without repetition and without "
     "order.\n\nEvaluates to n! / (k! * (n - k)!) when k <= n and evaluates\nto zero when k > "
     "n.\n\nAlso called the binomial coefficient because it is equivalent\nto the coefficient of "
     "k-th term in polynomial expansion of the\nexpression (1 + x)**n.\n\nRaises TypeError if "
     "either of the arguments are not integers.\nRaises ValueError if either of the arguments are "
     "negative."},
    {"copysign", math_copysign, "($module, x, y, /)",
     "Return a float with the magnitude (absolute value) of x but the sign of y.\n\nOn platforms "
     "that support signed zeros, copysign(1.0, -0.0)\nreturns -1.0.\n"},
    ROW1(cos, "Return the cosine of x (measured in radians)."),
    ROW1(cosh, "Return the hyperbolic cosine of x."),
    ROW1(degrees, "Convert angle x from radians to degrees."),
    {"dist", qv_math_dist, "($module, p, q, /)",
     "Return the Euclidean distance between two points p and q.\n\nThe points should be specified "
     "as sequences (or iterables) of\ncoordinates.  Both inputs must have the same "
     "dimension.\n\nRoughly equivalent to:\n    sqrt(sum((px - qx) ** 2.0 for px, qx in zip(p, "
     "q)))"},
    ROW1(erf, "Error function at x."),
    ROW1(erfc, "Complementary error function at x."),
    ROW1(exp, "Return e raised to the power of x."),
    ROW1(exp2, "Return 2 raised to the power of x."),
    ROW1(expm1, "Return exp(x)-1.\n\nThis function avoids the loss of precision involved in the "
                "direct evaluation of exp(x)-1 for small x."),
    ROW1(fabs, "Return the absolute value of the float x."),
    {"factorial", qv_math_factorial, "($module, n, /)",
     "Find n!.\n\nRaise a ValueError if x is negative or non-integral."},
    ROW1(floor, "Return the floor of x as an Integral.\n\nThis is the largest integer <= x."),
    {"fmod", math_fmod, "($module, x, y, /)",
     "Return fmod(x, y), according to platform C.\n\nx % y may differ."},
    ROW1(frexp,
         "Return the mantissa and exponent of x, as pair (m, e).\n\nm is a float and e is an int, "
         "such that x = m * 2.**e.\nIf x is 0, m and e are both 0.  Else 0.5 <= abs(m) < 1.0."),
    {"fsum", qv_math_fsum, "($module, seq, /)",
     "Return an accurate floating point sum of values in the iterable seq.\n\nAssumes IEEE-754 "
     "floating point arithmetic."},
    ROW1(gamma, "Gamma function at x."),
    {"gcd", qv_math_gcd, "($module, /, *integers)", "Greatest Common Divisor."},
    {"hypot", qv_math_hypot, "($module, /, *coordinates)",
     "hypot(*coordinates) -> value\n\nMultidimensional Euclidean distance from the origin to a "
     "point.\n\nRoughly equivalent to:\n    sqrt(sum(x**2 for x in coordinates))\n\nFor a two "
     "dimensional point (x, y), gives the hypotenuse\nusing the Pythagorean theorem:  sqrt(x*x + "
     "y*y).\n\nFor example, the hypotenuse of a 3/4/5 right triangle is:\n\n    >>> hypot(3.0, "
     "4.0)\n    5.0\n"},
    {"isclose", math_isclose, "($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)",
     "Determine whether two floating point numbers are close in value.\n\n  rel_tol\n    maximum "
     "difference for being considered \"close\", relative to the\n    magnitude of the input "
     "values\n  abs_tol\n    maximum difference for being considered \"close\", regardless of "
     "the\n    magnitude of the input values\n\nReturn True if a is close in value to b, and False "
     "otherwise.\n\nFor the values to be considered close, the difference between them\nmust be "
     "smaller than at least one of the tolerances.\n\n-inf, inf and NaN behave similarly to the "
     "IEEE 754 Standard.  That\nis, NaN is not close to anything, even itself.  inf and -inf "
     "are\nonly close to themselves."},
    ROW1(isfinite, "Return True if x is neither an infinity nor a NaN, and False otherwise."),
    ROW1(isinf, "Return True if x is a positive or negative infinity, and False otherwise."),
    ROW1(isnan, "Return True if x is a NaN (not a number), and False otherwise."),
    {"isqrt", qv_math_isqrt, "($module, n, /)",
     "Return the integer part of the square root of the input."},
    {"lcm", qv_math_lcm, "($module, /, *integers)", "Least Common Multiple."},
    {"ldexp", math_ldexp, "($module, x, i, /)",
     "Return x * (2**i).\n\nThis is essentially the inverse of frexp()."},
    ROW1(lgamma, "Natural logarithm of absolute value of Gamma function at x."),
    {"log", math_log, "($module, /, *args)",
     "log(x, [base=math.e])\nReturn the logarithm of x to the given base.\n\nIf the base not "
     "specified, returns the natural logarithm (base e) of x."},
    ROW1(log10, "Return the base 10 logarithm of x."),
    ROW1(log1p, "Return the natural logarithm of 1+x (base e).\n\nThe result is computed in a way "
                "which is accurate for x near zero."),
    ROW1(log2, "Return the base 2 logarithm of x."),
    ROW1(modf, "Return the fractional and integer parts of x.\n\nBoth results carry the sign of x "
               "and are floats."),
    {"nextafter", math_nextafter, "($module, x, y, /)",
     "Return the next floating-point value after x towards y."},
    {"perm", qv_math_perm, "($module, n, k=None, /)",
     "Number of ways to choose k items from n items without repetition and with "
     "order.\n\nEvaluates to n! / (n - k)! when k <= n and evaluates\nto zero when k > n.\n\nIf k "
     "is not specified or is None, then k defaults to n\nand the function returns n!.\n\nRaises "
     "TypeError if either of the arguments are not integers.\nRaises ValueError if either of the "
     "arguments are negative."},
    {"pow", math_pow, "($module, x, y, /)", "Return x**y (x to the power of y)."},
    {"prod", qv_math_prod, "($module, iterable, /, *, start=1)",
     "Calculate the product of all the elements in the input iterable.\n\nThe default start value "
     "for the product is 1.\n\nWhen the iterable is empty, return the start value.  This function "
     "is\nintended specifically for use with numeric values and may reject\nnon-numeric types."},
    ROW1(radians, "Convert angle x from degrees to radians."),
    {"remainder", math_remainder, "($module, x, y, /)",
     "Difference between x and the closest integer multiple of y.\n\nReturn x - n*y where n*y is "
     "the closest integer multiple of y.\nIn the case where x is exactly halfway between two "
     "multiples of\ny, the nearest even value of n is used. The result is always exact."},
    ROW1(sin, "Return the sine of x (measured in radians)."),
    ROW1(sinh, "Return the hyperbolic sine of x."),
    ROW1(sqrt, "Return the square root of x."),
    ROW1(tan, "Return the tangent of x (measured in radians)."),
    ROW1(tanh, "Return the hyperbolic tangent of x."),
    ROW1(trunc, "Truncates the Real x to the nearest Integral toward 0.\n\nUses the __trunc__ "
                "magic method."),
    ROW1(ulp, "Return the value of the least significant bit of the float x."),
    {0},
};

const QvModuleDef qv_module_math = {
    .name = "math",
    .doc = "This module provides access to the mathematical functions\ndefined by the C standard.",
    .functions = functions,
    .init = init,
};
