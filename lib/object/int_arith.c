// SPDX-License-Identifier: MIT
// int: arithmetic. 64-bit values in registers, all else by GMP's mpn functions.
//
// mpn functions want non-empty operands without zero limbs at the top and know no signs; the
// functions here see to both. GMP takes scratch memory from the system and ends the process when
// there is none: qv_int_heavy asks for as much first.
#include <math.h>
#include <string.h>

#include "object/float.h"
#include "object/int_heavy.h"
#include "object/int_internal.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str_units.h"
#include "object/tuple.h"

#define FEW_LIMBS   6  // up to here a plain loop is quicker than GMP's functions
#define STACK_LIMBS 64 // results up to this many limbs are computed on the stack

int qv_int_heavy_slow(QvInterp *qi, QvSsize limbs)
{
    if (qv_poll_here(qi) < 0) {
        return -1;
    }
    if (limbs > QV_LIMBS_MAX) {
        qv_raise_oom(qi);
        return -1;
    }
    size_t n = (size_t)limbs * sizeof(uint64_t) * 4;
    void *probe = qv_alloc(qi, n);
    if (!probe) {
        return -1;
    }
    qv_free(qi, probe, n);
    return 0;
}

// ---- sums ---------------------------------------------------------------------------------------

// r[0..a->n] = a + b, or a - b; a is no smaller than b. Polls.
static int add_long(QvInterp *qi, uint64_t *r, const QvMag *a, const QvMag *b, bool subtract)
{
    uint64_t carry = 0;
    for (QvSsize i = 0, n; i < a->n; i += n) {
        QvSsize left = (i < b->n ? b->n : a->n) - i;
        n = left < QV_LIMBS_STEP ? left : QV_LIMBS_STEP;
        uint64_t more = 0;
        if (i >= b->n) {
            more = subtract ? mpn_sub_1(r + i, a->p + i, n, carry)
                            : mpn_add_1(r + i, a->p + i, n, carry);
            carry = 0;
        } else if (subtract) {
            more = mpn_sub_n(r + i, a->p + i, b->p + i, n);
            carry = carry ? mpn_sub_1(r + i, r + i, n, 1) : 0;
        } else {
            more = mpn_add_n(r + i, a->p + i, b->p + i, n);
            carry = carry ? mpn_add_1(r + i, r + i, n, 1) : 0;
        }
        carry |= more;
        if (qv_poll_here(qi) < 0) {
            return -1;
        }
    }
    r[a->n] = carry;
    return 0;
}

// v + w, with the sign of w given.
static QvObj *add_mags(QvInterp *qi, const QvMag *v, const QvMag *w, bool w_negative)
{
    const QvMag *a = v, *b = w;
    bool a_negative = v->negative, b_negative = w_negative;
    if (a->n < b->n ||
        (a->n == b->n && a_negative != b_negative && mpn_cmp(a->p, b->p, a->n) < 0)) {
        a = w;
        b = v;
        a_negative = w_negative;
        b_negative = v->negative;
    }
    if (a->n == 0) {
        return qv_int_from_i64(qi, 0);
    }
    // a is the larger one and gives the sign.
    QvSsize n = a->n + 1;
    uint64_t stack[STACK_LIMBS];
    QvLimbs *block = NULL;
    uint64_t *r = stack;
    if (n > STACK_LIMBS) {
        block = qv_limbs_new(qi, n);
        if (!block) {
            return NULL;
        }
        r = block->limb;
    }
    if (QV_UNLIKELY(n > QV_LIMBS_STEP)) {
        if (add_long(qi, r, a, b, a_negative != b_negative) < 0) {
            qv_limbs_free(qi, block, n);
            return NULL;
        }
    } else if (b->n == 0) {
        memcpy(r, a->p, (size_t)a->n * sizeof(uint64_t));
        r[a->n] = 0;
    } else if (a_negative == b_negative) {
        r[a->n] = mpn_add(r, a->p, a->n, b->p, b->n);
    } else {
        mpn_sub(r, a->p, a->n, b->p, b->n);
        r[a->n] = 0;
    }
    return block ? qv_int_from_limbs_take(qi, block, n, a_negative)
                 : qv_int_from_limbs(qi, stack, n, a_negative ? -1 : 1);
}

// add_mags for few limbs.
static QvObj *add_few(QvInterp *qi, const QvMag *v, const QvMag *w, bool w_negative)
{
    const QvMag *a = v, *b = w;
    bool negative = v->negative;
    if (v->n < w->n) {
        a = w;
        b = v;
        negative = w_negative;
    }
    uint64_t r[FEW_LIMBS + 1];
    QvSsize n = a->n;
    bool carry = false;
    if (v->negative == w_negative) {
        QvSsize i = 0;
        for (; i < b->n; i++) {
            unsigned __int128 sum = (unsigned __int128)a->p[i] + b->p[i] + carry;
            r[i] = (uint64_t)sum;
            carry = sum >> 64 != 0;
        }
        for (; i < n; i++) {
            r[i] = a->p[i] + carry;
            carry = carry && r[i] == 0;
        }
        if (carry) {
            r[n++] = 1;
        }
    } else {
        QvSsize i = 0;
        for (; i < b->n; i++) {
            unsigned __int128 rest = (unsigned __int128)a->p[i] - b->p[i] - carry;
            r[i] = (uint64_t)rest;
            carry = rest >> 64 != 0;
        }
        for (; i < n; i++) {
            r[i] = a->p[i] - carry;
            carry = carry && r[i] == UINT64_MAX;
        }
        if (carry) { // b was the larger one: the two's complement is the difference
            negative = !negative;
            for (i = 0; i < n; i++) {
                r[i] = ~r[i] + carry;
                carry = carry && r[i] == 0;
            }
        }
    }
    return qv_int_from_limbs(qi, r, n, negative ? -1 : 1);
}

