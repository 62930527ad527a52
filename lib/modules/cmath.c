// SPDX-License-Identifier: MIT
// The module cmath: functions of complex numbers, after Kahan ("Branch cuts for complex elementary
// functions"): accurate near the cuts, right for signed zeros, and by Annex G of the C standard for
// infinities and NaN.
//
// A function gives its value and the C errno of a domain (EDOM) or range error (ERANGE), or 0.
#include <errno.h>
#include <float.h>
#include <math.h>

#include "modules/modules.h"
#include "object/error.h"
#include "object/float.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/tuple.h"

typedef struct Z {
    double re, im;
} Z;

#define LARGE      (DBL_MAX / 4.0)
#define SQRT_LARGE (sqrt(LARGE))
#define LOG_LARGE  (log(LARGE))
#define SQRT_MIN   (sqrt(DBL_MIN))
#define LN2        0.69314718055994530942
#define LN10       2.302585092994045684
#define SCALE_UP   53 // subnormal arguments are scaled by 2**53
#define SCALE_DOWN (-27)

static bool finite_z(Z z) { return isfinite(z.re) && isfinite(z.im); }
static double signed_inf(double sign) { return copysign((double)INFINITY, sign); }
static double signed_zero(double sign) { return copysign(0.0, sign); }

// ---- square root and logarithm ------------------------------------------------------------------

static Z z_sqrt(Z z, int *err)
{
    *err = 0;
    if (!finite_z(z)) {
        if (isinf(z.im)) {
            return (Z){(double)INFINITY, z.im};
        }
        if (isinf(z.re)) {
            return z.re < 0 ? (Z){isnan(z.im) ? z.im : 0.0,
                                  isnan(z.im) ? (double)INFINITY : signed_inf(z.im)}
                            : (Z){z.re, isnan(z.im) ? z.im : signed_zero(z.im)};
        }
        return (Z){(double)NAN, (double)NAN};
    }
    if (z.re == 0.0 && z.im == 0.0) {
        return (Z){0.0, z.im};
    }
    double ax = fabs(z.re), ay = fabs(z.im), s;
    if (ax < DBL_MIN && ay < DBL_MIN && (ax > 0.0 || ay > 0.0)) {
        ax = ldexp(ax, SCALE_UP);
        s = ldexp(sqrt(ax + hypot(ax, ldexp(ay, SCALE_UP))), SCALE_DOWN);
    } else {
        ax /= 8.0;
        s = 2.0 * sqrt(ax + hypot(ax, ay / 8.0));
    }
    double d = ay / (2.0 * s);
    return z.re >= 0.0 ? (Z){s, copysign(d, z.im)} : (Z){d, copysign(s, z.im)};
}

// The angle when at least one part is infinite and none is NaN.
static double inf_angle(Z z)
{
    if (isinf(z.im)) {
        return copysign(isinf(z.re) ? (z.re < 0 ? 0.75 : 0.25) * M_PI : 0.5 * M_PI, z.im);
    }
    return z.re < 0 ? copysign(M_PI, z.im) : signed_zero(z.im);
}

static Z z_log(Z z, int *err)
{
    *err = 0;
    if (!finite_z(z)) {
        bool inf = isinf(z.re) || isinf(z.im);
        return (Z){inf ? (double)INFINITY : (double)NAN,
                   isnan(z.re) || isnan(z.im) ? (double)NAN : inf_angle(z)};
    }
    double ax = fabs(z.re), ay = fabs(z.im), re;
    if (ax > LARGE || ay > LARGE) {
        re = log(hypot(ax / 2.0, ay / 2.0)) + LN2;
    } else if (ax < DBL_MIN && ay < DBL_MIN) {
        if (ax > 0.0 || ay > 0.0) {
            re = log(hypot(ldexp(ax, DBL_MANT_DIG), ldexp(ay, DBL_MANT_DIG))) - DBL_MANT_DIG * LN2;
        } else {
            re = -(double)INFINITY;
            *err = EDOM;
        }
    } else {
        double h = hypot(ax, ay);
        if (h >= 0.71 && h <= 1.73) { // log would lose what tells h from 1
            double most = ax > ay ? ax : ay, least = ax > ay ? ay : ax;
            re = log1p((most - 1) * (most + 1) + least * least) / 2.0;
        } else {
            re = log(h);
        }
    }
    return (Z){re, atan2(z.im, z.re)};
}

