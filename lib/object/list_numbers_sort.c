// SPDX-License-Identifier: MIT
// Sorting packed lists: by digits, 11 bits at a time, from the last to the first (a stable radix
// sort); digits that are the same in all numbers are skipped, and lists in order are left alone.
//
// The numbers are sorted as unsigned keys in the same order. -0.0 and 0.0 are equal and keep their
// order: they get one key, and the signs are put back afterwards, in the order in which they were.
#include "object/list_numbers.h"

#include "object/interp.h"
#include "object/key.h"

#define DIGIT_BITS 11
#define DIGITS     (1 << DIGIT_BITS)

// 1: they never fall (reverse: never rise) from one to the next; 0; -1: stopped.
#define IN_ORDER(TYPE)                                                                   \
    static int in_order_##TYPE(QvInterp *qi, const void *data_, QvSsize n, bool reverse) \
    {                                                                                    \
        const TYPE *data = data_;                                                        \
        for (QvSsize i = 1, stop; i < n; i = stop) {                                     \
            if ((stop = qv_stop_slice(qi, i, n)) < 0) {                                  \
                return -1;                                                               \
            }                                                                            \
            for (QvSsize k = i; k < stop; k++) {                                         \
                if (reverse ? data[k] > data[k - 1] : data[k] < data[k - 1]) {           \
                    return 0;                                                            \
                }                                                                        \
            }                                                                            \
        }                                                                                \
        return 1;                                                                        \
    }
IN_ORDER(int8_t)
IN_ORDER(int16_t)
IN_ORDER(int32_t)
IN_ORDER(int64_t)
IN_ORDER(double)
#undef IN_ORDER

static int in_order(QvInterp *qi, const QvNumbers *n, bool reverse)
{
    switch (n->kind) {
    case QV_NUM_I8: return in_order_int8_t(qi, n->data, n->len, reverse);
    case QV_NUM_I16: return in_order_int16_t(qi, n->data, n->len, reverse);
    case QV_NUM_I32: return in_order_int32_t(qi, n->data, n->len, reverse);
    case QV_NUM_I64: return in_order_int64_t(qi, n->data, n->len, reverse);
    default: return in_order_double(qi, n->data, n->len, reverse);
    }
}

// ---- few different values: counting -------------------------------------------------------------

// Ints of one or two bytes. 0, or -1 (MemoryError, stopped): then nothing has changed.
static int sort_by_counting(QvInterp *qi, QvNumbers *n)
{
    int low = n->kind == QV_NUM_I8 ? INT8_MIN : INT16_MIN;
    size_t values = n->kind == QV_NUM_I8 ? 256 : 65536;
    QvSsize *counts = qv_alloc(qi, values * sizeof *counts);
    if (counts == NULL) {
        return -1;
    }
    memset(counts, 0, values * sizeof *counts);
    int r = 0;
    for (QvSsize i = 0, stop; r == 0 && i < n->len; i = stop) {
        stop = qv_stop_slice(qi, i, n->len);
        r = stop < 0 ? -1 : 0;
        for (QvSsize k = i; k < stop; k++) {
            counts[qv_numbers_int(n, k) - low]++;
        }
    }
    QvSsize at = 0;
    for (size_t v = 0; r == 0 && v < values; v++) {
        for (QvSsize c = counts[v]; c > 0; c--) {
            qv_num_put_int(n->kind, n->data, at++, (int64_t)v + low);
        }
    }
    qv_free(qi, counts, values * sizeof *counts);
    return r;
}

// ---- by digits ----------------------------------------------------------------------------------

// Sorts a[0..n) with as much scratch memory b. 0, or -1 when stopped: a is a permutation of what it
// was.
#define SORT_DIGITS(BITS)                                                                         \
    static int sort_digits_##BITS(QvInterp *qi, uint##BITS##_t *const a, uint##BITS##_t *const b, \
                                  QvSsize n)                                                      \
    {                                                                                             \
        uint##BITS##_t *from = a, *to = b, differ = 0;                                            \
        int r = 0;                                                                                \
        for (QvSsize i = 1; i < n; i++) {                                                         \
            differ |= a[i] ^ a[0];                                                                \
        }                                                                                         \
        for (unsigned shift = 0; shift < (BITS) && r == 0; shift += DIGIT_BITS) {                 \
            if ((differ >> shift & (DIGITS - 1)) == 0) {                                          \
                continue;                                                                         \
            }                                                                                     \
            QvSsize places[DIGITS] = {0}, place = 0;                                              \
            for (QvSsize i = 0; i < n; i++) {                                                     \
                places[from[i] >> shift & (DIGITS - 1)]++;                                        \
            }                                                                                     \
            for (int d = 0; d < DIGITS; d++) {                                                    \
                QvSsize count = places[d];                                                        \
                places[d] = place;                                                                \
                place += count;                                                                   \
            }                                                                                     \
            for (QvSsize i = 0, stop; i < n; i = stop) {                                          \
                if ((stop = qv_stop_slice(qi, i, n)) < 0) {                                       \
                    r = -1; /* `from` has them all */                                             \
                    break;                                                                        \
                }                                                                                 \
                for (QvSsize k = i; k < stop; k++) {                                              \
                    to[places[from[k] >> shift & (DIGITS - 1)]++] = from[k];                      \
                }                                                                                 \
            }                                                                                     \
            if (r == 0) {                                                                         \
                uint##BITS##_t *t = from;                                                         \
                from = to;                                                                        \
                to = t;                                                                           \
                r = qv_stop_here(qi);                                                             \
            }                                                                                     \
        }                                                                                         \
        if (from != a) {                                                                          \
            memcpy(a, from, (size_t)n * sizeof *a);                                               \
        }                                                                                         \
        return r;                                                                                 \
    }