// The same of two ints; long ones are held, since a script may run meanwhile.
static QvObj *add_held(QvInterp *qi, QvObj *v, const QvMag *a, QvObj *w, const QvMag *b,
                       bool w_negative)
{
    if (QV_LIKELY(a->n <= FEW_LIMBS && b->n <= FEW_LIMBS)) {
        return add_few(qi, a, b, w_negative);
    }
    if (QV_LIKELY(a->n < QV_LIMBS_STEP && b->n < QV_LIMBS_STEP)) {
        return add_mags(qi, a, b, w_negative);
    }
    qv_incref(qi, v);
    qv_incref(qi, w);
    QvObj *ret = add_mags(qi, a, b, w_negative);
    qv_decref(qi, v);
    qv_decref(qi, w);
    return ret;
}

QvObj *qv_int_add(QvInterp *qi, QvObj *v, QvObj *w)
{
    int64_t sum;
    if (QV_LIKELY(qv_int_is_small(v) && qv_int_is_small(w)) &&
        !__builtin_add_overflow(qv_int_value(v), qv_int_value(w), &sum)) {
        return qv_int_from_i64(qi, sum);
    }
    QvMag a, b;
    qv_mag_init(&a, v);
    qv_mag_init(&b, w);
    return add_held(qi, v, &a, w, &b, b.negative);
}

QvObj *qv_int_sub(QvInterp *qi, QvObj *v, QvObj *w)
{
    int64_t difference;
    if (QV_LIKELY(qv_int_is_small(v) && qv_int_is_small(w)) &&
        !__builtin_sub_overflow(qv_int_value(v), qv_int_value(w), &difference)) {
        return qv_int_from_i64(qi, difference);
    }
    QvMag a, b;
    qv_mag_init(&a, v);
    qv_mag_init(&b, w);
    return add_held(qi, v, &a, w, &b, !b.negative);
}

QvObj *qv_int_neg(QvInterp *qi, QvObj *o)
{
    if (qv_int_is_small(o) && qv_int_value(o) != INT64_MIN) {
        return qv_int_from_i64(qi, -qv_int_value(o));
    }
    QvMag m;
    qv_mag_init(&m, o);
    if (QV_UNLIKELY(m.n > QV_LIMBS_STEP)) {
        return qv_int_sub(qi, qv_int_from_i64(qi, 0), o); // polls; 0 is not counted
    }
    return qv_int_from_limbs(qi, m.p, m.n, m.negative ? 1 : -1);
}

QvObj *qv_int_abs(QvInterp *qi, QvObj *o)
{
    return qv_int_sign(o) < 0 ? qv_int_neg(qi, o) : qv_int_exact(qi, o);
}

// ---- product ------------------------------------------------------------------------------------

// r[0..an+bn) = a * b; an, bn > 0.
static void mul_limbs(uint64_t *r, const uint64_t *a, QvSsize an, const uint64_t *b, QvSsize bn)
{
    if (bn == 1 || an == 1) {
        const uint64_t *p = bn == 1 ? a : b;
        QvSsize n = bn == 1 ? an : bn;
        r[n] = mpn_mul_1(r, p, n, bn == 1 ? *b : *a);
        return;
    }
    if (a == b && an == bn) {
        mpn_sqr(r, a, an);
    } else if (an >= bn) {
        mpn_mul(r, a, an, b, bn);
    } else {
        mpn_mul(r, b, bn, a, an);
    }
}

// The same of two ints, which are held: a script may run meanwhile.
static int mul_held(QvInterp *qi, uint64_t *r, QvObj *v, const QvMag *a, QvObj *w, const QvMag *b)
{
    qv_incref(qi, v);
    qv_incref(qi, w);
    int status = qv_limbs_mul(qi, r, a->p, a->n, b->p, b->n);
    qv_decref(qi, v);
    qv_decref(qi, w);
    return status;
}

