// SPDX-License-Identifier: MIT
// math: gcd, lcm, isqrt, factorial, comb, perm. Products of many factors go by halves, so that
// large ones are multiplied with large ones, where GMP is fast.
#include <gmp.h>

#include "modules/math.h"
#include "object/error.h"
#include "object/int.h"
#include "object/int_heavy.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/protocol.h"

QvObj *qv_math_gcd(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m;
    QvObj *total = qv_int_from_i64(qi, 0);
    for (QvSsize k = 0; total && k < nargs; k++) {
        QvObj *x = qv_poll_step(qi, k) < 0 ? NULL : qv_index(qi, args[k]);
        QvObj *next = x ? qv_int_gcd(qi, total, x) : NULL;
        qv_xdecref(qi, x);
        qv_set_take(qi, &total, next);
    }
    return total;
}

static QvObj *lcm_of(QvInterp *qi, QvObj *a, QvObj *b)
{
    if (qv_int_sign(a) == 0 || qv_int_sign(b) == 0) {
        return qv_int_from_i64(qi, 0);
    }
    QvObj *g = qv_int_gcd(qi, a, b), *part = g ? qv_int_floordiv(qi, a, g) : NULL,
          *product = part ? qv_int_mul(qi, part, b) : NULL;
    QvObj *ret = product ? qv_abs(qi, product) : NULL;
    qv_xdecref(qi, g);
    qv_xdecref(qi, part);
    qv_xdecref(qi, product);
    return ret;
}

QvObj *qv_math_lcm(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m;
    QvObj *total = qv_int_from_i64(qi, 1);
    for (QvSsize k = 0; total && k < nargs; k++) {
        QvObj *x = qv_poll_step(qi, k) < 0 ? NULL : qv_index(qi, args[k]);
        QvObj *next = x ? lcm_of(qi, total, x) : NULL;
        qv_xdecref(qi, x);
        qv_set_take(qi, &total, next);
    }
    return total;
}

QvObj *qv_math_isqrt(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *n = qv_index(qi, args[0]), *ret = NULL;
    if (!n) {
        return NULL;
    }
    if (qv_int_sign(n) < 0) {
        qv_raise(qi, &qv_exc_ValueError, "isqrt() argument must be nonnegative");
    } else if (qv_int_is_small(n)) {
        uint64_t limb = (uint64_t)qv_int_value(n), root = 0;
        if (limb) {
            mpn_sqrtrem(&root, NULL, &limb, 1);
        }
        ret = qv_int_from_u64(qi, root);
    } else {
        const QvLimbs *big = ((QvInt *)n)->big;
        size_t size = (size_t)big->size, bytes = (size + 1) / 2 * sizeof(uint64_t);
        uint64_t *root = qv_alloc(qi, bytes);
        if (root) {
            if (qv_int_heavy(qi, (QvSsize)size) == 0 &&
                qv_limbs_sqrt(qi, root, big->limb, (QvSsize)size) == 0) {
                ret = qv_int_from_limbs(qi, root, (QvSsize)((size + 1) / 2), 1);
            }
            qv_free(qi, root, bytes);
        }
    }
    qv_decref(qi, n);
    return ret;
}

// low * (low + 1) * ... * (high - 1).
static QvObj *product(QvInterp *qi, uint64_t low, uint64_t high)
{
    if (qv_poll_here(qi) < 0) {
        return NULL;
    }
    if (high - low <= 8) {
        unsigned __int128 r = 1;
        uint64_t k = low;
        for (; k < high && r * k <= INT64_MAX; k++) {
            r *= k;
        }
        QvObj *total = qv_int_from_u64(qi, (uint64_t)r);
        for (; total && k < high; k++) {
            QvObj *x = qv_int_from_u64(qi, k), *next = x ? qv_int_mul(qi, total, x) : NULL;
            qv_xdecref(qi, x);
            qv_set_take(qi, &total, next);
        }
        return total;
    }
    uint64_t middle = low + (high - low) / 2;
    QvObj *a = product(qi, low, middle), *b = a ? product(qi, middle, high) : NULL,
          *ret = b ? qv_int_mul(qi, a, b) : NULL;
    qv_xdecref(qi, a);
    qv_xdecref(qi, b);
    return ret;
}

QvObj *qv_math_factorial(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *o = qv_index(qi, args[0]);
    if (!o) {
        return NULL;
    }
    int64_t n;
    int fits = qv_int_as_i64(o, &n), sign = qv_int_sign(o);
    qv_decref(qi, o);
    if (sign < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "factorial() not defined for negative values");
    }
    if (!fits) {
        return qv_raise(qi, &qv_exc_OverflowError, "factorial() argument should not exceed %lld",
                        (long long)INT64_MAX);
    }
    return n < 2 ? qv_int_from_i64(qi, 1) : product(qi, 2, (uint64_t)n + 1);
}

