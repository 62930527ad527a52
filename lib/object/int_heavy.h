// SPDX-License-Identifier: MIT
// GMP's slow functions, so that a script can be stopped in them: what takes more than a few
// milliseconds goes to a worker thread (hook `heavy`), on copies, and the caller waits without the
// interpreter's lock.
//
// All return 0, or -1 with an exception; what they would have written is then undefined. Operands
// are not empty, their top limbs not 0. They must stay where they are and as they are until the
// call returns, which may run Python (as a poll does): blocks that belong to the caller do, and
// those of an int as long as it is held.
#ifndef QV_OBJECT_INT_HEAVY_H
#define QV_OBJECT_INT_HEAVY_H

#include "object/int_internal.h"

#define QV_LIMBS_LIGHT 2048 // limbs up to which no product, quotient or root takes long

// r[0..an+bn) = a * b. r overlaps neither.
QV_RUNS int qv_limbs_mul(QvInterp *qi, uint64_t *r, const uint64_t *a, QvSsize an,
                         const uint64_t *b, QvSsize bn);
// q[0..an-bn+1) = a / b, r[0..bn) = the rest; an >= bn.
QV_RUNS int qv_limbs_divide_long(QvInterp *qi, uint64_t *q, uint64_t *r, const uint64_t *a,
                                 QvSsize an, const uint64_t *b, QvSsize bn);
QV_RUNS static inline int qv_limbs_divide(QvInterp *qi, uint64_t *q, uint64_t *r, const uint64_t *a,
                                          QvSsize an, const uint64_t *b, QvSsize bn)
{
    if (QV_LIKELY(an < QV_LIMBS_LIGHT)) {
        mpn_tdiv_qr(q, r, 0, a, an, b, bn);
        return 0;
    }
    return qv_limbs_divide_long(qi, q, r, a, an, b, bn);
}
// r[0..*ret_n) = gcd(a, b); room for bn limbs. a is no smaller than b, b is odd. a and b are the
// caller's own and undefined afterwards.
QV_RUNS int qv_limbs_gcd(QvInterp *qi, uint64_t *r, QvSsize *ret_n, uint64_t *a, QvSsize an,
                         uint64_t *b, QvSsize bn);
// The same, any b, with s such that s * a = gcd modulo b: s[0..abs(*ret_sn)), negative when *ret_sn
// is. Room for bn + 1 limbs in r and s, and for a limb more behind a and b.
QV_RUNS int qv_limbs_gcdext(QvInterp *qi, uint64_t *r, QvSsize *ret_n, uint64_t *s, QvSsize *ret_sn,
                            uint64_t *a, QvSsize an, uint64_t *b, QvSsize bn);
// r[0..(an+1)/2) = the root of a, rounded down.
QV_RUNS int qv_limbs_sqrt(QvInterp *qi, uint64_t *r, const uint64_t *a, QvSsize an);

// memcpy of limbs that may be many: polls.
QV_RUNS int qv_limbs_copy(QvInterp *qi, uint64_t *to, const uint64_t *from, QvSsize n);

#define QV_LIMBS_STEP 65536 // limbs between two polls in linear work

#endif
