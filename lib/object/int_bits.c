// SPDX-License-Identifier: MIT
// int: shifts, bitwise operations and bytes. Big values are kept as sign and magnitude; the
// operations behave as on two's complement of endless width.
#include <string.h>

#include "object/bytes.h"
#include "object/error.h"
#include "object/int_heavy.h"
#include "object/int_internal.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str.h"

// ---- shifts -------------------------------------------------------------------------------------

int qv_limbs_shift_up(QvInterp *qi, uint64_t *r, const uint64_t *p, QvSsize n, unsigned bits,
                      uint64_t *ret_carry)
{
    uint64_t carry = 0;
    for (QvSsize i = 0, k; i < n; i += k) {
        k = n - i < QV_LIMBS_STEP ? n - i : QV_LIMBS_STEP;
        uint64_t out = 0;
        if (bits) {
            out = mpn_lshift(r + i, p + i, k, bits);
            r[i] |= carry;
        } else {
            memcpy(r + i, p + i, (size_t)k * sizeof(uint64_t));
        }
        carry = out;
        if (n > QV_LIMBS_STEP && qv_poll_here(qi) < 0) {
            return -1;
        }
    }
    *ret_carry = carry;
    return 0;
}

// The same to the right; what leaves it at the bottom, at the upper end of a limb.
static int shift_down(QvInterp *qi, uint64_t *r, const uint64_t *p, QvSsize n, unsigned bits,
                      uint64_t *ret_lost)
{
    *ret_lost = 0;
    for (QvSsize i = 0, k; i < n; i += k) {
        k = n - i < QV_LIMBS_STEP ? n - i : QV_LIMBS_STEP;
        uint64_t out = 0;
        if (bits) {
            out = mpn_rshift(r + i, p + i, k, bits);
        } else {
            memcpy(r + i, p + i, (size_t)k * sizeof(uint64_t));
        }
        *(i > 0 ? r + i - 1 : ret_lost) |= out;
        if (n > QV_LIMBS_STEP && qv_poll_here(qi) < 0) {
            return -1;
        }
    }
    return 0;
}

static QvObj *shift_left(QvInterp *qi, const QvMag *m, uint64_t bits)
{
    if (bits / 64 > (uint64_t)QV_LIMBS_MAX) {
        return qv_raise_oom(qi);
    }
    QvSsize words = (QvSsize)(bits / 64);
    unsigned rest = (unsigned)(bits % 64);
    QvSsize n = words + m->n + (rest > 0 && m->p[m->n - 1] >> (64 - rest) != 0);
    QvLimbs *l = qv_limbs_new(qi, n);
    if (!l) {
        return NULL;
    }
    for (QvSsize i = 0; i < words; i += QV_LIMBS_STEP) {
        QvSsize k = words - i < QV_LIMBS_STEP ? words - i : QV_LIMBS_STEP;
        memset(l->limb + i, 0, (size_t)k * sizeof(uint64_t));
        if (words > QV_LIMBS_STEP && qv_poll_here(qi) < 0) {
            qv_limbs_free(qi, l, n);
            return NULL;
        }
    }
    uint64_t carry;
    if (qv_limbs_shift_up(qi, l->limb + words, m->p, m->n, rest, &carry) < 0) {
        qv_limbs_free(qi, l, n);
        return NULL;
    }
    if (words + m->n < n) {
        l->limb[n - 1] = carry;
    }
    return qv_int_from_limbs_take(qi, l, n, m->negative);
}

QvObj *qv_int_lshift(QvInterp *qi, QvObj *v, QvObj *w)
{
    int64_t bits;
    int fits = qv_int_as_i64(w, &bits);
    if (bits < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "negative shift count");
    }
    if (qv_int_is_small(v)) {
        int64_t x = qv_int_value(v);
        if (x == 0) {
            return qv_int_from_i64(qi, 0);
        }
        if (bits < 63) {
            int64_t r = (int64_t)((uint64_t)x << bits);
            if (r >> bits == x) {
                return qv_int_from_i64(qi, r);
            }
        }
    }
    if (!fits) {
        return qv_raise(qi, &qv_exc_OverflowError, "too many digits in integer");
    }
    QvMag m;
    qv_mag_init(&m, v);
    qv_incref(qi, v); // a long shift may run a script
    QvObj *ret = shift_left(qi, &m, (uint64_t)bits);
    qv_decref(qi, v);
    return ret;
}

