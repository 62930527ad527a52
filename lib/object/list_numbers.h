// SPDX-License-Identifier: MIT
// Work on packed lists: reading and storing numbers, and what list.c does with whole lists of them.
//
// Nothing here runs Python, nor lets it run: where a list is long, only a stop is noticed.
#ifndef QV_OBJECT_LIST_NUMBERS_H
#define QV_OBJECT_LIST_NUMBERS_H

#include <string.h>

#include "object/alloc.h"
#include "object/float.h"
#include "object/int.h"
#include "object/list.h"

static inline QvNumbers *qv_numbers_of(const QvObj *o) { return ((const QvList *)o)->numbers; }
static inline unsigned qv_num_shift(QvNumKind kind) { return kind == QV_NUM_F64 ? 3 : kind; }
static inline size_t qv_num_bytes(QvNumKind kind, QvSsize n)
{
    return (size_t)n << qv_num_shift(kind);
}
static inline void *qv_numbers_place(const QvNumbers *n, QvSsize i)
{
    return (uint8_t *)(uintptr_t)n->data + ((size_t)i << qv_num_shift(n->kind));
}

// Number i, of ints. The kinds in the order in which programs have them.
static inline int64_t qv_numbers_int(const QvNumbers *n, QvSsize i)
{
    const void *data = n->data;
    if (QV_LIKELY(n->kind == QV_NUM_I16)) {
        return ((const int16_t *)data)[i];
    }
    if (n->kind == QV_NUM_I32) {
        return ((const int32_t *)data)[i];
    }
    return n->kind == QV_NUM_I64 ? ((const int64_t *)data)[i] : ((const int8_t *)data)[i];
}
// Number i, of floats.
static inline double qv_numbers_float(const QvNumbers *n, QvSsize i)
{
    const void *data = n->data;
    return ((const double *)data)[i];
}

// The narrowest kind for an int.
static inline QvNumKind qv_num_kind_for(int64_t v)
{
    return (int8_t)v == v    ? QV_NUM_I8
           : (int16_t)v == v ? QV_NUM_I16
           : (int32_t)v == v ? QV_NUM_I32
                             : QV_NUM_I64;
}

// Stores an int in a place of an int kind, when it fits: true. (The kinds as in qv_numbers_int.)
static inline bool qv_num_put_int(QvNumKind kind, void *data, QvSsize i, int64_t v)
{
    if (QV_LIKELY(kind == QV_NUM_I16)) {
        if ((int16_t)v != v) {
            return false;
        }
        ((int16_t *)data)[i] = (int16_t)v;
    } else if (kind == QV_NUM_I32) {
        if ((int32_t)v != v) {
            return false;
        }
        ((int32_t *)data)[i] = (int32_t)v;
    } else if (kind == QV_NUM_I64) {
        ((int64_t *)data)[i] = v;
    } else {
        if ((int8_t)v != v) {
            return false;
        }
        ((int8_t *)data)[i] = (int8_t)v;
    }
    return true;
}

// May the object be held as a number at all?
static inline bool qv_is_number(const QvObj *o)
{
    return o->type == &qv_int_type ||
           (o->type == &qv_float_type && qv_float_value(o) == qv_float_value(o));
}

// Does the value fit the kind as it is?
static inline bool qv_num_fits(QvNumKind kind, const QvObj *x)
{
    if (kind == QV_NUM_F64) {
        return x->type == &qv_float_type && qv_float_value(x) == qv_float_value(x);
    }
    return x->type == &qv_int_type && qv_num_kind_for(qv_int_value(x)) <= kind;
}

// Stores x at i (which is below cap), when it fits the kind as it is: true.
static inline bool qv_numbers_put(QvNumbers *n, QvSsize i, const QvObj *x)
{
    if (n->kind == QV_NUM_F64) {
        if (x->type != &qv_float_type || qv_float_value(x) != qv_float_value(x)) {
            return false;
        }
        ((double *)(void *)n->data)[i] = qv_float_value(x);
        return true;
    }
    return x->type == &qv_int_type && qv_num_put_int(n->kind, n->data, i, qv_int_value(x));
}

// The next number of a packed list, when it fits and there is room: true.
static inline bool qv_numbers_add(QvNumbers *n, const QvObj *x)
{
    if (QV_UNLIKELY(n->len >= n->cap) || !qv_numbers_put(n, n->len, x)) {
        return false;
    }
    n->len++;
    return true;
}

