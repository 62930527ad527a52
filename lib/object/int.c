// SPDX-License-Identifier: MIT
// int: making and reading values, comparison, the type and its methods.
//
// An int that fits 64 bits is always inline, so small and big values never compare equal and every
// function may branch on that alone. Big values own their limbs in a raw block of exactly their
// size, which may be one with the object's (then `big` points behind the QvInt).
#include "object/int.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "object/bytes.h"
#include "object/float.h"
#include "object/int_internal.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

static inline QvInt *as_int(QvObj *o) { return (QvInt *)o; }

// ---- making -------------------------------------------------------------------------------------

// Ends of the steps in which the cache is made: what stands on the pages of the interpreter's
// struct anyway (-5 to 58), what programs count with (to 256), all.
static const uint16_t cache_steps[] = {64, 262, QV_SMALL_INTS};

QV_NOINLINE QvObj *qv_small_int_make(QvInterp *qi, uint64_t i)
{
    qv_assert(i >= qi->small_ints && i < QV_SMALL_INTS);
    size_t step = 0;
    while (cache_steps[step] <= i) {
        step++;
    }
    for (uint64_t k = qi->small_ints; k < cache_steps[step]; k++) {
        qi->ints.small[k] = (QvInt){
            .h = {.refs = QV_IMMORTAL, .owner = qi->owner, .type = &qv_int_type},
            .value = (int64_t)k + QV_SMALL_INT_MIN,
        };
    }
    qi->small_ints = cache_steps[step];
    return &qi->ints.small[i].h;
}

QV_HOT QvObj *qv_int_from_i64(QvInterp *qi, int64_t v)
{
    QvObj *cached = qv_small_int(qi, v);
    if (cached) {
        return cached;
    }
    QvInt *o = qv_heap_alloc(&qi->heap, sizeof(QvInt));
    if (QV_UNLIKELY(!o)) {
        return qv_raise_oom(qi);
    }
    memcpy(&o->h, &qi->header, sizeof(qi->header));
    o->h.type = &qv_int_type;
    o->value = v;
    return &o->h;
}

QvLimbs *qv_limbs_new(QvInterp *qi, QvSsize n)
{
    if (QV_UNLIKELY((size_t)n > (size_t)QV_LIMBS_MAX)) {
        qv_raise_oom(qi);
        return NULL;
    }
    return qv_alloc(qi, qv_limbs_bytes(n));
}

void qv_limbs_free(QvInterp *qi, QvLimbs *l, QvSsize n)
{
    if (l) {
        qv_free(qi, l, qv_limbs_bytes(n));
    }
}

// Does sign and one limb fit 64 bits?
static inline bool one_limb_fits(uint64_t limb, bool negative)
{
    return limb <= (uint64_t)INT64_MAX + negative;
}

// Flag of exact big ints whose limbs lie behind them in the same block.
enum { F_BEHIND = 1 << QV_F_CAP_SHIFT }; // exact ints have no instance part

static inline int64_t one_limb_value(uint64_t limb, bool negative)
{
    return (int64_t)(negative ? 0 - limb : limb);
}

static QV_ALWAYS_INLINE QvObj *new_limbs(QvInterp *qi, QvSsize n, bool negative,
                                         uint64_t **ret_limbs)
{
    if (QV_UNLIKELY((size_t)n > (size_t)QV_LIMBS_MAX)) {
        return qv_raise_oom(qi);
    }
    QvInt *o = qv_heap_alloc(&qi->heap, sizeof(QvInt) + qv_limbs_bytes(n));
    if (QV_UNLIKELY(!o)) {
        return qv_raise_oom(qi);
    }
    memcpy(&o->h, &qi->header, sizeof(qi->header));
    o->h.flags = QV_F_BIG | F_BEHIND;
    o->h.type = &qv_bigint_type;
    QvLimbs *l = (QvLimbs *)(void *)(o + 1);
    l->size = negative ? -n : n;
    o->big = l;
    *ret_limbs = l->limb;
    return &o->h;
}

QvObj *qv_int_new_limbs(QvInterp *qi, QvSsize n, bool negative, uint64_t **ret_limbs)
{
    return new_limbs(qi, n, negative, ret_limbs);
}

