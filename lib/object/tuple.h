// SPDX-License-Identifier: MIT
// tuple.
#ifndef QV_OBJECT_TUPLE_H
#define QV_OBJECT_TUPLE_H

#include "object/object.h"
#include "object/type.h"

struct QvTuple {
    QvObj h;
    QvSsize len;
    QvObj *items[]; // owned
};
extern QvType qv_tuple_type;
extern struct QvTupleEmpty {
    QvObj h;
    QvSsize len;
} qv_tuple_empty; // the sealed ()
#define QV_EMPTY_TUPLE ((QvObj *)&qv_tuple_empty)

static inline bool qv_is_tuple(const QvObj *o) { return qv_has_flag(o, QV_T_TUPLE); }
static inline bool qv_is_tuple_exact(const QvObj *o) { return o->type == &qv_tuple_type; }
static inline QvSsize qv_tuple_len(const QvObj *o) { return ((const QvTuple *)o)->len; }
static inline QvObj **qv_tuple_items(const QvObj *o) { return ((QvTuple *)o)->items; }
QV_BORROWED static inline QvObj *qv_tuple_peek(const QvObj *o, QvSsize i)
{
    return ((const QvTuple *)o)->items[i];
}
QvObj *qv_tuple_new(QvInterp *qi, QvSsize n); // items NULL, to be filled; n 0: the empty one
QvObj *qv_tuple_from_array(QvInterp *qi, QvObj *const *items, QvSsize n); // new references to the
                                                                          // items
QvObj *qv_tuple_from_array_take(QvInterp *qi, QV_STOLEN QvObj *const *items, QvSsize n); // items
                                                                                         // dropped
                                                                                         // on
                                                                                         // failure
                                                                                         // too
QvObj *qv_tuple_of(QvInterp *qi, int n, ...); // borrowed QvObj * arguments; any NULL argument: NULL
                                              // (exception already set)
QvObj *qv_tuple_slice(QvInterp *qi, QvObj *o, QvSsize start, QvSsize end);

#endif