QvObj *qv_int_rshift(QvInterp *qi, QvObj *v, QvObj *w)
{
    int64_t bits;
    qv_int_as_i64(w, &bits);
    if (bits < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "negative shift count");
    }
    if (qv_int_is_small(v)) {
        return qv_int_from_i64(qi, qv_int_value(v) >> (bits > 63 ? 63 : bits));
    }
    QvMag m;
    qv_mag_init(&m, v);
    if (bits / 64 >= m.n) {
        return qv_int_from_i64(qi, m.negative ? -1 : 0);
    }
    QvSsize words = (QvSsize)(bits / 64);
    unsigned rest = (unsigned)(bits % 64);
    QvSsize n = m.n - words;
    QvLimbs *l = qv_limbs_new(qi, n + 1); // one more: rounding down may carry
    if (!l) {
        return NULL;
    }
    uint64_t lost;
    qv_incref(qi, v); // a long shift may run a script
    int status = shift_down(qi, l->limb, m.p + words, n, rest, &lost);
    qv_decref(qi, v);
    if (status < 0) {
        qv_limbs_free(qi, l, n + 1);
        return NULL;
    }
    l->limb[n] = 0;
    if (m.negative) {
        for (QvSsize i = 0; i < words && !lost; i++) {
            lost = m.p[i];
        }
        if (lost) {
            mpn_add_1(l->limb, l->limb, n + 1, 1);
        }
    }
    return qv_int_from_limbs_take(qi, l, n + 1, m.negative);
}

// ---- bitwise ------------------------------------------------------------------------------------

typedef enum BitOp { BIT_AND, BIT_OR, BIT_XOR } BitOp;

// The limbs of an operand in two's complement, one after the other.
typedef struct Twos {
    const QvMag *m;
    uint64_t carry; // of the +1 after the inversion
} Twos;

static inline uint64_t twos_limb(Twos *t, QvSsize i)
{
    uint64_t limb = i < t->m->n ? t->m->p[i] : 0;
    if (!t->m->negative) {
        return limb;
    }
    limb = ~limb + t->carry;
    t->carry = t->carry && limb == 0;
    return limb;
}

static inline uint64_t combine(BitOp op, uint64_t a, uint64_t b)
{
    return op == BIT_AND ? a & b : op == BIT_OR ? a | b : a ^ b;
}

static QvObj *combine_big(QvInterp *qi, QvObj *v, QvObj *w, BitOp op)
{
    QvMag a, b;
    qv_mag_init(&a, v);
    qv_mag_init(&b, w);
    bool negative = combine(op, a.negative, b.negative) != 0;
    QvSsize n = a.n > b.n ? a.n : b.n;
    if (op == BIT_AND) {
        // An operand that is not negative has zeros beyond its end.
        if (!a.negative && a.n < n) {
            n = a.n;
        }
        if (!b.negative && b.n < n) {
            n = b.n;
        }
    }
    n += negative; // -2**(64 * n) needs one limb more
    QvLimbs *l = qv_limbs_new(qi, n);
    if (!l) {
        return NULL;
    }
    if (!a.negative && !b.negative && a.n >= n && b.n >= n && n > 0) {
        for (QvSsize i = 0, k; i < n; i += k) {
            k = n - i < QV_LIMBS_STEP ? n - i : QV_LIMBS_STEP;
            if (op == BIT_AND) {
                mpn_and_n(l->limb + i, a.p + i, b.p + i, k);
            } else if (op == BIT_OR) {
                mpn_ior_n(l->limb + i, a.p + i, b.p + i, k);
            } else {
                mpn_xor_n(l->limb + i, a.p + i, b.p + i, k);
            }
            if (n > QV_LIMBS_STEP && qv_poll_here(qi) < 0) {
                qv_limbs_free(qi, l, n);
                return NULL;
            }
        }
        return qv_int_from_limbs_take(qi, l, n, false);
    }
    Twos ta = {&a, 1}, tb = {&b, 1};
    uint64_t carry = 1; // back from two's complement
    for (QvSsize i = 0; i < n; i++) {
        uint64_t x = twos_limb(&ta, i), y = twos_limb(&tb, i);
        uint64_t limb = combine(op, x, y);
        if (negative) {
            limb = ~limb + carry;
            carry = carry && limb == 0;
        }
        l->limb[i] = limb;
        if (QV_UNLIKELY((i & (QV_LIMBS_STEP - 1)) == QV_LIMBS_STEP - 1) && qv_poll_here(qi) < 0) {
            qv_limbs_free(qi, l, n);
            return NULL;
        }
    }
    return qv_int_from_limbs_take(qi, l, n, negative);
}