static Z z_log10(Z z, int *err)
{
    Z r = z_log(z, err);
    return (Z){r.re / LN10, r.im / LN10};
}

// ---- inverse functions --------------------------------------------------------------------------

// log(|z| / 2) without overflow, plus what was taken out.
static double large_log(Z z) { return log(hypot(z.re / 2.0, z.im / 2.0)) + LN2 * 2.0; }

static Z z_acos(Z z, int *err)
{
    *err = 0;
    if (!finite_z(z)) {
        if (isnan(z.re)) {
            return (Z){z.re, isinf(z.im) ? -z.im : (double)NAN};
        }
        if (isnan(z.im)) {
            return isinf(z.re) ? (Z){(double)NAN, (double)INFINITY}
                               : (Z){z.re == 0.0 ? M_PI_2 : (double)NAN, (double)NAN};
        }
        return (Z){fabs(inf_angle(z)), -signed_inf(z.im)};
    }
    if (fabs(z.re) > LARGE || fabs(z.im) > LARGE) {
        double l = large_log(z);
        return (Z){atan2(fabs(z.im), z.re), z.re < 0.0 ? -copysign(l, z.im) : copysign(l, -z.im)};
    }
    int ignored;
    Z a = z_sqrt((Z){1.0 - z.re, -z.im}, &ignored), b = z_sqrt((Z){1.0 + z.re, z.im}, &ignored);
    return (Z){2.0 * atan2(a.re, b.re), asinh(b.re * a.im - b.im * a.re)};
}

static Z z_acosh(Z z, int *err)
{
    *err = 0;
    if (!finite_z(z)) {
        bool inf = isinf(z.re) || isinf(z.im), nan = isnan(z.re) || isnan(z.im);
        double im = nan ? (double)NAN : inf_angle(z);
        return (Z){inf ? (double)INFINITY : (double)NAN, im};
    }
    if (fabs(z.re) > LARGE || fabs(z.im) > LARGE) {
        return (Z){large_log(z), atan2(z.im, z.re)};
    }
    int ignored;
    Z a = z_sqrt((Z){z.re - 1.0, z.im}, &ignored), b = z_sqrt((Z){z.re + 1.0, z.im}, &ignored);
    return (Z){asinh(a.re * b.re + a.im * b.im), 2.0 * atan2(a.im, b.re)};
}

static Z z_asinh(Z z, int *err)
{
    *err = 0;
    if (!finite_z(z)) {
        if (isnan(z.re)) {
            return isinf(z.im) ? (Z){(double)INFINITY, z.re}
                               : (Z){z.re, z.im == 0.0 ? z.im : (double)NAN};
        }
        if (isnan(z.im)) {
            return (Z){isinf(z.re) ? z.re : (double)NAN, z.im};
        }
        return (Z){signed_inf(z.re), inf_angle((Z){fabs(z.re), z.im})};
    }
    if (fabs(z.re) > LARGE || fabs(z.im) > LARGE) {
        double l = large_log(z);
        return (Z){z.im >= 0.0 ? copysign(l, z.re) : -copysign(l, -z.re), atan2(z.im, fabs(z.re))};
    }
    int ignored;
    Z a = z_sqrt((Z){1.0 + z.im, -z.re}, &ignored), b = z_sqrt((Z){1.0 - z.im, z.re}, &ignored);
    return (Z){asinh(a.re * b.im - b.re * a.im), atan2(z.im, a.re * b.re - a.im * b.im)};
}

static Z z_asin(Z z, int *err)
{
    Z s = z_asinh((Z){-z.im, z.re}, err);
    return (Z){s.im, -s.re};
}

