// SPDX-License-Identifier: MIT
// math: fsum, prod, dist, hypot.
#include <math.h>

#include "modules/math.h"
#include "object/error.h"
#include "object/float.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/tuple.h"

// ---- fsum ---------------------------------------------------------------------------------------
// Shewchuk's method: the partials are floats of growing size that do not overlap and whose exact
// sum is the sum so far.

typedef struct Partials {
    QvInterp *qi;
    double small[32], *p;
    QvSsize n, cap;
} Partials;

static int append(Partials *s, double x)
{
    if (s->n == s->cap) {
        QvSsize cap = s->cap * 2;
        double *p = qv_alloc(s->qi, (size_t)cap * sizeof *p);
        if (!p) {
            return -1;
        }
        for (QvSsize k = 0; k < s->n; k++) {
            p[k] = s->p[k];
        }
        if (s->p != s->small) {
            qv_free(s->qi, s->p, (size_t)s->cap * sizeof *p);
        }
        s->p = p;
        s->cap = cap;
    }
    s->p[s->n++] = x;
    return 0;
}

// The partials as one float, rounded once, half to even.
static double rounded_sum(const Partials *s)
{
    QvSsize n = s->n;
    if (n == 0) {
        return 0.0;
    }
    double hi = s->p[--n], lo = 0.0;
    while (n > 0) {
        double x = hi, y = s->p[--n];
        hi = x + y;
        lo = y - (hi - x);
        if (lo != 0.0) {
            break;
        }
    }
    // Exactly between two floats: what is below decides.
    if (n > 0 && ((lo < 0.0 && s->p[n - 1] < 0.0) || (lo > 0.0 && s->p[n - 1] > 0.0))) {
        double y = lo * 2.0, x = hi + y;
        if (y == x - hi) {
            hi = x;
        }
    }
    return hi;
}

QvObj *qv_math_fsum(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *it = qv_iter(qi, args[0]), *item, *ret = NULL;
    if (!it) {
        return NULL;
    }
    Partials s = {.qi = qi, .cap = 32};
    s.p = s.small;
    double special = 0.0, inf = 0.0;
    for (QvSsize i = 0; qv_poll_step(qi, i) == 0 && (item = qv_next(qi, it)) != NULL; i++) {
        double x;
        int status = qv_as_double(qi, item, &x);
        qv_decref(qi, item);
        if (status < 0) {
            goto done;
        }
        double given = x;
        QvSsize kept = 0;
        for (QvSsize j = 0; j < s.n; j++) {
            double y = s.p[j];
            if (fabs(x) < fabs(y)) {
                double swap = x;
                x = y;
                y = swap;
            }
            double hi = x + y, lo = y - (hi - x);
            if (lo != 0.0) {
                s.p[kept++] = lo;
            }
            x = hi;
        }
        s.n = kept;
        if (x == 0.0) {
            continue;
        }
        if (!isfinite(x)) {
            if (isfinite(given)) {
                qv_raise(qi, &qv_exc_OverflowError, "intermediate overflow in fsum");
                goto done;
            }
            if (isinf(given)) {
                inf += given;
            }
            special += given;
            s.n = 0;
        } else if (append(&s, x) < 0) {
            goto done;
        }
    }
    if (qv_err_occurred(qi)) {
        goto done;
    }
    if (special != 0.0) {
        ret = isnan(inf) ? qv_raise(qi, &qv_exc_ValueError, "-inf + inf in fsum")
                         : qv_float_new(qi, special);
    } else {
        ret = qv_float_new(qi, rounded_sum(&s));
    }
done:
    if (s.p != s.small) {
        qv_free(qi, s.p, (size_t)s.cap * sizeof(double));
    }
    qv_decref(qi, it);
    return ret;
}

QvObj *qv_math_prod(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *it = qv_iter(qi, args[0]), *item;
    QvObj *total = !it ? NULL : args[1] ? qv_new_ref(qi, args[1]) : qv_int_from_i64(qi, 1);
    // Each step may take long: the product may be a big int, or anything that can be multiplied.
    while (total && qv_poll_here(qi) == 0 && (item = qv_next(qi, it)) != NULL) {
        QvObj *next = qv_binary(qi, QV_BIN_MUL, total, item);
        qv_decref(qi, item);
        qv_set_take(qi, &total, next);
    }
    qv_xdecref(qi, it);
    if (total && qv_err_occurred(qi)) {
        qv_clear(qi, &total);
    }
    return total;
}