QvObj *qv_int_mul(QvInterp *qi, QvObj *v, QvObj *w)
{
    QvMag a, b;
    if (QV_LIKELY(qv_int_is_small(v) && qv_int_is_small(w))) {
        int64_t product;
        int64_t x = qv_int_value(v), y = qv_int_value(w);
        if (QV_LIKELY(!__builtin_mul_overflow(x, y, &product))) {
            return qv_int_from_i64(qi, product);
        }
        unsigned __int128 wide = (unsigned __int128)qv_abs_u64(x) * qv_abs_u64(y);
        return qv_int_from_u128(qi, (uint64_t)(wide >> 64), (uint64_t)wide, (x < 0) != (y < 0));
    }
    qv_mag_init(&a, v);
    qv_mag_init(&b, w);
    if (a.n == 0 || b.n == 0) {
        return qv_int_from_i64(qi, 0);
    }
    QvSsize n = a.n + b.n;
    bool negative = a.negative != b.negative;
    if (n <= STACK_LIMBS) {
        uint64_t r[STACK_LIMBS];
        mul_limbs(r, a.p, a.n, b.p, b.n);
        return qv_int_from_limbs(qi, r, n, negative ? -1 : 1);
    }
    QvLimbs *block = qv_int_heavy(qi, n) < 0 ? NULL : qv_limbs_new(qi, n);
    if (!block) {
        return NULL;
    }
    if (QV_LIKELY(n < QV_LIMBS_HEAVY / 8)) {
        mul_limbs(block->limb, a.p, a.n, b.p, b.n);
    } else if (mul_held(qi, block->limb, v, &a, w, &b) < 0) {
        qv_limbs_free(qi, block, n);
        return NULL;
    }
    return qv_int_from_limbs_take(qi, block, n, negative);
}

// ---- division -----------------------------------------------------------------------------------

// p[0..n) / d for d below 2**32, the quotient to q (if not NULL); the remainder. For a few limbs
// this is quicker than GMP's way, which first makes an inverse of d.
static uint64_t divide_u32(uint64_t *q, const uint64_t *p, QvSsize n, uint64_t d)
{
    uint64_t r = 0;
    for (QvSsize i = n; i-- > 0;) {
        uint64_t high = r << 32 | p[i] >> 32;
        uint64_t low = high % d << 32 | (p[i] & UINT32_MAX);
        if (q) {
            q[i] = high / d << 32 | low / d;
        }
        r = low % d;
    }
    return r;
}

// Floor division by one limb, on the stack.
static int divmod_limb(QvInterp *qi, const QvMag *a, uint64_t d, bool negative, bool r_negative,
                       QvObj **ret_q, QvObj **ret_r)
{
    uint64_t q[STACK_LIMBS], r;
    QvSsize n = a->n;
    QvObj *rest = NULL;
    if (n <= FEW_LIMBS && d <= UINT32_MAX) {
        r = divide_u32(q, a->p, n, d);
    } else if (ret_q == NULL && !negative) {
        r = mpn_mod_1(a->p, n, d);
    } else {
        r = mpn_divrem_1(q, 0, a->p, n, d);
    }
    if (negative && r != 0) {
        q[n] = mpn_add_1(q, q, n, 1);
        n++;
        r = d - r;
    }
    if (ret_r) {
        rest = qv_int_from_limbs(qi, &r, 1, r_negative ? -1 : 1);
        if (!rest) {
            return -1;
        }
        *ret_r = rest;
    }
    if (ret_q) {
        *ret_q = qv_int_from_limbs(qi, q, n, negative ? -1 : 1);
        if (!*ret_q) {
            if (ret_r) {
                qv_clear(qi, ret_r);
            }
            return -1;
        }
    }
    return 0;
}

// Floor division of magnitudes with signs; a, b not both small, b not 0.
static int divmod_mags(QvInterp *qi, const QvMag *a, const QvMag *b, QvObj **ret_q, QvObj **ret_r)
{
    bool negative = a->negative != b->negative; // of the quotient
    if (b->n == 1 && a->n <= STACK_LIMBS - 1) {
        return divmod_limb(qi, a, b->p[0], negative, b->negative, ret_q, ret_r);
    }
    QvSsize qn = a->n >= b->n ? a->n - b->n + 1 : 0;
    QvLimbs *q = NULL, *r = NULL;
    if (qv_int_heavy(qi, a->n + b->n) < 0) {
        return -1;
    }
    q = qv_limbs_new(qi, qn + 1); // one more: rounding down may carry
    r = q ? qv_limbs_new(qi, b->n) : NULL;
    if (!r) {
        qv_limbs_free(qi, q, qn + 1);
        return -1;
    }
    if (qn > 0) {
        if (qv_limbs_divide(qi, q->limb, r->limb, a->p, a->n, b->p, b->n) < 0) {
            qv_limbs_free(qi, q, qn + 1);
            qv_limbs_free(qi, r, b->n);
            return -1;
        }
    } else {
        memcpy(r->limb, a->p, (size_t)a->n * sizeof(uint64_t));
        memset(r->limb + a->n, 0, (size_t)(b->n - a->n) * sizeof(uint64_t));
    }
    q->limb[qn] = 0;
    if (negative && !mpn_zero_p(r->limb, b->n)) {
        mpn_add_1(q->limb, q->limb, qn + 1, 1);
        mpn_sub_n(r->limb, b->p, r->limb, b->n);
    }
    // The remainder has the divisor's sign.
    QvObj *rest = NULL;
    if (ret_r) {
        rest = qv_int_from_limbs_take(qi, r, b->n, b->negative);
    } else {
        qv_limbs_free(qi, r, b->n);
    }
    if (ret_r && !rest) {
        qv_limbs_free(qi, q, qn + 1);
        return -1;
    }
    if (ret_q) {
        *ret_q = qv_int_from_limbs_take(qi, q, qn + 1, negative);
        if (!*ret_q) {
            qv_xdecref(qi, rest);
            return -1;
        }
    } else {
        qv_limbs_free(qi, q, qn + 1);
    }
    if (ret_r) {
        *ret_r = rest;
    }
    return 0;
}