static Z z_atanh(Z z, int *err)
{
    *err = 0;
    if (!finite_z(z)) {
        if (isinf(z.im)) {
            return (Z){isnan(z.re) ? 0.0 : signed_zero(z.re), copysign(M_PI_2, z.im)};
        }
        if (isnan(z.im)) {
            return (Z){isinf(z.re) || z.re == 0.0 ? signed_zero(z.re) : (double)NAN, z.im};
        }
        return isinf(z.re) ? (Z){signed_zero(z.re), copysign(M_PI_2, z.im)}
                           : (Z){z.re, (double)NAN};
    }
    if (z.re < 0.0 || (z.re == 0.0 && signbit(z.re))) {
        Z r = z_atanh((Z){-z.re, -z.im}, err);
        return (Z){-r.re, -r.im};
    }
    double ay = fabs(z.im);
    if (z.re > SQRT_LARGE || ay > SQRT_LARGE) {
        double h = hypot(z.re / 2.0, z.im / 2.0); // its square may overflow, so twice a division
        return (Z){z.re / 4.0 / h / h, -copysign(M_PI_2, -z.im)};
    }
    if (z.re == 1.0 && ay < SQRT_MIN) {
        if (ay == 0.0) {
            *err = EDOM;
            return (Z){(double)INFINITY, z.im};
        }
        return (Z){-log(sqrt(ay) / sqrt(hypot(ay, 2.0))), copysign(atan2(2.0, -ay) / 2, z.im)};
    }
    double d = 1 - z.re;
    return (Z){log1p(4.0 * z.re / (d * d + ay * ay)) / 4.0,
               -atan2(-2.0 * z.im, d * (1 + z.re) - ay * ay) / 2.0};
}

static Z z_atan(Z z, int *err)
{
    Z s = z_atanh((Z){-z.im, z.re}, err);
    return (Z){s.im, -s.re};
}

// ---- exponential and its relatives --------------------------------------------------------------

static Z check_range(Z r, int *err)
{
    *err = isinf(r.re) || isinf(r.im) ? ERANGE : 0;
    return r;
}

static Z z_exp(Z z, int *err)
{
    if (!finite_z(z)) {
        *err = isinf(z.im) && (isfinite(z.re) || (isinf(z.re) && z.re > 0)) ? EDOM : 0;
        if (isinf(z.re) && isfinite(z.im) && z.im != 0.0) {
            return z.re > 0 ? (Z){signed_inf(cos(z.im)), signed_inf(sin(z.im))}
                            : (Z){signed_zero(cos(z.im)), signed_zero(sin(z.im))};
        }
        if (isinf(z.re)) {
            return z.im == 0.0 ? (Z){z.re > 0 ? z.re : 0.0, z.im}
                   : z.re > 0  ? (Z){z.re, (double)NAN}
                               : (Z){0.0, 0.0};
        }
        return (Z){(double)NAN, z.im == 0.0 ? z.im : (double)NAN};
    }
    if (z.re > LOG_LARGE) {
        double l = exp(z.re - 1.0);
        return check_range((Z){l * cos(z.im) * M_E, l * sin(z.im) * M_E}, err);
    }
    double l = exp(z.re);
    return check_range((Z){l * cos(z.im), l * sin(z.im)}, err);
}

static Z z_cosh(Z z, int *err)
{
    if (!finite_z(z)) {
        *err = isinf(z.im) && !isnan(z.re) ? EDOM : 0;
        if (isinf(z.re) && isfinite(z.im) && z.im != 0.0) {
            return (Z){signed_inf(cos(z.im)),
                       z.re > 0 ? signed_inf(sin(z.im)) : -signed_inf(sin(z.im))};
        }
        if (isinf(z.re)) {
            return (Z){(double)INFINITY, z.im == 0.0 ? (z.re > 0 ? z.im : -z.im) : (double)NAN};
        }
        return (Z){(double)NAN, z.re == 0.0 || z.im == 0.0 ? 0.0 : (double)NAN};
    }
    if (fabs(z.re) > LOG_LARGE) { // cosh would overflow though the product may not
        double x = z.re - copysign(1.0, z.re);
        return check_range((Z){cos(z.im) * cosh(x) * M_E, sin(z.im) * sinh(x) * M_E}, err);
    }
    return check_range((Z){cos(z.im) * cosh(z.re), sin(z.im) * sinh(z.re)}, err);
}

static Z z_cos(Z z, int *err) { return z_cosh((Z){-z.im, z.re}, err); }