static QvObj *bitwise(QvInterp *qi, QvObj *v, QvObj *w, BitOp op)
{
    if (QV_LIKELY(qv_int_is_small(v) && qv_int_is_small(w))) {
        return qv_int_from_i64(
            qi, (int64_t)combine(op, (uint64_t)qv_int_value(v), (uint64_t)qv_int_value(w)));
    }
    qv_incref(qi, v); // with very large ones a script may run
    qv_incref(qi, w);
    QvObj *ret = combine_big(qi, v, w, op);
    qv_decref(qi, v);
    qv_decref(qi, w);
    return ret;
}

QvObj *qv_int_and(QvInterp *qi, QvObj *v, QvObj *w) { return bitwise(qi, v, w, BIT_AND); }

QvObj *qv_int_or(QvInterp *qi, QvObj *v, QvObj *w) { return bitwise(qi, v, w, BIT_OR); }

QvObj *qv_int_xor(QvInterp *qi, QvObj *v, QvObj *w) { return bitwise(qi, v, w, BIT_XOR); }

QvObj *qv_int_invert(QvInterp *qi, QvObj *o)
{
    if (qv_int_is_small(o)) {
        return qv_int_from_i64(qi, ~qv_int_value(o));
    }
    QvObj *minus_one = qv_int_from_i64(qi, -1); // cached: not counted
    return qv_int_sub(qi, minus_one, o);
}

// ---- bits and bytes -----------------------------------------------------------------------------

QvObj *qv_int_method_bit_length(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_int_from_u64(qi, qv_int_bit_length(self));
}

QvObj *qv_int_method_bit_count(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvMag m;
    qv_mag_init(&m, self);
    return qv_int_from_u64(qi, m.n == 0 ? 0 : mpn_popcount(m.p, m.n));
}

int qv_int_to_bytes(QvInterp *qi, QvObj *o, uint8_t *out, QvSsize n, bool little, bool is_signed)
{
    QvMag m;
    qv_mag_init(&m, o);
    if (m.negative && !is_signed) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "can't convert negative int to unsigned");
    }
    uint64_t bits = qv_mag_bits(m.p, m.n);
    if (is_signed && m.n > 0) {
        // One for the sign; -2**k alone needs none beyond k.
        bool power = m.negative && mpn_scan1(m.p, 0) == bits - 1;
        bits += !power;
    }
    if ((uint64_t)n < (bits + 7) / 8) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "int too big to convert");
    }
    Twos t = {&m, 1};
    uint64_t limb = 0;
    for (QvSsize i = 0; i < n; i++) {
        if (i % 8 == 0) {
            limb = twos_limb(&t, i / 8);
        }
        out[little ? i : n - 1 - i] = (uint8_t)limb;
        limb >>= 8;
        if (qv_poll_step(qi, i) < 0) { // the caller holds o
            return -1;
        }
    }
    return 0;
}