// Floor division of 64-bit values, y not 0. The quotient of INT64_MIN / -1 wraps: the caller looks.
static inline void divmod_i64(int64_t x, int64_t y, int64_t *ret_q, int64_t *ret_r)
{
    if (QV_UNLIKELY(y == -1)) {
        *ret_q = (int64_t)(0 - (uint64_t)x);
        *ret_r = 0;
        return;
    }
    int64_t q = x / y, r = x % y;
    if (r != 0 && (r ^ y) < 0) {
        q--;
        r += y;
    }
    *ret_q = q;
    *ret_r = r;
}

int qv_int_divmod_parts(QvInterp *qi, QvObj *v, QvObj *w, QvObj **ret_q, QvObj **ret_r)
{
    if (qv_int_sign(w) == 0) {
        // The text tells the operators apart as CPython does: only % alone is a modulo.
        return qv_raise_int(qi, &qv_exc_ZeroDivisionError,
                            ret_q ? "integer division or modulo by zero"
                                  : "integer modulo by zero");
    }
    if (QV_LIKELY(qv_int_is_small(v) && qv_int_is_small(w))) {
        int64_t q, r;
        int64_t x = qv_int_value(v), y = qv_int_value(w);
        divmod_i64(x, y, &q, &r);
        if (ret_r) {
            *ret_r = qv_int_from_i64(qi, r);
            if (!*ret_r) {
                return -1;
            }
        }
        if (ret_q) {
            *ret_q = x == INT64_MIN && y == -1 ? qv_int_from_u64(qi, (uint64_t)q)
                                               : qv_int_from_i64(qi, q);
            if (!*ret_q) {
                if (ret_r) {
                    qv_clear(qi, ret_r);
                }
                return -1;
            }
        }
        return 0;
    }
    QvMag a, b;
    qv_mag_init(&a, v);
    qv_mag_init(&b, w);
    qv_incref(qi, v); // a long division may run a script
    qv_incref(qi, w);
    int status = divmod_mags(qi, &a, &b, ret_q, ret_r);
    qv_decref(qi, v);
    qv_decref(qi, w);
    return status;
}

QvObj *qv_int_floordiv(QvInterp *qi, QvObj *v, QvObj *w)
{
    QvObj *q = NULL;
    return qv_int_divmod_parts(qi, v, w, &q, NULL) < 0 ? NULL : q;
}

QvObj *qv_int_mod(QvInterp *qi, QvObj *v, QvObj *w)
{
    QvObj *r = NULL;
    return qv_int_divmod_parts(qi, v, w, NULL, &r) < 0 ? NULL : r;
}

QvObj *qv_int_divmod(QvInterp *qi, QvObj *v, QvObj *w)
{
    QvObj *q, *r;
    if (qv_int_divmod_parts(qi, v, w, &q, &r) < 0) {
        return NULL;
    }
    QvObj *ret = qv_tuple_of(qi, 2, q, r);
    qv_decref(qi, q);
    qv_decref(qi, r);
    return ret;
}

// Copies {p, n} shifted left by `bits` to r; n + bits / 64 + 1 limbs, returned without zeros at the
// top. -1 with an exception.
static QvSsize shift_left(QvInterp *qi, uint64_t *r, const uint64_t *p, QvSsize n, uint64_t bits)
{
    QvSsize words = (QvSsize)(bits / 64);
    if (qv_units_fill_long(qi, r, QV_STR_1, words * (QvSsize)sizeof(uint64_t), 0) < 0) {
        return -1;
    }
    if (qv_limbs_shift_up(qi, r + words, p, n, (unsigned)(bits % 64), &r[words + n]) < 0) {
        return -1;
    }
    QvSsize total = words + n + 1;
    return r[total - 1] ? total : total - 1;
}