SORT_DIGITS(32)
SORT_DIGITS(64)
#undef SORT_DIGITS

// Order-preserving keys of doubles and back. Zeros have one key.
static uint64_t key_of_double(uint64_t bits)
{
    bits = bits << 1 == 0 ? 0 : bits;
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static uint64_t double_of_key(uint64_t key) { return key >> 63 ? key ^ UINT64_C(1) << 63 : ~key; }

// The signs of the zeros among n doubles, in order: how many, or -1 with MemoryError. *ret_block:
// a raw block of as many bytes, or NULL when no zero is negative.
static QvSsize signs_of_zeros(QvInterp *qi, const double *v, QvSsize n, uint8_t **ret_block)
{
    QvSsize zeros = 0, negative = 0;
    *ret_block = NULL;
    for (QvSsize i = 0; i < n; i++) {
        zeros += v[i] == 0;
        negative += v[i] == 0 && __builtin_signbit(v[i]);
    }
    if (negative == 0) {
        return 0;
    }
    uint8_t *signs = qv_alloc(qi, (size_t)zeros);
    if (signs == NULL) {
        return -1;
    }
    QvSsize k = 0;
    for (QvSsize i = 0; i < n; i++) {
        if (v[i] == 0) {
            signs[k++] = __builtin_signbit(v[i]) != 0;
        }
    }
    *ret_block = signs;
    return zeros;
}

static int sort_doubles(QvInterp *qi, QvNumbers *n, uint64_t *scratch, bool reverse)
{
    uint8_t *signs;
    double *values = (double *)(void *)n->data;
    uint64_t *keys = (uint64_t *)(void *)n->data;
    QvSsize zeros = signs_of_zeros(qi, values, n->len, &signs);
    if (zeros < 0) {
        return -1;
    }
    for (QvSsize i = 0; i < n->len; i++) {
        double v = values[i];
        uint64_t bits;
        memcpy(&bits, &v, sizeof bits);
        keys[i] = key_of_double(bits);
    }
    int r = sort_digits_64(qi, keys, scratch, n->len);
    for (QvSsize i = 0; i < n->len; i++) {
        double v;
        uint64_t bits = double_of_key(keys[i]);
        memcpy(&v, &bits, sizeof v);
        values[i] = v;
    }
    if (reverse) {
        qv_numbers_reverse(n);
    }
    for (QvSsize i = 0, k = 0; signs && i < n->len; i++) {
        if (values[i] == 0) {
            values[i] = signs[k++] ? -0.0 : 0.0;
        }
    }
    qv_free(qi, signs, (size_t)zeros);
    return r;
}

static int sort_ints(QvInterp *qi, QvNumbers *n, void *scratch)
{
    int r;
    if (n->kind == QV_NUM_I32) {
        uint32_t *keys = (uint32_t *)(void *)n->data;
        for (QvSsize i = 0; i < n->len; i++) {
            keys[i] ^= UINT32_C(1) << 31;
        }
        r = sort_digits_32(qi, keys, scratch, n->len);
        for (QvSsize i = 0; i < n->len; i++) {
            keys[i] ^= UINT32_C(1) << 31;
        }
        return r;
    }
    uint64_t *keys = (uint64_t *)(void *)n->data;
    for (QvSsize i = 0; i < n->len; i++) {
        keys[i] ^= UINT64_C(1) << 63;
    }
    r = sort_digits_64(qi, keys, scratch, n->len);
    for (QvSsize i = 0; i < n->len; i++) {
        keys[i] ^= UINT64_C(1) << 63;
    }
    return r;
}

int qv_numbers_sort(QvInterp *qi, QvList *l, bool reverse)
{
    QvNumbers *n = l->numbers;
    int done = in_order(qi, n, reverse);
    if (done != 0) {
        return done < 0 ? -1 : 0;
    }
    if (n->kind != QV_NUM_F64 && (done = in_order(qi, n, !reverse)) != 0) {
        if (done > 0) {
            qv_numbers_reverse(n); // equal ints are not told apart
        }
        return done < 0 ? -1 : 0;
    }
    int r;
    if (n->kind <= QV_NUM_I16) {
        r = sort_by_counting(qi, n);
    } else {
        size_t bytes = qv_num_bytes(n->kind, n->len);
        void *scratch = qv_alloc(qi, bytes);
        r = scratch == NULL         ? -1
            : n->kind == QV_NUM_F64 ? sort_doubles(qi, n, scratch, reverse)
                                    : sort_ints(qi, n, scratch);
        if (scratch) {
            qv_free(qi, scratch, bytes);
        }
    }
    if (r == 0 && reverse && n->kind != QV_NUM_F64) {
        qv_numbers_reverse(n);
    }
    return r;
}
