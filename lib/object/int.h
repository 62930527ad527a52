// SPDX-License-Identifier: MIT
// int: 64 bits inline, or limbs computed by GMP's mpn functions. bool is a subclass with inline
// 0/1.
#ifndef QV_OBJECT_INT_H
#define QV_OBJECT_INT_H

#include "object/object.h"
#include "object/type.h"

typedef struct QvLimbs {
    int64_t size; // sign times number of limbs; never 0; canonical: does not fit int64
    uint64_t limb[];
} QvLimbs;

struct QvInt {
    QvObj h;
    union {
        int64_t value; // when not QV_F_BIG
        QvLimbs *big;  // owned raw block
    };
};

extern QvType qv_int_type;    // inline 64-bit exactly, when o->type is this
extern QvType qv_bigint_type; // exact big ints; qv_type_of answers qv_int_type
extern QvType qv_bool_type;

static inline bool qv_is_int(const QvObj *o)
{
    return qv_has_flag(o, QV_T_INT);
} // int, bool, subclasses
static inline bool qv_is_int_exact(const QvObj *o)
{
    return o->type == &qv_int_type || o->type == &qv_bigint_type;
}
static inline bool qv_is_bool(const QvObj *o) { return o->type == &qv_bool_type; }
// For any qv_is_int(o): is the value inline?
static inline bool qv_int_is_small(const QvObj *o)
{
    return o->type == &qv_int_type || (o->flags & QV_F_BIG) == 0;
}
static inline int64_t qv_int_value(const QvObj *o)
{
    return ((const QvInt *)o)->value;
} // inline only

QvObj *qv_int_from_i64(QvInterp *qi, int64_t v);
QvObj *qv_int_from_u64(QvInterp *qi, uint64_t v);
QvObj *qv_int_from_double(QvInterp *qi, double d); // truncates; OverflowError/ValueError for
                                                   // inf/nan
// Canonical int from limbs (least significant first); copies. sign < 0 negative.
QvObj *qv_int_from_limbs(QvInterp *qi, const uint64_t *limbs, QvSsize n, int sign);
// Digits of base 2..36 without prefix, sign or underscores. ValueError otherwise.
QvObj *qv_int_from_text(QvInterp *qi, const char *s, QvSsize n, int base);
// int(text, base) with everything Python accepts: whitespace, sign, prefix, underscores. literal:
// for the message.
QvObj *qv_int_parse(QvInterp *qi, const char *s, QvSsize n, int base, QvObj *literal);
QvObj *qv_int_to_text(QvInterp *qi, QvObj *o, int base, bool prefix); // new str; polls for big
                                                                      // ones; digit limit 4300
                                                                      // honoured for base 10
// Any qv_is_int: 1 fits, 0 does not (no exception; *ret = sign saturated).
int qv_int_as_i64(const QvObj *o, int64_t *ret);
// With exception "Python int too large to convert to C ssize_t"/OverflowError, TypeError for
// non-ints. 0/-1.
int qv_int_to_i64(QvInterp *qi, QvObj *o, int64_t *ret);
int qv_int_to_u64(QvInterp *qi, QvObj *o, uint64_t *ret);
int qv_int_to_ssize(QvInterp *qi, QvObj *o, QvSsize *ret);
uint64_t qv_int_as_u64_mask(const QvObj *o);               // low 64 bits, two's complement
int qv_int_to_double(QvInterp *qi, QvObj *o, double *ret); // OverflowError "int too large to
                                                           // convert to float"
int qv_int_sign(const QvObj *o);
uint64_t qv_int_bit_length(const QvObj *o);
// Bytes of the magnitude etc. for wire format and to_bytes: two's complement when is_signed.
int qv_int_to_bytes(QvInterp *qi, QvObj *o, uint8_t *out, QvSsize n, bool little, bool is_signed);
QvObj *qv_int_from_bytes(QvInterp *qi, const uint8_t *in, QvSsize n, bool little, bool is_signed);
QvHash qv_int_hash(const QvObj *o);

// Arithmetic on any two qv_is_int operands (general case behind the VM's fast paths).
QvObj *qv_int_add(QvInterp *qi, QvObj *v, QvObj *w);
QvObj *qv_int_sub(QvInterp *qi, QvObj *v, QvObj *w);
QvObj *qv_int_mul(QvInterp *qi, QvObj *v, QvObj *w);
QvObj *qv_int_floordiv(QvInterp *qi, QvObj *v, QvObj *w);
QvObj *qv_int_mod(QvInterp *qi, QvObj *v, QvObj *w);
QvObj *qv_int_divmod(QvInterp *qi, QvObj *v, QvObj *w);
QvObj *qv_int_truediv(QvInterp *qi, QvObj *v, QvObj *w);
QvObj *qv_int_pow(QvInterp *qi, QvObj *v, QvObj *w, QvObj *mod /*None*/);
QvObj *qv_int_lshift(QvInterp *qi, QvObj *v, QvObj *w);
QvObj *qv_int_rshift(QvInterp *qi, QvObj *v, QvObj *w);
QvObj *qv_int_and(QvInterp *qi, QvObj *v, QvObj *w);
QvObj *qv_int_or(QvInterp *qi, QvObj *v, QvObj *w);
QvObj *qv_int_xor(QvInterp *qi, QvObj *v, QvObj *w);
int qv_int_compare(const QvObj *v, const QvObj *w); // -1 0 1
QvObj *qv_int_gcd(QvInterp *qi, QvObj *v, QvObj *w);
// A plain int of the same value (subclass instances and bools become exact).
QvObj *qv_int_exact(QvInterp *qi, QvObj *o);

#endif