// n * (n - 1) * ... (k factors), n of any size.
static QvObj *falling(QvInterp *qi, QvObj *n, uint64_t k)
{
    int64_t small;
    if (k == 0) {
        return qv_int_from_i64(qi, 1);
    }
    if (qv_int_as_i64(n, &small)) {
        return product(qi, (uint64_t)small - k + 1, (uint64_t)small + 1);
    }
    if (k == 1) {
        return qv_int_exact(qi, n);
    }
    if (qv_poll_here(qi) < 0) {
        return NULL;
    }
    QvObj *half = qv_int_from_u64(qi, k / 2), *rest = half ? qv_int_sub(qi, n, half) : NULL;
    QvObj *a = rest ? falling(qi, n, k / 2) : NULL, *b = a ? falling(qi, rest, k - k / 2) : NULL,
          *ret = b ? qv_int_mul(qi, a, b) : NULL;
    qv_xdecref(qi, half);
    qv_xdecref(qi, rest);
    qv_xdecref(qi, a);
    qv_xdecref(qi, b);
    return ret;
}

// The two arguments as ints that are not negative. 0/-1.
static int n_and_k(QvInterp *qi, QvObj *const *args, QvObj **n, QvObj **k)
{
    *k = NULL;
    *n = qv_index(qi, args[0]);
    *k = *n ? qv_index(qi, args[1]) : NULL;
    if (*k && qv_int_sign(*n) < 0) {
        qv_raise(qi, &qv_exc_ValueError, "n must be a non-negative integer");
    } else if (*k && qv_int_sign(*k) < 0) {
        qv_raise(qi, &qv_exc_ValueError, "k must be a non-negative integer");
    } else if (*k) {
        return 0;
    }
    qv_xdecref(qi, *n);
    qv_xdecref(qi, *k);
    return -1;
}

QvObj *qv_math_perm(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    if (!args[1] || args[1] == QV_NONE) {
        return qv_math_factorial(qi, m, args, nargs);
    }
    QvObj *n, *k, *ret = NULL;
    if (n_and_k(qi, args, &n, &k) < 0) {
        return NULL;
    }
    int64_t count;
    if (qv_int_compare(n, k) < 0) {
        ret = qv_int_from_i64(qi, 0);
    } else if (!qv_int_as_i64(k, &count)) {
        qv_raise(qi, &qv_exc_OverflowError, "k must not exceed %lld", (long long)INT64_MAX);
    } else {
        ret = falling(qi, n, (uint64_t)count);
    }
    qv_decref(qi, n);
    qv_decref(qi, k);
    return ret;
}

// Small enough for 128 bits on the way: NULL without an exception when not.
static QvObj *small_comb(QvInterp *qi, uint64_t n, uint64_t k)
{
    unsigned __int128 r = 1;
    for (uint64_t i = 1; i <= k; i++) {
        if (r > UINT64_MAX) {
            return NULL;
        }
        r = r * (n - k + i) / i; // exact at each step: it is C(n - k + i, i)
    }
    return r > UINT64_MAX ? NULL : qv_int_from_u64(qi, (uint64_t)r);
}

QvObj *qv_math_comb(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *n, *k, *rest = NULL, *ret = NULL;
    if (n_and_k(qi, args, &n, &k) < 0) {
        return NULL;
    }
    int64_t small_n, count;
    if (qv_int_compare(n, k) < 0) {
        ret = qv_int_from_i64(qi, 0);
        goto done;
    }
    rest = qv_int_sub(qi, n, k); // C(n, k) == C(n, n - k): the smaller one is less work
    if (!rest) {
        goto done;
    }
    if (!qv_int_as_i64(qv_int_compare(rest, k) < 0 ? rest : k, &count)) {
        qv_raise(qi, &qv_exc_OverflowError, "min(n - k, k) must not exceed %lld",
                 (long long)INT64_MAX);
        goto done;
    }
    if (qv_int_as_i64(n, &small_n)) {
        ret = small_comb(qi, (uint64_t)small_n, (uint64_t)count);
    }
    if (!ret && !qv_err_occurred(qi)) {
        QvObj *top = falling(qi, n, (uint64_t)count),
              *below = top ? product(qi, 1, (uint64_t)count + 1) : NULL;
        ret = below ? qv_int_floordiv(qi, top, below) : NULL;
        qv_xdecref(qi, top);
        qv_xdecref(qi, below);
    }
done:
    qv_decref(qi, n);
    qv_decref(qi, k);
    qv_xdecref(qi, rest);
    return ret;
}