QvObj *qv_int_from_limbs_take(QvInterp *qi, QV_STOLEN QvLimbs *l, QvSsize n, bool negative)
{
    QvSsize cap = n;
    while (n > 0 && l->limb[n - 1] == 0) {
        n--;
    }
    if (n == 0 || (n == 1 && one_limb_fits(l->limb[0], negative))) {
        int64_t v = n == 0 ? 0 : one_limb_value(l->limb[0], negative);
        qv_limbs_free(qi, l, cap);
        return qv_int_from_i64(qi, v);
    }
    if (n != cap) {
        QvLimbs *smaller = qv_realloc(qi, l, qv_limbs_bytes(cap), qv_limbs_bytes(n));
        if (!smaller) {
            qv_limbs_free(qi, l, cap);
            return NULL;
        }
        l = smaller;
    }
    QvInt *o = qv_heap_alloc(&qi->heap, sizeof(QvInt));
    if (QV_UNLIKELY(!o)) {
        qv_limbs_free(qi, l, n);
        return qv_raise_oom(qi);
    }
    memcpy(&o->h, &qi->header, sizeof(qi->header));
    o->h.flags |= QV_F_BIG;
    o->h.type = &qv_bigint_type;
    l->size = negative ? -n : n;
    o->big = l;
    return &o->h;
}

QvObj *qv_int_from_limbs(QvInterp *qi, const uint64_t *limbs, QvSsize n, int sign)
{
    while (n > 0 && limbs[n - 1] == 0) {
        n--;
    }
    if (n == 0) {
        return qv_int_from_i64(qi, 0);
    }
    if (n == 1 && one_limb_fits(limbs[0], sign < 0)) {
        return qv_int_from_i64(qi, one_limb_value(limbs[0], sign < 0));
    }
    uint64_t *p = NULL;
    QvObj *o = new_limbs(qi, n, sign < 0, &p);
    if (QV_LIKELY(o != NULL)) {
        for (QvSsize i = 0; i < n && i < 4; i++) { // a call of memcpy costs more than these
            p[i] = limbs[i];
        }
        if (n > 4) {
            memcpy(p + 4, limbs + 4, (size_t)(n - 4) * sizeof(uint64_t));
        }
    }
    return o;
}

QvObj *qv_int_from_u128(QvInterp *qi, uint64_t high, uint64_t low, bool negative)
{
    uint64_t limbs[2] = {low, high};
    return qv_int_from_limbs(qi, limbs, 2, negative ? -1 : 1);
}

QvObj *qv_int_from_u64(QvInterp *qi, uint64_t v)
{
    return v <= INT64_MAX ? qv_int_from_i64(qi, (int64_t)v) : qv_int_from_limbs(qi, &v, 1, 1);
}

int qv_double_limbs(double d, uint64_t limbs[QV_DOUBLE_LIMBS])
{
    int exponent;
    double fraction = frexp(fabs(trunc(d)), &exponent); // fraction * 2**exponent
    if (fraction == 0) {
        return 0;
    }
    uint64_t m = (uint64_t)ldexp(fraction, 53);
    int shift = exponent - 53;
    if (shift <= 0) {
        limbs[0] = m >> -shift; // nothing is lost: the value is whole
        return 1;
    }
    int n = shift / 64;
    memset(limbs, 0, (size_t)n * sizeof(uint64_t));
    limbs[n] = m << (shift % 64);
    limbs[n + 1] = shift % 64 ? m >> (64 - shift % 64) : 0;
    return limbs[n + 1] ? n + 2 : n + 1;
}

QvObj *qv_int_from_double(QvInterp *qi, double d)
{
    if (d > -9223372036854775808.0 && d < 9223372036854775808.0) {
        return qv_int_from_i64(qi, (int64_t)d);
    }
    if (isnan(d)) {
        return qv_raise(qi, &qv_exc_ValueError, "cannot convert float NaN to integer");
    }
    if (isinf(d)) {
        return qv_raise(qi, &qv_exc_OverflowError, "cannot convert float infinity to integer");
    }
    uint64_t limbs[QV_DOUBLE_LIMBS];
    int n = qv_double_limbs(d, limbs);
    return qv_int_from_limbs(qi, limbs, n, d < 0 ? -1 : 1);
}