// a / b rounded once: the quotient of suitably shifted operands has 63 or 64 bits, the remainder
// tells whether more follows.
static QvObj *true_quotient(QvInterp *qi, const QvMag *a, const QvMag *b)
{
    bool negative = a->negative != b->negative;
    if (a->n == 0) {
        return qv_float_new(qi, negative ? -0.0 : 0.0);
    }
    int64_t shift = (int64_t)qv_mag_bits(a->p, a->n) - (int64_t)qv_mag_bits(b->p, b->n) - 63;
    if (shift > 1024) {
        return qv_raise(qi, &qv_exc_OverflowError, "integer division result too large for a float");
    }
    if (shift < -1200) {
        return qv_float_new(qi, negative ? -0.0 : 0.0);
    }
    uint64_t up = (uint64_t)(shift < 0 ? -shift : shift);
    const QvMag *moved = shift < 0 ? a : b;
    QvSsize room = moved->n + (QvSsize)(up / 64) + 1;
    if (qv_int_heavy(qi, a->n + b->n) < 0) {
        return NULL;
    }
    QvLimbs *block = qv_limbs_new(qi, room);
    if (!block) {
        return NULL;
    }
    QvSsize n = shift_left(qi, block->limb, moved->p, moved->n, up);
    if (n < 0) {
        qv_limbs_free(qi, block, room);
        return NULL;
    }
    const uint64_t *ap = shift < 0 ? block->limb : a->p;
    QvSsize an = shift < 0 ? n : a->n;
    const uint64_t *bp = shift < 0 ? b->p : block->limb;
    QvSsize bn = shift < 0 ? b->n : n;
    QvLimbs *work = qv_limbs_new(qi, (an - bn + 1) + bn);
    if (!work) {
        qv_limbs_free(qi, block, room);
        return NULL;
    }
    uint64_t *q = work->limb, *r = work->limb + (an - bn + 1);
    if (qv_limbs_divide(qi, q, r, ap, an, bp, bn) < 0) {
        qv_limbs_free(qi, work, (an - bn + 1) + bn);
        qv_limbs_free(qi, block, room);
        return NULL;
    }
    double d = qv_round_double(q[0], !mpn_zero_p(r, bn), shift);
    qv_limbs_free(qi, work, (an - bn + 1) + bn);
    qv_limbs_free(qi, block, room);
    if (isinf(d)) {
        return qv_raise(qi, &qv_exc_OverflowError, "integer division result too large for a float");
    }
    return qv_float_new(qi, negative ? -d : d);
}

QvObj *qv_int_truediv(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (qv_int_sign(w) == 0) {
        return qv_raise(qi, &qv_exc_ZeroDivisionError, "division by zero");
    }
    if (QV_LIKELY(qv_int_is_small(v) && qv_int_is_small(w))) {
        int64_t x = qv_int_value(v), y = qv_int_value(w);
        uint64_t exact = UINT64_C(1) << 53;
        if (QV_LIKELY(qv_abs_u64(x) <= exact && qv_abs_u64(y) <= exact)) {
            return qv_float_new(qi, (double)x / (double)y);
        }
    }
    QvMag a, b;
    qv_mag_init(&a, v);
    qv_mag_init(&b, w);
    return true_quotient(qi, &a, &b);
}

// ---- power --------------------------------------------------------------------------------------

// base ** e; base of at least 2 in magnitude, e > 0. The result's size is known beforehand, so what
// cannot be held fails at once.
static QvObj *power(QvInterp *qi, const QvMag *base, uint64_t e)
{
    // Powers of two in the base become one shift at the end.
    uint64_t twos = mpn_scan1(base->p, 0);
    uint64_t bits = qv_mag_bits(base->p, base->n) - twos; // of the odd part
    unsigned __int128 all = (unsigned __int128)(bits + twos) * e;
    if (all > (unsigned __int128)QV_LIMBS_MAX * 64) {
        return qv_raise_oom(qi);
    }
    bool negative = base->negative && (e & 1);
    QvSsize cap = (QvSsize)(bits * e / 64) + 2;
    uint64_t shift = twos * e;
    QvSsize result_cap = cap + (QvSsize)(shift / 64) + 1;
    QvSsize odd_cap = base->n;
    QvObj *ret = NULL;
    if (qv_int_heavy(qi, result_cap) < 0) {
        return NULL;
    }
    QvLimbs *odd = qv_limbs_new(qi, odd_cap);
    QvLimbs *x = odd ? qv_limbs_new(qi, cap) : NULL;
    QvLimbs *y = x ? qv_limbs_new(qi, cap) : NULL;
    if (!y) {
        goto done;
    }
    QvSsize odd_n = base->n - (QvSsize)(twos / 64);
    if (twos % 64) {
        mpn_rshift(odd->limb, base->p + twos / 64, odd_n, (unsigned)(twos % 64));
    } else {
        memcpy(odd->limb, base->p + twos / 64, (size_t)odd_n * sizeof(uint64_t));
    }
    odd_n -= odd->limb[odd_n - 1] == 0;
    memcpy(x->limb, odd->limb, (size_t)odd_n * sizeof(uint64_t));
    QvSsize n = odd_n;
    for (int bit = 62 - __builtin_clzll(e); bit >= 0 && bits > 1; bit--) {
        if (n > 1024 && qv_poll_here(qi) < 0) {
            goto done;
        }
        if (qv_limbs_mul(qi, y->limb, x->limb, n, x->limb, n) < 0) {
            goto done;
        }
        n = 2 * n - (y->limb[2 * n - 1] == 0);
        QvLimbs *swap = x;
        x = y;
        y = swap;
        if (e >> bit & 1) {
            if (qv_limbs_mul(qi, y->limb, x->limb, n, odd->limb, odd_n) < 0) {
                goto done;
            }
            n += odd_n;
            n -= y->limb[n - 1] == 0;
            swap = x;
            x = y;
            y = swap;
        }
    }
    if (shift == 0) {
        memset(x->limb + n, 0, (size_t)(cap - n) * sizeof(uint64_t));
        QvLimbs *taken = x;
        x = NULL;
        ret = qv_int_from_limbs_take(qi, taken, cap, negative);
    } else {
        QvSsize total = n + (QvSsize)(shift / 64) + 1;
        QvLimbs *r = qv_limbs_new(qi, total);
        if (r) {
            QvSsize used = shift_left(qi, r->limb, x->limb, n, shift);
            if (used < 0) {
                qv_limbs_free(qi, r, total);
                goto done;
            }
            if (used < total) {
                r->limb[used] = 0;
            }
            ret = qv_int_from_limbs_take(qi, r, total, negative);
        }
    }
done:
    qv_limbs_free(qi, odd, odd_cap);
    qv_limbs_free(qi, x, cap);
    qv_limbs_free(qi, y, cap);
    return ret;
}