QvObj *qv_int_from_bytes(QvInterp *qi, const uint8_t *in, QvSsize n, bool little, bool is_signed)
{
    if (n == 0) {
        return qv_int_from_i64(qi, 0);
    }
    bool negative = is_signed && (in[little ? n - 1 : 0] & 0x80);
    QvSsize nlimbs = (n + 7) / 8;
    uint64_t small[4] = {0};
    QvLimbs *l = NULL;
    uint64_t *p = small;
    if (nlimbs > 4) {
        l = qv_limbs_new(qi, nlimbs);
        if (!l) {
            return NULL;
        }
        p = l->limb;
    }
    for (QvSsize i = 0; i < nlimbs; i++) {
        uint64_t limb = 0;
        for (QvSsize k = 8; k-- > 0;) {
            QvSsize at = i * 8 + k;
            uint8_t byte = at >= n ? (negative ? 0xFF : 0) : in[little ? at : n - 1 - at];
            limb = limb << 8 | byte;
        }
        p[i] = limb;
        if (qv_poll_step(qi, i) < 0) { // the caller holds the bytes
            qv_limbs_free(qi, l, nlimbs);
            return NULL;
        }
    }
    if (negative) {
        mpn_neg(p, p, nlimbs);
    }
    return l ? qv_int_from_limbs_take(qi, l, nlimbs, negative)
             : qv_int_from_limbs(qi, small, nlimbs, negative ? -1 : 1);
}

// The byteorder argument (NULL: big). 1 little, 0 big, -1 error.
static int byte_order(QvInterp *qi, QvObj *arg, const char *method)
{
    if (arg == NULL) {
        return 0;
    }
    if (!qv_is_str(arg)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s() argument 'byteorder' must be str, not %T",
                            method, arg);
    }
    if (qv_str_eq_ascii(arg, "little")) {
        return 1;
    }
    if (qv_str_eq_ascii(arg, "big")) {
        return 0;
    }
    return qv_raise_int(qi, &qv_exc_ValueError, "byteorder must be either 'little' or 'big'");
}

QvObj *qv_int_method_to_bytes(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize n = 1;
    if (args[0]) {
        if (!qv_is_int(args[0]) && !args[0]->type->index) {
            return qv_raise(qi, &qv_exc_TypeError,
                            "'%.200T' object cannot be interpreted as an integer", args[0]);
        }
        if (qv_int_to_ssize(qi, args[0], &n) < 0) {
            return NULL;
        }
    }
    int little = byte_order(qi, args[1], "to_bytes");
    if (little < 0) {
        return NULL;
    }
    int is_signed = args[2] ? qv_is_true(qi, args[2]) : 0;
    if (is_signed < 0) {
        return NULL;
    }
    if (n < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "length argument must be non-negative");
    }
    QvObj *ret = qv_bytes_new(qi, NULL, n);
    if (ret && n > 0 &&
        qv_int_to_bytes(qi, self, qv_bytes_data(ret), n, little != 0, is_signed != 0) < 0) {
        qv_decref(qi, ret);
        return NULL;
    }
    if (ret && n == 0) {
        uint8_t none;
        if (qv_int_to_bytes(qi, self, &none, 0, little != 0, is_signed != 0) < 0) {
            qv_decref(qi, ret);
            return NULL;
        }
    }
    return ret;
}

QvObj *qv_int_method_from_bytes(QvInterp *qi, QvObj *type, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int little = byte_order(qi, args[1], "from_bytes");
    if (little < 0) {
        return NULL;
    }
    int is_signed = args[2] ? qv_is_true(qi, args[2]) : 0;
    if (is_signed < 0) {
        return NULL;
    }
    QvObj *bytes = qv_bytes_of(qi, args[0]);
    if (!bytes) {
        return NULL;
    }
    QvObj *ret = qv_int_from_bytes(qi, qv_bytes_data(bytes), qv_bytes_len(bytes), little != 0,
                                   is_signed != 0);
    qv_decref(qi, bytes);
    if (ret && type != &qv_int_type.h) {
        qv_set_take(qi, &ret, qv_call1(qi, type, ret));
    }
    return ret;
}