QvObj *qv_int_exact(QvInterp *qi, QvObj *o)
{
    if (qv_is_int_exact(o)) {
        return qv_new_ref(qi, o);
    }
    if (qv_int_is_small(o)) {
        return qv_int_from_i64(qi, qv_int_value(o));
    }
    QvMag m;
    qv_mag_init(&m, o);
    return qv_int_from_limbs(qi, m.p, m.n, m.negative ? -1 : 1);
}

// ---- reading ------------------------------------------------------------------------------------

int qv_int_sign(const QvObj *o)
{
    int64_t v = qv_int_is_small(o) ? qv_int_value(o) : ((const QvInt *)o)->big->size;
    return (v > 0) - (v < 0);
}

int qv_int_as_i64(const QvObj *o, int64_t *ret)
{
    if (qv_int_is_small(o)) {
        *ret = qv_int_value(o);
        return 1;
    }
    *ret = ((const QvInt *)o)->big->size < 0 ? INT64_MIN : INT64_MAX;
    return 0;
}

uint64_t qv_int_as_u64_mask(const QvObj *o)
{
    if (qv_int_is_small(o)) {
        return (uint64_t)qv_int_value(o);
    }
    const QvLimbs *big = ((const QvInt *)o)->big;
    return big->size < 0 ? 0 - big->limb[0] : big->limb[0];
}

// The 64 bits of any object that is an int or has __index__; `target` names what it did not fit.
static int to_i64(QvInterp *qi, QvObj *o, int64_t *ret, const char *target)
{
    if (QV_LIKELY(o->type == &qv_int_type)) {
        *ret = qv_int_value(o);
        return 0;
    }
    QvObj *v = qv_index(qi, o);
    if (!v) {
        return -1;
    }
    int fits = qv_int_as_i64(v, ret);
    qv_decref(qi, v);
    if (!fits) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "Python int too large to convert to C %s",
                            target);
    }
    return 0;
}

int qv_int_to_i64(QvInterp *qi, QvObj *o, int64_t *ret) { return to_i64(qi, o, ret, "long"); }

int qv_int_to_ssize(QvInterp *qi, QvObj *o, QvSsize *ret)
{
    int64_t v;
    if (to_i64(qi, o, &v, "ssize_t") < 0) {
        return -1;
    }
    *ret = (QvSsize)v;
    return 0;
}

int qv_int_to_u64(QvInterp *qi, QvObj *o, uint64_t *ret)
{
    QvObj *v = qv_index(qi, o);
    if (!v) {
        return -1;
    }
    QvMag m;
    qv_mag_init(&m, v);
    int r = 0;
    if (m.negative) {
        r = qv_raise_int(qi, &qv_exc_OverflowError, "can't convert negative value to unsigned int");
    } else if (m.n > 1) {
        r = qv_raise_int(qi, &qv_exc_OverflowError,
                         "Python int too large to convert to C unsigned long");
    } else {
        *ret = m.n == 0 ? 0 : m.p[0];
    }
    qv_decref(qi, v);
    return r;
}

double qv_round_double(uint64_t m, bool sticky, int64_t exponent)
{
    if (m == 0) {
        return 0.0;
    }
    int bits = 64 - __builtin_clzll(m);
    int64_t top = exponent + bits; // the value is in [2**(top-1), 2**top)
    if (top > 1024) {
        return INFINITY;
    }
    int64_t precision = top >= -1021 ? 53 : top + 1074; // fewer bits below the normal range
    if (precision < 0) {
        return 0.0;
    }
    int drop = bits - (int)precision;
    if (drop > 0) {
        uint64_t rest = drop == 64 ? m : m & ((UINT64_C(1) << drop) - 1);
        uint64_t half = UINT64_C(1) << (drop - 1);
        m = drop == 64 ? 0 : m >> drop;
        if (rest > half || (rest == half && (sticky || (m & 1)))) {
            m++;
        }
        exponent += drop;
    }
    return ldexp((double)m, (int)exponent);
}

// The nearest double of a magnitude; infinity when there is none.
static double mag_double(const QvMag *m)
{
    if (m->n > 16) {
        return INFINITY;
    }
    if (m->n <= 1) {
        return m->n == 0 ? 0.0 : qv_round_double(m->p[0], false, 0);
    }
    int up = __builtin_clzll(m->p[m->n - 1]);
    uint64_t top = m->p[m->n - 1] << up;
    uint64_t rest = m->p[m->n - 2];
    if (up > 0) {
        top |= rest >> (64 - up);
        rest <<= up;
    }
    bool sticky = rest != 0;
    for (QvSsize i = 0; i < m->n - 2 && !sticky; i++) {
        sticky = m->p[i] != 0;
    }
    return qv_round_double(top, sticky, (int64_t)(m->n - 1) * 64 - up);
}