// Number i in a box: new, or the cached int. NULL with MemoryError.
static inline QvObj *qv_numbers_box(QvInterp *qi, const QvNumbers *n, QvSsize i)
{
    QvObj *o;
    if (n->kind == QV_NUM_F64) {
        o = qv_alloc_atom(qi, &qv_float_type, sizeof(QvFloat));
        if (QV_LIKELY(o != NULL)) {
            ((QvFloat *)o)->value = qv_numbers_float(n, i);
        }
        return o;
    }
    int64_t v = qv_numbers_int(n, i);
    o = qv_small_int(qi, v);
    if (o == NULL && QV_LIKELY((o = qv_alloc_atom(qi, &qv_int_type, sizeof(QvInt))) != NULL)) {
        ((QvInt *)o)->value = v;
    }
    return o;
}

_Static_assert(sizeof(QvInt) == sizeof(QvFloat), "they are freed alike");

// Drops an exact int or float. Runs no Python.
static inline void qv_number_drop(QvInterp *qi, QvObj *o)
{
    if (o->refs == 1 && QV_LIKELY((o->flags & QV_F_WEAKREF) == 0)) {
        qv_check_owner(qi, o);
        qv_heap_free(&qi->heap, o, sizeof(QvInt));
    } else {
        qv_decref(qi, o);
    }
}

// Boxes n numbers of a kind that begin at data (which may be unaligned) into items. How many there
// are, fewer than n with MemoryError; n is QV_NUM_STEP at most.
#define QV_NUM_STEP 1024
size_t qv_numbers_fill(QvInterp *qi, QvObj **items, QvNumKind kind, const void *data, size_t n);

// ---- for list*.c; l is packed where nothing else is said ----

// Becomes packed when all the ordinary list holds are numbers that (but for a few) nobody else has;
// else it is marked as ordinary for ever. False: it is not packed (no exception).
bool qv_list_pack(QvInterp *qi, QvObj *o);
// Puts an empty list that may be packed over to the kind, with room for cap. 0/-1.
int qv_numbers_begin(QvInterp *qi, QvList *l, QvNumKind kind, QvSsize cap);
void qv_numbers_drop(QvInterp *qi, QvList *l); // it is ordinary and empty then
int qv_numbers_reserve(QvInterp *qi, QvList *l, QvSsize n);
void qv_numbers_shrink(QvInterp *qi, QvList *l);
// Makes the kind wide enough for x. 1; 0: x is no such number; -1.
int qv_numbers_suit(QvInterp *qi, QvList *l, const QvObj *x);
// 1 done; 0: it does not fit (box the list first); -1.
int qv_numbers_append(QvInterp *qi, QvList *l, const QvObj *x);
int qv_numbers_set(QvInterp *qi, QvList *l, QvSsize i, const QvObj *x);
int qv_numbers_insert(QvInterp *qi, QvList *l, QvSsize i, const QvObj *x);
// Replaces start..end by n numbers of another packed list's block (not l's own), or by none (with
// NULL). 1, 0 (the kinds do not go together), -1.
int qv_numbers_replace(QvInterp *qi, QvList *l, QvSsize start, QvSsize end, const QvNumbers *with);
// Deletes count numbers from start on in steps. 0/-1.
int qv_numbers_delete(QvInterp *qi, QvList *l, QvSsize start, QvSsize step, QvSsize count);
// Adds n numbers of another block (or the same) from `from` on. 1, 0, -1.
int qv_numbers_extend(QvInterp *qi, QvList *l, const QvObj *other, QvSsize from, QvSsize n);
// Makes it n times as long. 0/-1.
int qv_numbers_repeat(QvInterp *qi, QvList *l, QvSsize times);
// A new list of count numbers; ordinary when they are few.
QvObj *qv_numbers_slice(QvInterp *qi, const QvObj *o, QvSsize start, QvSsize step, QvSsize count);
QvObj *qv_numbers_range(QvInterp *qi, int64_t start, int64_t step, QvSsize n); // new packed list
void qv_numbers_reverse(QvNumbers *n);
int qv_numbers_sort(QvInterp *qi, QvList *l, bool reverse); // 0/-1 (list_numbers_sort.c)
// First place of what equals x from i on, below end: that; `end`: none; -1 with an exception; -2: x
// is something that has to be asked.
QvSsize qv_numbers_find(QvInterp *qi, const QvNumbers *n, QvSsize i, QvSsize end, const QvObj *x);
// First difference of two of the same sort (ints or floats): its place, the shorter length when
// there is none; -1 with an exception; -2: they are of two sorts.
QvSsize qv_numbers_differ(QvInterp *qi, const QvNumbers *a, const QvNumbers *b);

#endif
