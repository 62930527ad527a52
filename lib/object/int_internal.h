// SPDX-License-Identifier: MIT
// What the files of int share: any int seen as sign and limbs, and making ints from limbs.
#ifndef QV_OBJECT_INT_INTERNAL_H
#define QV_OBJECT_INT_INTERNAL_H

#include <gmp.h>

#include "object/int.h"
#include "object/interp.h"

_Static_assert(__builtin_types_compatible_p(mp_limb_t, uint64_t) && GMP_NUMB_BITS == 64,
               "limbs are 64 bits, without nails");

#define QV_LIMBS_MAX \
    ((QvSsize)1 << 38)       // more limbs than any machine holds; sizes in bits stay exact
#define QV_LIMBS_HEAVY 16384 // from here on an operation checks memory and the poll flag first

// The magnitude of any int. `p` may point into the struct itself: it is not to be copied.
typedef struct QvMag {
    const uint64_t *p; // least significant first, the top limb not 0
    QvSsize n;         // limbs; 0: the value is 0
    bool negative;
    uint64_t one; // storage of an inline value
} QvMag;

static inline uint64_t qv_abs_u64(int64_t v) { return v < 0 ? 0 - (uint64_t)v : (uint64_t)v; }

static inline void qv_mag_init(QvMag *m, const QvObj *o)
{
    if (qv_int_is_small(o)) {
        int64_t v = qv_int_value(o);
        m->one = qv_abs_u64(v);
        m->p = &m->one;
        m->n = v != 0;
        m->negative = v < 0;
    } else {
        const QvLimbs *big = ((const QvInt *)o)->big;
        m->p = big->limb;
        m->negative = big->size < 0;
        m->n = (QvSsize)(big->size < 0 ? -big->size : big->size);
    }
}

static inline size_t qv_limbs_bytes(QvSsize n)
{
    return sizeof(QvLimbs) + (size_t)n * sizeof(uint64_t);
}

// Bits of a magnitude of n limbs (top limb not 0).
static inline uint64_t qv_mag_bits(const uint64_t *p, QvSsize n)
{
    return n == 0 ? 0 : (uint64_t)n * 64 - (uint64_t)__builtin_clzll(p[n - 1]);
}

// Room for n limbs, not set. NULL with MemoryError.
QvLimbs *qv_limbs_new(QvInterp *qi, QvSsize n);
void qv_limbs_free(QvInterp *qi, QvLimbs *l, QvSsize n);

// A big int whose n limbs lie behind it in the same block, not set yet: the top one must not be 0,
// nor may the value fit 64 bits. NULL with MemoryError.
QvObj *qv_int_new_limbs(QvInterp *qi, QvSsize n, bool negative, uint64_t **ret_limbs);

// The int of n limbs (zero limbs at the top are dropped); l is taken.
QvObj *qv_int_from_limbs_take(QvInterp *qi, QV_STOLEN QvLimbs *l, QvSsize n, bool negative);

// A value of 128 bits and a sign.
QvObj *qv_int_from_u128(QvInterp *qi, uint64_t high, uint64_t low, bool negative);

// Before work on `limbs` limbs: honours the poll flag and makes sure that the memory GMP will ask
// the system for can be had (GMP ends the process when it cannot). 0/-1.
int qv_int_heavy_slow(QvInterp *qi, QvSsize limbs);
static inline int qv_int_heavy(QvInterp *qi, QvSsize limbs)
{
    return QV_LIKELY(limbs < QV_LIMBS_HEAVY) ? 0 : qv_int_heavy_slow(qi, limbs);
}

// Mixed arithmetic, in int_arith.c. floor division: either result pointer may be NULL.
int qv_int_divmod_parts(QvInterp *qi, QvObj *v, QvObj *w, QvObj **ret_q, QvObj **ret_r);

// int of a double without fraction parts to worry about: |d| as limbs (at most 17). Number of
// limbs.
#define QV_DOUBLE_LIMBS 17
int qv_double_limbs(double d, uint64_t limbs[QV_DOUBLE_LIMBS]);

// v compared with a double, exactly: -1 0 1 (d is no NaN).
int qv_int_compare_double(const QvObj *v, double d);

// The double nearest to m * 2**exponent, with `sticky` telling of bits below m; half to even.
// Infinity when too large. m has its top bit set, or is the whole value (sticky false).
double qv_round_double(uint64_t m, bool sticky, int64_t exponent);

// int(s, base) of a str.
QvObj *qv_int_from_str(QvInterp *qi, QvObj *s, int base);

// A number's text in ASCII: white space and decimal digits of other scripts become ASCII, other
// characters '?'. ASCII strings give their own data; else *ret_block is freed with qv_free. 0/-1.
int qv_number_text(QvInterp *qi, QvObj *s, const char **ret, QvSsize *ret_n, char **ret_block);

// r[0..n) = {p, n} shifted left by less than 64 bits; what leaves it at the top. Polls. 0/-1.
QV_RUNS int qv_limbs_shift_up(QvInterp *qi, uint64_t *r, const uint64_t *p, QvSsize n,
                              unsigned bits, uint64_t *ret_carry);

// Unary slots that other files use too.
QvObj *qv_int_neg(QvInterp *qi, QvObj *o);
QvObj *qv_int_abs(QvInterp *qi, QvObj *o);

// Rows of the method table that live in int_bits.c.
QvObj *qv_int_method_bit_length(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);
QvObj *qv_int_method_bit_count(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);
QvObj *qv_int_method_to_bytes(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);
QvObj *qv_int_method_from_bytes(QvInterp *qi, QvObj *type, QvObj *const *args, QvSsize nargs);
QvObj *qv_int_invert(QvInterp *qi, QvObj *o);

#endif