static Z z_sinh(Z z, int *err)
{
    if (!finite_z(z)) {
        *err = isinf(z.im) && !isnan(z.re) ? EDOM : 0;
        if (isinf(z.re) && isfinite(z.im) && z.im != 0.0) {
            return (Z){z.re > 0 ? signed_inf(cos(z.im)) : -signed_inf(cos(z.im)),
                       signed_inf(sin(z.im))};
        }
        if (isinf(z.re)) {
            return z.im == 0.0 ? z : (Z){(double)INFINITY, (double)NAN};
        }
        return (Z){z.re == 0.0 ? 0.0 : (double)NAN, z.im == 0.0 ? z.im : (double)NAN};
    }
    if (fabs(z.re) > LOG_LARGE) {
        double x = z.re - copysign(1.0, z.re);
        return check_range((Z){cos(z.im) * sinh(x) * M_E, sin(z.im) * cosh(x) * M_E}, err);
    }
    return check_range((Z){cos(z.im) * sinh(z.re), sin(z.im) * cosh(z.re)}, err);
}

static Z z_sin(Z z, int *err)
{
    Z s = z_sinh((Z){-z.im, z.re}, err);
    return (Z){s.im, -s.re};
}

static Z z_tanh(Z z, int *err)
{
    *err = 0;
    if (!finite_z(z)) {
        *err = isinf(z.im) && isfinite(z.re) ? EDOM : 0;
        if (isinf(z.re)) {
            double sign = isfinite(z.im) && z.im != 0.0 ? 2.0 * sin(z.im) * cos(z.im)
                          : z.im == 0.0                 ? z.im
                                                        : 1.0;
            return (Z){copysign(1.0, z.re), signed_zero(sign)};
        }
        return (Z){(double)NAN, z.im == 0.0 ? z.im : (double)NAN};
    }
    if (fabs(z.re) > LOG_LARGE) {
        return (Z){copysign(1.0, z.re), 4.0 * sin(z.im) * cos(z.im) * exp(-2.0 * fabs(z.re))};
    }
    double tx = tanh(z.re), ty = tan(z.im), cx = 1.0 / cosh(z.re), both = tx * ty,
           d = 1.0 + both * both;
    return (Z){tx * (1.0 + ty * ty) / d, ty / d * cx * cx};
}

static Z z_tan(Z z, int *err)
{
    Z s = z_tanh((Z){-z.im, z.re}, err);
    return (Z){s.im, -s.re};
}

// ---- to and from objects ------------------------------------------------------------------------

// complex, __complex__, __float__ or __index__. 0/-1.
static int read_z(QvInterp *qi, QvObj *o, Z *ret)
{
    if (!qv_is_complex(o) && !qv_is_float(o) && !qv_is_int(o)) {
        QvObj *method;
        int found = qv_lookup_special(qi, o, QV_N(__complex__), &method);
        if (found < 0) {
            return -1;
        }
        if (found) {
            QvObj *v = qv_call0(qi, method);
            qv_decref(qi, method);
            if (!v) {
                return -1;
            }
            bool good = qv_is_complex(v);
            if (good) {
                *ret = (Z){((QvComplex *)v)->real, ((QvComplex *)v)->imag};
            } else {
                qv_raise(qi, &qv_exc_TypeError, "__complex__ returned non-complex (type %.200T)",
                         v);
            }
            qv_decref(qi, v);
            return good ? 0 : -1;
        }
    }
    if (qv_is_complex(o)) {
        *ret = (Z){((QvComplex *)o)->real, ((QvComplex *)o)->imag};
        return 0;
    }
    ret->im = 0.0;
    return qv_as_double(qi, o, &ret->re);
}

static QvObj *raise_math(QvInterp *qi, int err)
{
    return err == EDOM ? qv_raise(qi, &qv_exc_ValueError, "math domain error")
                       : qv_raise(qi, &qv_exc_OverflowError, "math range error");
}

static QvObj *apply(QvInterp *qi, QvObj *o, Z (*f)(Z, int *))
{
    Z z;
    int err;
    if (read_z(qi, o, &z) < 0) {
        return NULL;
    }
    z = f(z, &err);
    return err ? raise_math(qi, err) : qv_complex_new(qi, z.re, z.im);
}