// ---- norms --------------------------------------------------------------------------------------

// Adds x to *sum, what the rounding loses to *lost. |*sum| >= |x|.
static void add_exactly(double *sum, double *lost, double x)
{
    double old = *sum;
    *sum += x;
    *lost += (old - *sum) + x;
}

// x = hi + lo with 26 bits each, so that products of them are exact (Veltkamp).
static void split(double x, double *hi, double *lo)
{
    double t = x * 134217729.0; // 2 ** 27 + 1
    *hi = t - (t - x);
    *lo = x - *hi;
}

// The length of a vector; v is changed. Scaled by a power of two, squares without rounding error,
// one step of Newton at the end.
static double norm(double *v, QvSsize n, double max, bool has_nan)
{
    if (isinf(max)) {
        return max;
    }
    if (has_nan) {
        return NAN;
    }
    if (max == 0.0 || n <= 1) {
        return max;
    }
    int e;
    frexp(max, &e);
    double sum = 1.0, lost1 = 0.0, lost2 = 0.0, lost3 = 0.0, hi, lo;
    if (e < -1023) { // ldexp(1, -e) would overflow
        for (QvSsize k = 0; k < n; k++) {
            double x = v[k] / max;
            add_exactly(&sum, &lost1, x * x);
        }
        return max * sqrt(sum - 1.0 + lost1);
    }
    double scale = ldexp(1.0, -e);
    for (QvSsize k = 0; k < n; k++) {
        split(v[k] * scale, &hi, &lo);
        add_exactly(&sum, &lost1, hi * hi);
        add_exactly(&sum, &lost2, 2.0 * hi * lo);
        lost3 += lo * lo;
    }
    double h = sqrt(sum - 1.0 + (lost1 + lost2 + lost3));
    split(h, &hi, &lo);
    add_exactly(&sum, &lost1, -hi * hi);
    add_exactly(&sum, &lost2, -2.0 * hi * lo);
    add_exactly(&sum, &lost3, -lo * lo);
    double x = sum - 1.0 + (lost1 + lost2 + lost3);
    return (h + x / (2.0 * h)) / scale;
}

// norm of n coordinates: x[k] or x[k] - y[k].
static QvObj *norm_of(QvInterp *qi, QvObj *const *x, QvObj *const *y, QvSsize n)
{
    double small[16], *v = n <= 16 ? small : qv_alloc(qi, (size_t)n * sizeof *v), max = 0.0;
    if (!v) {
        return NULL;
    }
    bool has_nan = false;
    QvObj *ret = NULL;
    for (QvSsize k = 0; k < n; k++) {
        double a, b = 0.0;
        if (qv_poll_step(qi, k) < 0 || qv_as_double(qi, x[k], &a) < 0 ||
            (y && qv_as_double(qi, y[k], &b) < 0)) {
            goto done;
        }
        v[k] = fabs(a - b);
        has_nan |= isnan(v[k]);
        max = v[k] > max ? v[k] : max;
    }
    ret = qv_float_new(qi, norm(v, n, max, has_nan));
done:
    if (v != small) {
        qv_free(qi, v, (size_t)n * sizeof *v);
    }
    return ret;
}

QvObj *qv_math_hypot(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m;
    return norm_of(qi, args, NULL, nargs);
}

QvObj *qv_math_dist(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *p = qv_to_tuple(qi, args[0]), *q = p ? qv_to_tuple(qi, args[1]) : NULL, *ret = NULL;
    if (q && qv_tuple_len(p) != qv_tuple_len(q)) {
        qv_raise(qi, &qv_exc_ValueError, "both points must have the same number of dimensions");
    } else if (q) {
        ret = norm_of(qi, qv_tuple_items(p), qv_tuple_items(q), qv_tuple_len(p));
    }
    qv_xdecref(qi, p);
    qv_xdecref(qi, q);
    return ret;
}
