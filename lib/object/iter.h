// SPDX-License-Identifier: MIT
// Iterator objects that the VM has fast paths for, and the generic sequence iterator.
#ifndef QV_OBJECT_ITER_H
#define QV_OBJECT_ITER_H

#include "object/object.h"
#include "object/type.h"

typedef struct QvSeqIter {
    QvObj h;
    QvObj *seq;
    QvSsize index;
} QvSeqIter; // list_, tuple_, str_, bytes_ iterators, seqiter; seq NULL when exhausted
typedef struct QvDictIter {
    QvObj h;
    QvObj *dict;
    QvSsize pos, used;
    QvSsize left;
    QvObj *pair;
} QvDictIter; // used: size at the start
typedef struct QvEnumerate {
    QvObj h;
    QvObj *it;
    int64_t index; // next number while big is NULL
    QvObj *big;    // next number once it is past 64 bits (or started there)
    QvObj *result; // tuple for reuse, or NULL
} QvEnumerate;
typedef struct QvZip {
    QvObj h;
    QvObj *its;    // tuple of iterators
    QvObj *result; // tuple for reuse, or NULL
    bool strict;
} QvZip;
extern QvType qv_list_iterator_type, qv_list_reverseiterator_type, qv_tuple_iterator_type,
    qv_str_iterator_type, qv_seqiter_type, qv_calliter_type;
extern QvType qv_dict_keyiterator_type, qv_dict_valueiterator_type, qv_dict_itemiterator_type;
extern QvType qv_enumerate_type, qv_zip_type, qv_map_type, qv_filter_type, qv_reversed_type;
// The number of the next item: new reference.
QvObj *qv_enumerate_count(QvInterp *qi, QvEnumerate *e);
// Iterator i of a zip has ended first: with strict=True that must be the first one, and all others
// must have ended too. NULL, perhaps with ValueError.
QV_RUNS QvObj *qv_zip_end(QvInterp *qi, const QvZip *z, QvSsize i);
QvObj *qv_seqiter_new(QvInterp *qi, QvType *type, QvObj *seq);
QV_RUNS void qv_seqiter_dealloc(QvInterp *qi, QvObj *o); // of exact static types that are QvSeqIter
QvObj *qv_calliter_new(QvInterp *qi, QvObj *callable, QvObj *sentinel);
// builtins.<name> for the __reduce__ of iterators ("iter", "reversed"): new reference.
QvObj *qv_iter_builtin(QvInterp *qi, QvObj *name);
// The __reduce__ of an iterator whose place cannot be told: (iter, ([what copy still gives],)).
QvObj *qv_iter_reduce_rest_take(QvInterp *qi, QV_STOLEN QvObj *copy);
QV_RUNS QvObj *qv_iter_self(QvInterp *qi, QvObj *o); // iter slot of iterators

#endif