#define FUNCTION(name) \
    static QvObj *mod_##name(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
#define UNARY(name)                          \
    FUNCTION(name)                           \
    {                                        \
        (void)m, (void)nargs;                \
        return apply(qi, args[0], z_##name); \
    }

UNARY(acos)
UNARY(acosh)
UNARY(asin)
UNARY(asinh)
UNARY(atan)
UNARY(atanh)
UNARY(cos)
UNARY(cosh)
UNARY(exp)
UNARY(log10)
UNARY(sin)
UNARY(sinh)
UNARY(sqrt)
UNARY(tan)
UNARY(tanh)

FUNCTION(log)
{
    (void)m, (void)nargs;
    QvObj *x = apply(qi, args[0], z_log);
    if (!x || !args[1]) {
        return x;
    }
    QvObj *base = apply(qi, args[1], z_log);
    QvObj *ret = base ? qv_binary(qi, QV_BIN_TRUEDIV, x, base) : NULL;
    if (base && !ret && qv_err_matches(qi, &qv_exc_ZeroDivisionError)) {
        qv_err_clear(qi);
        raise_math(qi, EDOM);
    }
    qv_decref(qi, x);
    qv_xdecref(qi, base);
    return ret;
}

FUNCTION(phase)
{
    (void)m, (void)nargs;
    Z z;
    if (read_z(qi, args[0], &z) < 0) {
        return NULL;
    }
    errno = 0; // the C library tells of an angle that is too small, and CPython raises then
    double phi = atan2(z.im, z.re);
    return errno ? raise_math(qi, errno) : qv_float_new(qi, phi);
}

// |z|; ERANGE when it is too large.
static double magnitude(Z z, int *err)
{
    double r = hypot(z.re, z.im);
    *err = isinf(r) && finite_z(z) ? ERANGE : 0;
    return r;
}

FUNCTION(polar)
{
    (void)m, (void)nargs;
    Z z;
    int err;
    if (read_z(qi, args[0], &z) < 0) {
        return NULL;
    }
    double r = magnitude(z, &err);
    if (err) {
        return raise_math(qi, err);
    }
    QvObj *a = qv_float_new(qi, r), *b = a ? qv_float_new(qi, atan2(z.im, z.re)) : NULL;
    QvObj *ret = b ? qv_tuple_of(qi, 2, a, b) : NULL;
    qv_xdecref(qi, a);
    qv_xdecref(qi, b);
    return ret;
}

FUNCTION(rect)
{
    (void)m, (void)nargs;
    double r, phi;
    if (qv_as_double(qi, args[0], &r) < 0 || qv_as_double(qi, args[1], &phi) < 0) {
        return NULL;
    }
    if (isfinite(r) && isfinite(phi)) {
        return phi == 0.0 ? qv_complex_new(qi, r, r * phi)
                          : qv_complex_new(qi, r * cos(phi), r * sin(phi));
    }
    if (isinf(phi) && r != 0.0 && !isnan(r)) {
        return raise_math(qi, EDOM);
    }
    if (isinf(r) && isfinite(phi) && phi != 0.0) {
        return qv_complex_new(qi, copysign(r, r * cos(phi)), copysign(r, r * sin(phi)));
    }
    if (r == 0.0) {
        return qv_complex_new(qi, 0.0, 0.0);
    }
    if (isinf(r)) {
        return phi == 0.0 ? qv_complex_new(qi, r, r > 0 ? phi : -phi)
                          : qv_complex_new(qi, (double)INFINITY, (double)NAN);
    }
    return qv_complex_new(qi, (double)NAN, phi == 0.0 ? 0.0 : (double)NAN);
}

FUNCTION(isfinite)
{
    (void)m, (void)nargs;
    Z z;
    return read_z(qi, args[0], &z) < 0 ? NULL : qv_bool(finite_z(z));
}
FUNCTION(isinf)
{
    (void)m, (void)nargs;
    Z z;
    return read_z(qi, args[0], &z) < 0 ? NULL : qv_bool(isinf(z.re) || isinf(z.im));
}
FUNCTION(isnan)
{
    (void)m, (void)nargs;
    Z z;
    return read_z(qi, args[0], &z) < 0 ? NULL : qv_bool(isnan(z.re) || isnan(z.im));
}

FUNCTION(isclose)
{
    (void)m, (void)nargs;
    Z a, b;
    double rel = 1e-9, tol = 0.0;
    int ignored;
    if (read_z(qi, args[0], &a) < 0 || read_z(qi, args[1], &b) < 0 ||
        (args[2] && qv_as_double(qi, args[2], &rel) < 0) ||
        (args[3] && qv_as_double(qi, args[3], &tol) < 0)) {
        return NULL;
    }
    if (rel < 0.0 || tol < 0.0) {
        return qv_raise(qi, &qv_exc_ValueError, "tolerances must be non-negative");
    }
    if (a.re == b.re && a.im == b.im) {
        return QV_TRUE;
    }
    if (isinf(a.re) || isinf(a.im) || isinf(b.re) || isinf(b.im)) {
        return QV_FALSE;
    }
    double diff = magnitude((Z){a.re - b.re, a.im - b.im}, &ignored);
    return qv_bool(diff <= rel * magnitude(b, &ignored) || diff <= rel * magnitude(a, &ignored) ||
                   diff <= tol);
}

#define ROW(name, doc)                            \
    {                                             \
#name, mod_##name, "($module, z, /)", doc \
    }

static const QvNativeDef functions[] = {
    ROW(acos, "Return the arc cosine of z."),
    ROW(acosh, "Return the inverse hyperbolic cosine of z."),
    ROW(asin, "Return the arc sine of z."),
    ROW(asinh, "Return the inverse hyperbolic sine of z."),
    ROW(atan, "Return the arc tangent of z."),
    ROW(atanh, "Return the inverse hyperbolic tangent of z."),
    ROW(cos, "Return the cosine of z."),
    ROW(cosh, "Return the hyperbolic cosine of z."),
    ROW(exp, "Return the exponential value e**z."),
    {"isclose", mod_isclose, "($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)",
     "Determine whether two complex numbers are close in value."},
    ROW(isfinite, "Return True if both the real and imaginary parts of z are finite, else False."),
    ROW(isinf, "Checks if the real or imaginary part of z is infinite."),
    ROW(isnan, "Checks if the real or imaginary part of z not a number (NaN)."),
    {"log", mod_log, "($module, z, base=None, /)",
     "log(z[, base]) -> the logarithm of z to the given base.\n\nIf the base is not specified, "
     "returns the natural logarithm (base e) of z."},
    ROW(log10, "Return the base-10 logarithm of z."),
    ROW(phase, "Return argument, also known as the phase angle, of a complex."),
    ROW(polar, "Convert a complex from rectangular coordinates to polar coordinates."),
    {"rect", mod_rect, "($module, r, phi, /)",
     "Convert from polar coordinates to rectangular coordinates."},
    ROW(sin, "Return the sine of z."),
    ROW(sinh, "Return the hyperbolic sine of z."),
    ROW(sqrt, "Return the square root of z."),
    ROW(tan, "Return the tangent of z."),
    ROW(tanh, "Return the hyperbolic tangent of z."),
    {0},
};

static int init(QvInterp *qi, QvObj *m)
{
    const struct {
        const char *name;
        double re, im;
    } rows[] = {
        {"pi", M_PI, 0},          {"e", M_E, 0},
        {"tau", 2 * M_PI, 0},     {"inf", (double)INFINITY, 0},
        {"nan", (double)NAN, 0},  {"infj", 0, (double)INFINITY},
        {"nanj", 0, (double)NAN},
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        QvObj *v = k < 5 ? qv_float_new(qi, rows[k].re)
                         : qv_complex_new(qi, rows[k].re, rows[k].im);
        if (qv_module_add_take(qi, m, rows[k].name, v) < 0) {
            return -1;
        }
    }
    return 0;
}

const QvModuleDef qv_module_cmath = {
    .name = "cmath",
    .doc = "This module provides access to mathematical functions for complex\nnumbers.",
    .functions = functions,
    .init = init,
};
