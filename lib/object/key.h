// SPDX-License-Identifier: MIT
// Hashing and comparing keys and items: the cases that need no call, inline, then the general
// protocol.
//
// What dict, set, list and tuple share; exact str and exact 64-bit int never run Python here.
#ifndef QV_OBJECT_KEY_H
#define QV_OBJECT_KEY_H

#include <string.h>

#include "base/hash.h"
#include "object/float.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

// hash(key), or -1 with an exception (the key is unhashable, or its __hash__ raised).
QV_RUNS static inline QvHash qv_key_hash(QvInterp *qi, QvObj *key)
{
    if (QV_LIKELY(key->type == &qv_str_type)) {
        QvHash h = ((QvStr *)key)->hash;
        return QV_LIKELY(h != -1) ? h : qv_str_hash_try(qi, key);
    }
    if (key->type == &qv_int_type) {
        return qv_hash_i64(qv_int_value(key));
    }
    return qv_hash(qi, key);
}

// True when a and b are equal without asking; *ret_known tells whether false is final too.
static inline bool qv_key_same(const QvObj *a, const QvObj *b, bool *ret_known)
{
    *ret_known = true;
    if (a == b) {
        return true;
    }
    if (a->type == &qv_int_type && b->type == &qv_int_type) {
        return qv_int_value(a) == qv_int_value(b);
    }
    if (a->type == &qv_str_type && b->type == &qv_str_type) {
        return qv_str_equal(a, b);
    }
    *ret_known = false;
    return false;
}

// The first place from i on, below end, where two rows of items are not known to be equal.
static inline QvSsize qv_items_same(QvObj *const *a, QvObj *const *b, QvSsize i, QvSsize end)
{
    bool known;
    while (i < end && qv_key_same(a[i], b[i], &known)) {
        i++;
    }
    return i;
}

// v < w where that runs nothing and is short work: 1 or 0; else -1.
static inline int qv_key_less(const QvObj *v, const QvObj *w)
{
    if (v->type != w->type) {
        return -1;
    }
    if (v->type == &qv_int_type) {
        return qv_int_value(v) < qv_int_value(w);
    }
    if (v->type == &qv_float_type) {
        return qv_float_value(v) < qv_float_value(w);
    }
    if (v->type == &qv_str_type && (qv_str_len(v) < 4096 || qv_str_len(w) < 4096)) {
        return qv_str_compare(v, w) < 0;
    }
    return -1;
}

// v is w or v == w: 1, 0, -1. Holds both operands during the comparison, so borrowed ones may be
// given.
QV_RUNS static inline int qv_item_eq(QvInterp *qi, QvObj *v, QvObj *w)
{
    bool known;
    bool same = qv_key_same(v, w, &known);
    if (known) {
        return same;
    }
    qv_incref(qi, v);
    qv_incref(qi, w);
    int r = qv_compare_bool(qi, v, w, QV_EQ);
    qv_decref(qi, v);
    qv_decref(qi, w);
    return r;
}

// Safepoint inside a long loop: cheap when nothing is wanted. 0 or -1 with an exception.
QV_RUNS static inline int qv_poll_here(QvInterp *qi)
{
    return QV_UNLIKELY(qv_poll_peek(qi) != 0) ? qv_poll(qi) : 0;
}

// The same once in 4,096 steps; i is the loop's counter.
QV_RUNS static inline int qv_poll_step(QvInterp *qi, QvSsize i)
{
    return QV_UNLIKELY((i & 4095) == 4095 && qv_poll_peek(qi) != 0) ? qv_poll_work(qi, 4096) : 0;
}

#define QV_POLL_SLICE ((QvSsize)1 << 17) // steps without a look at the poll flag

// Long loops of small steps, in slices that have no poll: where the one that begins at `from` ends
// (n at most), or -1 with an exception.
//     for (QvSsize from = 0, to; from < n; from = to) {
//         if ((to = qv_poll_slice(qi, from, n)) < 0) { ... }
//         for (QvSsize i = from; i < to; i++) ...
QV_RUNS static inline QvSsize qv_poll_slice(QvInterp *qi, QvSsize from, QvSsize n)
{
    if (QV_UNLIKELY(from > 0 && qv_poll_peek(qi) != 0) &&
        qv_poll_work(qi, (uint64_t)QV_POLL_SLICE) < 0) {
        return -1;
    }
    return n - from > QV_POLL_SLICE ? from + QV_POLL_SLICE : n;
}

// The three of them for work on what must not change meanwhile: only a stop is noticed.
static inline int qv_stop_here(QvInterp *qi)
{
    return QV_UNLIKELY(qv_poll_peek(qi) & QV_POLL_STOP) ? qv_poll_stop(qi) : 0;
}
static inline int qv_stop_step(QvInterp *qi, QvSsize i)
{
    return QV_UNLIKELY((i & 4095) == 4095) ? qv_stop_here(qi) : 0;
}
static inline QvSsize qv_stop_slice(QvInterp *qi, QvSsize from, QvSsize n)
{
    if (QV_UNLIKELY(from > 0) && qv_stop_here(qi) < 0) {
        return -1;
    }
    return n - from > QV_POLL_SLICE ? from + QV_POLL_SLICE : n;
}

#define QV_POLL_BYTES ((size_t)256 << 10) // of copying between two looks at the poll flag

// memcpy that polls. Both blocks stay where they are whatever a script does: the target belongs to
// the caller alone, the source to something immutable that is held. 0, or -1 with an exception.
QV_RUNS static inline int qv_copy_long(QvInterp *qi, void *to, const void *from, size_t n)
{
    for (size_t i = 0; i < n; i += QV_POLL_BYTES) {
        size_t more = n - i < QV_POLL_BYTES ? n - i : QV_POLL_BYTES;
        memcpy((char *)to + i, (const char *)from + i, more);
        if (n > QV_POLL_BYTES && qv_poll_here(qi) < 0) {
            return -1;
        }
    }
    return 0;
}

// Argument count of a constructor that takes positional arguments only. 0, or -1 with CPython's
// TypeError.
static inline int qv_ctor_check(QvInterp *qi, const char *name, QvSsize nargs, QvSsize min,
                                QvSsize max, QvObj *kwnames)
{
    if (QV_UNLIKELY(kwnames && qv_tuple_len(kwnames) != 0)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s() takes no keyword arguments", name);
    }
    if (QV_UNLIKELY(nargs < min)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s expected at least %zd argument%s, got %zd",
                            name, min, min == 1 ? "" : "s", nargs);
    }
    if (QV_UNLIKELY(nargs > max)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s expected at most %zd argument%s, got %zd",
                            name, max, max == 1 ? "" : "s", nargs);
    }
    return 0;
}

#endif
