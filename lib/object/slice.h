// SPDX-License-Identifier: MIT
// slice and range.
#ifndef QV_OBJECT_SLICE_H
#define QV_OBJECT_SLICE_H

#include "object/object.h"
#include "object/type.h"

typedef struct QvSlice {
    QvObj h;
    QvObj *start, *stop, *step;
} QvSlice; // each an object, None included
extern QvType qv_slice_type;
static inline bool qv_is_slice(const QvObj *o) { return o->type == &qv_slice_type; }
QvObj *qv_slice_new(QvInterp *qi, QvObj *start, QvObj *stop, QvObj *step); // NULL means None
// Concrete indices for a sequence of length len; *ret_count = number of items. -1:
// TypeError/ValueError.
QV_RUNS int qv_slice_indices(QvInterp *qi, QvObj *slice, QvSsize len, QvSsize *start, QvSsize *stop,
                             QvSsize *step, QvSsize *ret_count);
// The two halves of it, for containers whose length an __index__ may change: unpack, then look at
// the length.
QV_RUNS int qv_slice_unpack(QvInterp *qi, QvObj *slice, QvSsize *start, QvSsize *stop,
                            QvSsize *step);
QvSsize qv_slice_adjust(QvSsize len, QvSsize *start, QvSsize *stop, QvSsize step); // number of
                                                                                   // items
// The place after `at` in a walk by step. After the last item it may leave the range of QvSsize,
// and then it is not looked at.
static inline QvSsize qv_slice_next(QvSsize at, QvSsize step)
{
    return (QvSsize)((size_t)at + (size_t)step);
}
// An optional bound of index(x, start, stop): any __index__, clipped; TypeError "slice indices must
// be integers or ...".
QV_RUNS int qv_slice_position(QvInterp *qi, QvObj *o, QvSsize *ret);
// The same with numbers of any size: new references to int objects. 0/-1. len is an int, not
// negative.
QV_RUNS int qv_slice_long_indices(QvInterp *qi, QvObj *slice, QvObj *len, QvObj **ret_start,
                                  QvObj **ret_stop, QvObj **ret_step);

// range: bounds as int objects, and inline 64-bit copies when all fit (the usual case).
typedef struct QvRange {
    QvObj h;
    QvObj *start, *stop, *step, *length;
} QvRange;
typedef struct QvRangeIter {
    QvObj h;
    int64_t next, step;
    uint64_t left, count; // count: of the whole range, for pickling
} QvRangeIter;            // the 64-bit case
extern QvType qv_range_type, qv_range_iterator_type, qv_longrange_iterator_type;
static inline bool qv_is_range(const QvObj *o) { return o->type == &qv_range_type; }
QvObj *qv_range_new(QvInterp *qi, QvObj *start /*NULL: 0*/, QvObj *stop,
                    QvObj *step /*NULL: 1*/); // any __index__; errors as range()

#endif