static QvObj *power_plain(QvInterp *qi, QvObj *v, QvObj *w)
{
    int64_t e;
    bool e_fits = qv_int_as_i64(w, &e) != 0;
    if (qv_int_is_small(v)) {
        int64_t x = qv_int_value(v);
        if (x == 0 || x == 1) {
            return qv_int_from_i64(qi, e == 0 ? 1 : x);
        }
        if (x == -1) {
            return qv_int_from_i64(qi, qv_int_as_u64_mask(w) & 1 ? -1 : 1);
        }
        if (e_fits && e < 64) {
            int64_t r = 1, square = x;
            bool overflow = false;
            for (int64_t k = e; k > 0; k >>= 1) {
                if (k & 1) {
                    overflow |= __builtin_mul_overflow(r, square, &r);
                }
                if (k > 1) {
                    overflow |= __builtin_mul_overflow(square, square, &square);
                }
            }
            if (!overflow) {
                return qv_int_from_i64(qi, r);
            }
        }
    }
    if (e == 0) {
        return qv_int_from_i64(qi, 1);
    }
    if (!e_fits) {
        return qv_raise_oom(qi);
    }
    QvMag base;
    qv_mag_init(&base, v);
    return power(qi, &base, (uint64_t)e);
}

// x ** e mod m in 64 bits; x < m.
static uint64_t powmod_u64(uint64_t x, const QvMag *e, uint64_t m)
{
    uint64_t r = m > 1;
    for (QvSsize i = e->n; i-- > 0;) {
        for (int bit = 63; bit >= 0; bit--) {
            r = (uint64_t)((unsigned __int128)r * r % m);
            if (e->p[i] >> bit & 1) {
                r = (uint64_t)((unsigned __int128)r * x % m);
            }
        }
    }
    return r;
}

typedef struct Modular {
    QvInterp *qi;
    const uint64_t *m; // modulus
    QvSsize n;         // its limbs
    uint64_t *product, *quotient;
} Modular;

static QV_NOINLINE int mul_modulo_long(Modular *w, uint64_t *r, const uint64_t *a,
                                       const uint64_t *b)
{
    if (qv_poll_here(w->qi) < 0 || qv_limbs_mul(w->qi, w->product, a, w->n, b, w->n) < 0) {
        return -1;
    }
    return qv_limbs_divide(w->qi, w->quotient, r, w->product, 2 * w->n, w->m, w->n);
}

// r = a * b modulo m; n limbs each, zeros at the top allowed.
static QV_ALWAYS_INLINE int mul_modulo(Modular *w, uint64_t *r, const uint64_t *a,
                                       const uint64_t *b)
{
    if (QV_UNLIKELY(w->n >= QV_LIMBS_HEAVY / 32)) {
        return mul_modulo_long(w, r, a, b);
    }
    if (a == b) {
        mpn_sqr(w->product, a, w->n);
    } else {
        mpn_mul_n(w->product, a, b, w->n);
    }
    mpn_tdiv_qr(w->quotient, r, 0, w->product, 2 * w->n, w->m, w->n);
    return 0;
}

#define WINDOW 4 // bits of the exponent taken at once