int qv_int_to_double(QvInterp *qi, QvObj *o, double *ret)
{
    if (qv_int_is_small(o)) {
        *ret = (double)qv_int_value(o);
        return 0;
    }
    QvMag m;
    qv_mag_init(&m, o);
    double d = mag_double(&m);
    if (isinf(d)) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "int too large to convert to float");
    }
    *ret = m.negative ? -d : d;
    return 0;
}

uint64_t qv_int_bit_length(const QvObj *o)
{
    QvMag m;
    qv_mag_init(&m, o);
    return qv_mag_bits(m.p, m.n);
}

QvHash qv_int_hash(const QvObj *o)
{
    if (qv_int_is_small(o)) {
        return qv_hash_i64(qv_int_value(o));
    }
    QvMag m;
    qv_mag_init(&m, o);
    return qv_hash_limbs(m.p, (size_t)m.n, m.negative);
}

// ---- comparison ---------------------------------------------------------------------------------

int qv_int_compare(const QvObj *v, const QvObj *w)
{
    if (qv_int_is_small(v) && qv_int_is_small(w)) {
        int64_t a = qv_int_value(v), b = qv_int_value(w);
        return (a > b) - (a < b);
    }
    QvMag a, b;
    qv_mag_init(&a, v);
    qv_mag_init(&b, w);
    if (a.negative != b.negative) {
        return a.negative ? -1 : 1;
    }
    int r = a.n != b.n ? (a.n > b.n ? 1 : -1) : mpn_cmp(a.p, b.p, a.n);
    r = (r > 0) - (r < 0);
    return a.negative ? -r : r;
}

int qv_int_compare_double(const QvObj *v, double d)
{
    if (isinf(d)) {
        return d > 0 ? -1 : 1;
    }
    if (qv_int_is_small(v)) {
        int64_t a = qv_int_value(v);
        if (d >= 9223372036854775808.0) {
            return -1;
        }
        if (d < -9223372036854775808.0) {
            return 1;
        }
        int64_t b = (int64_t)d;
        if (a != b) {
            return a > b ? 1 : -1;
        }
        double rest = d - trunc(d);
        return rest > 0 ? -1 : rest < 0;
    }
    QvMag m;
    qv_mag_init(&m, v);
    if (fabs(d) < 9223372036854775808.0 || m.negative != (d < 0)) {
        return m.negative ? -1 : 1;
    }
    uint64_t limbs[QV_DOUBLE_LIMBS];
    int n = qv_double_limbs(d, limbs);
    int r = m.n != n ? (m.n > n ? 1 : -1) : mpn_cmp(m.p, limbs, n);
    r = (r > 0) - (r < 0);
    return m.negative ? -r : r;
}

static QvObj *int_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    (void)qi;
    if (!qv_is_int(v) || !qv_is_int(w)) {
        return QV_NOTIMPLEMENTED;
    }
    int c = v == w ? 0 : qv_int_compare(v, w);
    switch (op) {
    case QV_LT: return qv_bool(c < 0);
    case QV_LE: return qv_bool(c <= 0);
    case QV_EQ: return qv_bool(c == 0);
    case QV_NE: return qv_bool(c != 0);
    case QV_GT: return qv_bool(c > 0);
    default: return qv_bool(c >= 0);
    }
}

// ---- construction and life ----------------------------------------------------------------------

// int(x, base) for text. x and base are given.
static QvObj *from_text_and_base(QvInterp *qi, QvObj *x, QvObj *base_object)
{
    QvSsize base;
    if (qv_index_ssize(qi, base_object, &base, NULL) < 0) {
        return NULL;
    }
    if ((base != 0 && base < 2) || base > 36) {
        return qv_raise(qi, &qv_exc_ValueError, "int() base must be >= 2 and <= 36, or 0");
    }
    if (qv_is_str(x)) {
        return qv_int_from_str(qi, x, (int)base);
    }
    if (qv_is_bytes(x)) {
        return qv_int_parse(qi, (const char *)qv_bytes_data(x), qv_bytes_len(x), (int)base, x);
    }
    if (qv_is_bytearray(x)) {
        QvObj *copy = qv_bytes_new(qi, ((QvByteArray *)x)->data, ((QvByteArray *)x)->len);
        QvObj *r = NULL;
        if (copy) {
            r = qv_int_parse(qi, (const char *)qv_bytes_data(copy), qv_bytes_len(copy), (int)base,
                             copy);
            qv_decref(qi, copy);
        }
        return r;
    }
    return qv_raise(qi, &qv_exc_TypeError, "int() can't convert non-string with explicit base");
}

