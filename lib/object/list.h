// SPDX-License-Identifier: MIT
// list. The accessor functions are the only way in, so that storage may one day be unboxed.
#ifndef QV_OBJECT_LIST_H
#define QV_OBJECT_LIST_H

#include "object/object.h"
#include "object/type.h"

struct QvList {
    QvObj h;
    QvObj **items; // raw block of cap pointers, owned; NULL when cap is 0
    QvSsize len;
    QvSsize cap; // -1 while it is being sorted (len 0, items NULL)
};
extern QvType qv_list_type;

static inline bool qv_is_list(const QvObj *o) { return qv_has_flag(o, QV_T_LIST); }
static inline bool qv_is_list_exact(const QvObj *o) { return o->type == &qv_list_type; }
static inline QvSsize qv_list_len(const QvObj *o) { return ((const QvList *)o)->len; }
QV_BORROWED static inline QvObj *qv_list_peek(const QvObj *o, QvSsize i)
{
    return ((const QvList *)o)->items[i];
}
QvObj *qv_list_new(QvInterp *qi, QvSsize cap); // empty, room for cap
QvObj *qv_list_from_array(QvInterp *qi, QvObj *const *items, QvSsize n);
int qv_list_append(QvInterp *qi, QvObj *o, QvObj *item);
int qv_list_append_take(QvInterp *qi, QvObj *o, QV_STOLEN QvObj *item); // stolen even on failure;
                                                                        // item NULL: -1
int qv_list_insert(QvInterp *qi, QvObj *o, QvSsize i, QvObj *item);
QV_RUNS int qv_list_set(QvInterp *qi, QvObj *o, QvSsize i, QvObj *item); // IndexError
QV_RUNS int qv_list_extend(QvInterp *qi, QvObj *o, QvObj *iterable);
QV_RUNS int qv_list_set_slice(QvInterp *qi, QvObj *o, QvSsize start, QvSsize end,
                              QvObj *iterable /*NULL deletes*/);
QvObj *qv_list_slice(QvInterp *qi, QvObj *o, QvSsize start, QvSsize end);
QV_RUNS int qv_list_sort(QvInterp *qi, QvObj *o, QvObj *key /*NULL*/, bool reverse);
int qv_list_reverse(QvInterp *qi, QvObj *o);
QvObj *qv_list_as_tuple(QvInterp *qi, QvObj *o);
QV_RUNS void qv_list_clear(QvInterp *qi, QvObj *o);

#endif
