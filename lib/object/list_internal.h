// SPDX-License-Identifier: MIT
// What list.c and list_slice.c share.
#ifndef QV_OBJECT_LIST_INTERNAL_H
#define QV_OBJECT_LIST_INTERNAL_H

#include "object/list.h"
#include "object/tuple.h"

#define QV_LIST_MAX (PTRDIFF_MAX / (QvSsize)sizeof(QvObj *))

// Room for n items in an ordinary list, with some to spare when there was none. 0/-1.
int qv_list_reserve(QvInterp *qi, QvList *l, QvSsize n);
// Gives memory back when most of it is unused. Never fails: the old block stays when it must.
void qv_list_shrink(QvInterp *qi, QvList *l);
// o[slice] = value, or (with NULL) del o[slice]. 0/-1.
QV_RUNS int qv_list_set_by_slice(QvInterp *qi, QvObj *o, QvObj *slice, QvObj *value);

// The length of a list or a tuple.
static inline QvSsize qv_list_items_len(const QvObj *o)
{
    return qv_is_list(o) ? qv_list_len(o) : qv_tuple_len(o);
}

// The items of an ordinary list or a tuple.
static inline QvObj **qv_list_items_of(QvObj *o, QvSsize *ret_n)
{
    if (qv_is_list(o)) {
        qv_assert(!qv_list_is_packed(o));
        *ret_n = ((QvList *)o)->boxed;
        return ((QvList *)o)->items;
    }
    *ret_n = qv_tuple_len(o);
    return qv_tuple_items(o);
}

#endif