static QvObj *plain_new(QvInterp *qi, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *slots[2] = {NULL, NULL};
    if (kwnames == NULL && nargs <= 1) {
        slots[0] = nargs ? args[0] : NULL;
    } else if (qv_args(qi, "int(x=0, /, base=10)", args, nargs, kwnames, slots) < 0) {
        return NULL;
    }
    if (slots[0] == NULL) {
        if (slots[1]) {
            return qv_raise(qi, &qv_exc_TypeError, "int() missing string argument");
        }
        return qv_int_from_i64(qi, 0);
    }
    return slots[1] ? from_text_and_base(qi, slots[0], slots[1]) : qv_to_int(qi, slots[0]);
}

static QvObj *int_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *plain = plain_new(qi, args, nargs, kwnames);
    if (plain == NULL || type == &qv_int_type) {
        return plain;
    }
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        if (qv_int_is_small(plain)) {
            as_int(o)->value = qv_int_value(plain);
        } else {
            QvMag m;
            qv_mag_init(&m, plain);
            QvLimbs *l = qv_limbs_new(qi, m.n);
            if (l) {
                memcpy(l, as_int(plain)->big, qv_limbs_bytes(m.n));
                as_int(o)->big = l;
                o->flags |= QV_F_BIG;
            } else {
                qv_decref(qi, o);
                o = NULL;
            }
        }
    }
    qv_decref(qi, plain);
    return o;
}

static void int_dealloc(QvInterp *qi, QvObj *o) { qv_heap_free(&qi->heap, o, sizeof(QvInt)); }

static void int_fini(QvInterp *qi, QvObj *o)
{
    if (!qv_int_is_small(o)) {
        QvLimbs *big = as_int(o)->big;
        qv_limbs_free(qi, big, (QvSsize)llabs(big->size));
        o->flags &= (uint16_t)~QV_F_BIG;
        as_int(o)->value = 0;
    }
}

static void bigint_dealloc(QvInterp *qi, QvObj *o)
{
    QvLimbs *big = as_int(o)->big;
    size_t bytes = qv_limbs_bytes((QvSsize)llabs(big->size));
    if (QV_LIKELY(o->flags & F_BEHIND)) {
        qv_heap_free(&qi->heap, o, sizeof(QvInt) + bytes);
        return;
    }
    qv_free(qi, big, bytes);
    qv_heap_free(&qi->heap, o, sizeof(QvInt));
}

// ---- slots --------------------------------------------------------------------------------------

static QvObj *int_repr(QvInterp *qi, QvObj *o) { return qv_int_to_text(qi, o, 10, false); }

static QvHash int_hash(QvInterp *qi, QvObj *o)
{
    if (qv_int_is_small(o)) {
        return qv_hash_i64(qv_int_value(o));
    }
    QvMag m;
    qv_mag_init(&m, o);
    uint64_t x = 0;
    for (QvSsize done = 0, next; done < m.n; done = next) {
        if ((next = qv_stop_slice(qi, done, m.n)) < 0) {
            return -1;
        }
        x = qv_hash_limbs_add(x, m.p + (m.n - next), (size_t)(next - done));
    }
    return qv_hash_limbs_end(x, m.negative);
}

static int int_bool(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_int_sign(o) != 0;
}

static QvObj *int_to_float(QvInterp *qi, QvObj *o)
{
    double d = 0;
    return qv_int_to_double(qi, o, &d) < 0 ? NULL : qv_float_new(qi, d);
}

// The binary slots: NotImplemented for others, then the operation.
#define BINARY_SLOT(name)                                           \
    static QvObj *int_slot_##name(QvInterp *qi, QvObj *v, QvObj *w) \
    {                                                               \
        if (!qv_is_int(v) || !qv_is_int(w)) {                       \
            return QV_NOTIMPLEMENTED;                               \
        }                                                           \
        return qv_int_##name(qi, v, w);                             \
    }