// x ** e mod m for limbs: x < m has mn limbs (zeros at the top allowed), m > 1. Left to right with
// a table of the first powers of x. r has mn limbs.
static int powmod_limbs(QvInterp *qi, uint64_t *r, const uint64_t *x, const QvMag *e,
                        const QvMag *m)
{
    QvSsize mn = m->n;
    QvSsize room = mn << WINDOW;             // the table
    QvSsize work_n = room + 2 * mn + mn + 1; // and a product, and a quotient
    if (qv_int_heavy(qi, work_n) < 0) {
        return -1;
    }
    QvLimbs *work = qv_limbs_new(qi, work_n);
    if (!work) {
        return -1;
    }
    uint64_t *table = work->limb, *product = table + room, *quotient = product + 2 * mn;
    int ret = -1;
    memset(table, 0, (size_t)mn * sizeof(uint64_t));
    table[0] = 1;
    Modular mod = {qi, m->p, mn, product, quotient};
    for (int i = 1; i < 1 << WINDOW; i++) {
        if (mul_modulo(&mod, table + i * mn, table + (i - 1) * mn, x) < 0) {
            goto done;
        }
    }
    memcpy(r, table, (size_t)mn * sizeof(uint64_t));
    uint64_t steps = (qv_mag_bits(e->p, e->n) + WINDOW - 1) / WINDOW;
    for (uint64_t step = steps; step-- > 0;) {
        if ((mn > 64 || (step & 63) == 63) && qv_poll_here(qi) < 0) {
            goto done;
        }
        for (int k = 0; k < WINDOW && step != steps - 1; k++) {
            if (mul_modulo(&mod, r, r, r) < 0) {
                goto done;
            }
        }
        uint64_t digit = e->p[step * WINDOW / 64] >> (step * WINDOW % 64) & ((1 << WINDOW) - 1);
        if (digit && mul_modulo(&mod, r, r, table + (QvSsize)digit * mn) < 0) {
            goto done;
        }
    }
    ret = 0;
done:
    qv_limbs_free(qi, work, work_n);
    return ret;
}

// The inverse of v modulo m > 0: 0 <= result < m.
static QvObj *inverse(QvInterp *qi, QvObj *v, QvObj *m)
{
    QvObj *ret = NULL;
    QvLimbs *work = NULL;
    QvSsize work_n = 0;
    QvObj *x = qv_int_mod(qi, v, m);
    if (!x) {
        return NULL;
    }
    QvMag mod, xm;
    qv_mag_init(&mod, m);
    if (mod.n == 1 && mod.p[0] == 1) {
        ret = qv_int_from_i64(qi, 0);
        goto done;
    }
    if (qv_int_sign(x) == 0) {
        qv_raise(qi, &qv_exc_ValueError, "base is not invertible for the given modulus");
        goto done;
    }
    // gcdext wants its first operand no shorter than the second: x + m serves as well as x.
    QvObj *sum = qv_int_add(qi, x, m);
    qv_set_take(qi, &x, sum);
    if (!x) {
        return NULL;
    }
    qv_mag_init(&xm, x);
    // u, v, g, s with the limb more that each may need.
    work_n = (xm.n + 1) + (mod.n + 1) + (mod.n + 1) + (mod.n + 2);
    if (qv_int_heavy(qi, work_n) < 0 || !(work = qv_limbs_new(qi, work_n))) {
        goto done;
    }
    uint64_t *up = work->limb, *vp = up + xm.n + 1, *gp = vp + mod.n + 1, *sp = gp + mod.n + 1;
    memcpy(up, xm.p, (size_t)xm.n * sizeof(uint64_t));
    memcpy(vp, mod.p, (size_t)mod.n * sizeof(uint64_t));
    QvSsize sn, gn;
    if (qv_limbs_gcdext(qi, gp, &gn, sp, &sn, up, xm.n, vp, mod.n) < 0) {
        goto done;
    }
    if (gn != 1 || gp[0] != 1) {
        qv_raise(qi, &qv_exc_ValueError, "base is not invertible for the given modulus");
        goto done;
    }
    QvObj *s = qv_int_from_limbs(qi, sp, sn < 0 ? -sn : sn, sn < 0 ? -1 : 1);
    if (s) {
        ret = qv_int_mod(qi, s, m);
        qv_decref(qi, s);
    }
done:
    qv_limbs_free(qi, work, work_n);
    qv_decref(qi, x);
    return ret;
}

// v ** w mod m for 0 <= v < m, w >= 0, m > 1.
static QvObj *powmod(QvInterp *qi, QvObj *v, QvObj *w, QvObj *mod)
{
    QvMag x, e, m;
    qv_mag_init(&x, v);
    qv_mag_init(&e, w);
    qv_mag_init(&m, mod);
    if (m.n == 1) {
        return qv_int_from_u64(qi, powmod_u64(x.n ? x.p[0] : 0, &e, m.p[0]));
    }
    QvLimbs *padded = qv_limbs_new(qi, m.n);
    QvLimbs *r = padded ? qv_limbs_new(qi, m.n) : NULL;
    QvObj *ret = NULL;
    if (r) {
        memset(padded->limb, 0, (size_t)m.n * sizeof(uint64_t));
        memcpy(padded->limb, x.p, (size_t)x.n * sizeof(uint64_t));
        if (powmod_limbs(qi, r->limb, padded->limb, &e, &m) == 0) {
            ret = qv_int_from_limbs(qi, r->limb, m.n, 1);
        }
        qv_limbs_free(qi, r, m.n);
    }
    qv_limbs_free(qi, padded, m.n);
    return ret;
}