BINARY_SLOT(add)
BINARY_SLOT(sub)
BINARY_SLOT(mul)
BINARY_SLOT(floordiv)
BINARY_SLOT(mod)
BINARY_SLOT(divmod)
BINARY_SLOT(truediv)
BINARY_SLOT(lshift)
BINARY_SLOT(rshift)
BINARY_SLOT(and)
BINARY_SLOT(or)
BINARY_SLOT(xor)
#undef BINARY_SLOT

static QvObj *int_slot_pow(QvInterp *qi, QvObj *v, QvObj *w, QvObj *z)
{
    if (!qv_is_int(v) || !qv_is_int(w) || (z != QV_NONE && !qv_is_int(z))) {
        return QV_NOTIMPLEMENTED;
    }
    return qv_int_pow(qi, v, w, z);
}

// ---- methods ------------------------------------------------------------------------------------

static QvObj *int_self(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_int_exact(qi, self);
}

static QvObj *int_format(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (!qv_is_str(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "__format__() argument must be str, not %s",
                        qv_arg_type_name(args[0]));
    }
    return qv_format_int(qi, self, args[0]);
}

static QvObj *int_getnewargs(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvObj *plain = qv_int_exact(qi, self);
    QvObj *ret = qv_tuple_of(qi, 1, plain);
    qv_xdecref(qi, plain);
    return ret;
}

static QvObj *int_as_integer_ratio(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvObj *plain = qv_int_exact(qi, self);
    QvObj *ret = qv_tuple_of(qi, 2, plain, qv_int_from_i64(qi, 1));
    qv_xdecref(qi, plain);
    return ret;
}

static QvObj *int_sizeof(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    size_t n = sizeof(QvInt);
    if (!qv_int_is_small(self)) {
        n += qv_limbs_bytes((QvSsize)llabs(as_int(self)->big->size));
    }
    return qv_int_from_i64(qi, (int64_t)n);
}

// The multiple of 10**n nearest to o, half to even; n > 0.
static QvObj *round_to(QvInterp *qi, QvObj *o, QvObj *n)
{
    QvObj *ret = NULL, *unit = NULL, *q = NULL, *r = NULL, *twice = NULL, *base = NULL;
    QvObj *ten = qv_int_from_i64(qi, 10);
    // A unit of more than twice the digits rounds to 0: no need to make it.
    int64_t digits;
    if (!qv_int_as_i64(n, &digits) || (uint64_t)digits > qv_int_bit_length(o) / 3 + 2) {
        return qv_int_from_i64(qi, 0);
    }
    unit = qv_int_pow(qi, ten, n, QV_NONE);
    if (!unit || qv_int_divmod_parts(qi, o, unit, &q, &r) < 0) {
        goto done;
    }
    twice = qv_int_lshift(qi, r, qv_int_from_i64(qi, 1));
    base = qv_int_sub(qi, o, r);
    if (!twice || !base) {
        goto done;
    }
    int c = qv_int_compare(twice, unit);
    bool up = c > 0 || (c == 0 && (qv_int_as_u64_mask(q) & 1));
    ret = up ? qv_int_add(qi, base, unit) : qv_new_ref(qi, base);
done:
    qv_xdecref(qi, unit);
    qv_xdecref(qi, q);
    qv_xdecref(qi, r);
    qv_xdecref(qi, twice);
    qv_xdecref(qi, base);
    return ret;
}

static QvObj *int_round(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (args[0] == NULL) {
        return qv_int_exact(qi, self);
    }
    QvObj *n = qv_index(qi, args[0]);
    if (!n) {
        return NULL;
    }
    QvObj *ret;
    if (qv_int_sign(n) >= 0) {
        ret = qv_int_exact(qi, self);
    } else {
        QvObj *digits = qv_int_neg(qi, n);
        ret = digits ? round_to(qi, self, digits) : NULL;
        qv_xdecref(qi, digits);
    }
    qv_decref(qi, n);
    return ret;
}

static QvObj *int_get_real(QvInterp *qi, QvObj *o) { return qv_int_exact(qi, o); }