static QvObj *power_modulo(QvInterp *qi, QvObj *v, QvObj *w, QvObj *mod)
{
    if (qv_int_sign(mod) == 0) {
        return qv_raise(qi, &qv_exc_ValueError, "pow() 3rd argument cannot be 0");
    }
    bool negative = qv_int_sign(mod) < 0;
    QvObj *x = NULL, *ret = NULL;
    QvObj *m = qv_int_abs(qi, mod);
    QvObj *e = qv_int_abs(qi, w);
    if (!m || !e) {
        goto done;
    }
    if (qv_int_is_small(m) && qv_int_value(m) == 1) {
        ret = qv_int_from_i64(qi, 0);
        goto done;
    }
    x = qv_int_sign(w) < 0 ? inverse(qi, v, m) : qv_int_mod(qi, v, m);
    if (!x) {
        goto done;
    }
    ret = powmod(qi, x, e, m);
    if (ret && negative && qv_int_sign(ret) != 0) {
        qv_set_take(qi, &ret, qv_int_sub(qi, ret, m));
    }
done:
    qv_xdecref(qi, m);
    qv_xdecref(qi, e);
    qv_xdecref(qi, x);
    return ret;
}

QvObj *qv_int_pow(QvInterp *qi, QvObj *v, QvObj *w, QvObj *mod)
{
    if (mod != QV_NONE) {
        return power_modulo(qi, v, w, mod);
    }
    if (qv_int_sign(w) < 0) {
        double x, y;
        if (qv_int_to_double(qi, v, &x) < 0 || qv_int_to_double(qi, w, &y) < 0) {
            return NULL;
        }
        return qv_float_pow(qi, x, y);
    }
    return power_plain(qi, v, w);
}

// ---- greatest common divisor --------------------------------------------------------------------

static uint64_t gcd_u64(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t r = a % b;
        a = b;
        b = r;
    }
    return a;
}

QvObj *qv_int_gcd(QvInterp *qi, QvObj *v, QvObj *w)
{
    QvMag a, b;
    qv_mag_init(&a, v);
    qv_mag_init(&b, w);
    if (a.n <= 1 && b.n <= 1) {
        return qv_int_from_u64(qi, gcd_u64(a.n ? a.p[0] : 0, b.n ? b.p[0] : 0));
    }
    if (a.n == 0 || b.n == 0) {
        return qv_int_abs(qi, a.n == 0 ? w : v);
    }
    // mpn_gcd wants the second operand odd and not longer than the first: common twos come out
    // first.
    uint64_t ta = mpn_scan1(a.p, 0), tb = mpn_scan1(b.p, 0);
    uint64_t twos = ta < tb ? ta : tb;
    QvSsize work_n = a.n + b.n;
    if (qv_int_heavy(qi, work_n) < 0) {
        return NULL;
    }
    QvSsize ret_n = (a.n < b.n ? a.n : b.n) + 1;
    QvLimbs *work = qv_limbs_new(qi, work_n);
    QvLimbs *g = work ? qv_limbs_new(qi, ret_n) : NULL;
    QvLimbs *ret = g ? qv_limbs_new(qi, ret_n) : NULL;
    if (!ret) {
        qv_limbs_free(qi, work, work_n);
        qv_limbs_free(qi, g, ret_n);
        return NULL;
    }
    const QvMag *parts[2] = {&a, &b};
    const uint64_t shifts[2] = {ta, tb};
    uint64_t *p[2] = {work->limb, work->limb + a.n};
    QvSsize n[2];
    for (int i = 0; i < 2; i++) { // both made odd: the gcd's odd part stays
        QvSsize words = (QvSsize)(shifts[i] / 64);
        n[i] = parts[i]->n - words;
        if (shifts[i] % 64) {
            mpn_rshift(p[i], parts[i]->p + words, n[i], (unsigned)(shifts[i] % 64));
        } else {
            memcpy(p[i], parts[i]->p + words, (size_t)n[i] * sizeof(uint64_t));
        }
        n[i] -= p[i][n[i] - 1] == 0;
    }
    int first = n[0] > n[1] || (n[0] == n[1] && mpn_cmp(p[0], p[1], n[0]) >= 0) ? 0 : 1;
    QvSsize gn;
    if (qv_limbs_gcd(qi, g->limb, &gn, p[first], n[first], p[!first], n[!first]) < 0) {
        qv_limbs_free(qi, work, work_n);
        qv_limbs_free(qi, g, ret_n);
        qv_limbs_free(qi, ret, ret_n);
        return NULL;
    }
    memset(ret->limb, 0, (size_t)ret_n * sizeof(uint64_t));
    // The gcd divides both, so shifted back it is no longer than the shorter one.
    QvSsize words = (QvSsize)(twos / 64);
    uint64_t carry = 0;
    if (twos % 64) {
        carry = mpn_lshift(ret->limb + words, g->limb, gn, (unsigned)(twos % 64));
    } else {
        memcpy(ret->limb + words, g->limb, (size_t)gn * sizeof(uint64_t));
    }
    if (carry) {
        ret->limb[words + gn] = carry;
    }
    qv_limbs_free(qi, work, work_n);
    qv_limbs_free(qi, g, ret_n);
    return qv_int_from_limbs_take(qi, ret, ret_n, false);
}