static QvObj *int_get_imag(QvInterp *qi, QvObj *o)
{
    (void)o;
    return qv_int_from_i64(qi, 0);
}

static QvObj *int_get_denominator(QvInterp *qi, QvObj *o)
{
    (void)o;
    return qv_int_from_i64(qi, 1);
}

static const QvNativeDef int_methods[] = {
    {"conjugate", int_self, "($self, /)", "Returns self, the complex conjugate of any int."},
    {"bit_length", qv_int_method_bit_length, "($self, /)",
     "Number of bits necessary to represent self in binary, without sign."},
    {"bit_count", qv_int_method_bit_count, "($self, /)",
     "Number of ones in the binary representation of the absolute value of self."},
    {"to_bytes", qv_int_method_to_bytes, "($self, /, length=1, byteorder='big', *, signed=False)",
     "Return an array of bytes representing an integer; OverflowError when it does not fit."},
    {"from_bytes", qv_int_method_from_bytes, "($type, /, bytes, byteorder='big', *, signed=False)",
     "Return the integer represented by the given array of bytes."},
    {"as_integer_ratio", int_as_integer_ratio, "($self, /)",
     "Return a pair of integers, whose ratio is exactly equal to the int, with a positive "
     "denominator."},
    {"__trunc__", int_self, "($self, /)", "Truncating an Integral returns itself."},
    {"__floor__", int_self, "($self, /)", "Flooring an Integral returns itself."},
    {"__ceil__", int_self, "($self, /)", "Ceiling of an Integral returns itself."},
    {"__round__", int_round, "($self, ndigits=<unrepresentable>, /)",
     "Rounding an Integral returns itself.\n\nRounding with an ndigits argument also returns an "
     "integer."},
    {"__getnewargs__", int_getnewargs, "($self, /)", NULL},
    {"__format__", int_format, "($self, format_spec, /)", NULL},
    {"__sizeof__", int_sizeof, "($self, /)", "Returns size in memory, in bytes."},
    {0},
};

static const QvGetSet int_getsets[] = {
    {"real", int_get_real, NULL, "the real part of a complex number"},
    {"imag", int_get_imag, NULL, "the imaginary part of a complex number"},
    {"numerator", int_get_real, NULL, "the numerator of a rational number in lowest terms"},
    {"denominator", int_get_denominator, NULL,
     "the denominator of a rational number in lowest terms"},
    {0},
};

QV_SEALED QvType qv_int_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "int",
    .id = QV_TID_int,
    .flags = QV_T_BASE | QV_T_INT | QV_T_MATCH_SELF | QV_T_IMMUTABLE,
    .size = sizeof(QvInt),
    .base = &qv_object_type,
    .doc =
        "int([x]) -> integer\n"
        "int(x, base=10) -> integer\n\n"
        "The number x as an integer (floats are truncated towards zero), or 0 without arguments.\n"
        "Text is read as a literal of the base: 10 if not given, 2 to 36, or 0 to go by its "
        "prefix.\n"
        ">>> int('0b100', base=0)\n4",
    .methods = int_methods,
    .getsets = int_getsets,
    .new_ = int_new,
    .dealloc = int_dealloc,
    .fini = int_fini,
    .repr = int_repr,
    .hash = int_hash,
    .richcmp = int_richcmp,
    .add = int_slot_add,
    .sub = int_slot_sub,
    .mul = int_slot_mul,
    .truediv = int_slot_truediv,
    .floordiv = int_slot_floordiv,
    .mod = int_slot_mod,
    .divmod = int_slot_divmod,
    .lshift = int_slot_lshift,
    .rshift = int_slot_rshift,
    .and_ = int_slot_and,
    .or_ = int_slot_or,
    .xor = int_slot_xor,
    .pow = int_slot_pow,
    .neg = qv_int_neg,
    .pos = qv_int_exact,
    .abs = qv_int_abs,
    .invert = qv_int_invert,
    .to_int = qv_int_exact,
    .to_float = int_to_float,
    .index = qv_int_exact,
    .bool_ = int_bool,
};

// Exact ints whose value is in limbs; the seal gives it int's face.
QV_SEALED QvType qv_bigint_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "int",
    .id = QV_TID_bigint,
    .size = sizeof(QvInt),
    .base = &qv_int_type,
    .dealloc = bigint_dealloc,
    .fini = int_fini,
};
