// SPDX-License-Identifier: MIT
// Iterators over list, forwards and backwards, and over tuple.
//
// All are a QvSeqIter; `seq` is NULL once the end has been seen, and stays so if the list grows
// later.
#include "object/gc.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/list_numbers.h"
#include "object/protocol.h"
#include "object/tuple.h"
#include "object/type_ids.h"

static inline QvSeqIter *as_iter(QvObj *o) { return (QvSeqIter *)o; }

static int iter_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_iter(o)->seq);
    return 0;
}

static void iter_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &as_iter(o)->seq); }

// (builtin, (seq,), index)
static QvObj *reduce(QvInterp *qi, QvObj *builtin_name, QvObj *seq, QvSsize index)
{
    QvObj *args = qv_tuple_of(qi, 1, seq);
    QvObj *builtin = args ? qv_iter_builtin(qi, builtin_name) : NULL;
    QvObj *state = builtin ? qv_int_from_i64(qi, index) : NULL;
    QvObj *ret = state ? qv_tuple_of(qi, 3, builtin, args, state) : NULL;
    qv_xdecref(qi, args);
    qv_xdecref(qi, builtin);
    qv_xdecref(qi, state);
    return ret;
}

// (iter, (empty,)): what an exhausted one is.
static QvObj *reduce_end(QvInterp *qi, QV_STOLEN QvObj *empty)
{
    QvObj *args = qv_tuple_of(qi, 1, empty);
    QvObj *builtin = args ? qv_iter_builtin(qi, QV_N(iter)) : NULL;
    QvObj *ret = builtin ? qv_tuple_of(qi, 2, builtin, args) : NULL;
    qv_xdecref(qi, empty);
    qv_xdecref(qi, args);
    qv_xdecref(qi, builtin);
    return ret;
}

// The index given to __setstate__, put between low and high. 0 or -1.
static int state_index(QvInterp *qi, QvObj *state, QvSsize low, QvSsize high, QvSsize *ret)
{
    if (qv_arg_ssize(qi, state, ret) < 0) {
        return -1;
    }
    *ret = *ret < low ? low : *ret > high ? high : *ret;
    return 0;
}

// ---- list ---------------------------------------------------------------------------------------

static QvObj *list_next(QvInterp *qi, QvObj *o)
{
    QvSeqIter *it = as_iter(o);
    const QvList *l = (const QvList *)it->seq;
    if (QV_LIKELY(l != NULL)) {
        if (QV_LIKELY(it->index < l->boxed)) {
            return qv_new_ref(qi, l->items[it->index++]);
        }
        if (l->numbers && it->index < l->numbers->len) {
            return qv_numbers_box(qi, l->numbers, it->index++);
        }
        qv_clear(qi, &it->seq);
    }
    return NULL;
}

static QvObj *list_length_hint(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvSeqIter *it = as_iter(self);
    QvSsize left = it->seq ? qv_list_len(it->seq) - it->index : 0;
    return qv_int_from_i64(qi, left > 0 ? left : 0);
}

static QvObj *list_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvSeqIter *it = as_iter(self);
    return it->seq ? reduce(qi, QV_N(iter), it->seq, it->index)
                   : reduce_end(qi, qv_list_new(qi, 0));
}

static QvObj *list_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSeqIter *it = as_iter(self);
    QvSsize i;
    if (state_index(qi, args[0], 0, it->seq ? qv_list_len(it->seq) : 0, &i) < 0) {
        return NULL;
    }
    it->index = i;
    return QV_NONE;
}

static const QvNativeDef list_iter_methods[] = {
    {"__length_hint__", list_length_hint, "($self, /)", "How many items are left."},
    {"__reduce__", list_reduce, "($self, /)", "State for pickling."},
    {"__setstate__", list_setstate, "($self, state, /)", "Restores the state from pickling."},
    {0},
};

// ---- list, backwards ----------------------------------------------------------------------------

static QvObj *reverse_next(QvInterp *qi, QvObj *o)
{
    QvSeqIter *it = as_iter(o);
    if (it->seq) {
        if (it->index >= 0 && it->index < qv_list_len(it->seq)) {
            return qv_list_at(qi, it->seq, it->index--);
        }
        it->index = -1;
        qv_clear(qi, &it->seq);
    }
    return NULL;
}

static QvObj *reverse_length_hint(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvSeqIter *it = as_iter(self);
    bool good = it->seq && it->index < qv_list_len(it->seq);
    return qv_int_from_i64(qi, good ? it->index + 1 : 0);
}

static QvObj *reverse_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvSeqIter *it = as_iter(self);
    return it->seq ? reduce(qi, QV_N(reversed), it->seq, it->index)
                   : reduce_end(qi, qv_list_new(qi, 0));
}

static QvObj *reverse_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSeqIter *it = as_iter(self);
    QvSsize i;
    if (state_index(qi, args[0], -1, it->seq ? qv_list_len(it->seq) - 1 : -1, &i) < 0) {
        return NULL;
    }
    it->index = i;
    return QV_NONE;
}

static const QvNativeDef reverse_methods[] = {
    {"__length_hint__", reverse_length_hint, "($self, /)", "How many items are left."},
    {"__reduce__", reverse_reduce, "($self, /)", "State for pickling."},
    {"__setstate__", reverse_setstate, "($self, state, /)", "Restores the state from pickling."},
    {0},
};

// ---- tuple --------------------------------------------------------------------------------------

static QvObj *tuple_next(QvInterp *qi, QvObj *o)
{
    QvSeqIter *it = as_iter(o);
    if (it->seq) {
        if (it->index < qv_tuple_len(it->seq)) {
            return qv_new_ref(qi, qv_tuple_peek(it->seq, it->index++));
        }
        qv_clear(qi, &it->seq);
    }
    return NULL;
}

static QvObj *tuple_length_hint(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvSeqIter *it = as_iter(self);
    return qv_int_from_i64(qi, it->seq ? qv_tuple_len(it->seq) - it->index : 0);
}

static QvObj *tuple_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvSeqIter *it = as_iter(self);
    return it->seq ? reduce(qi, QV_N(iter), it->seq, it->index) : reduce_end(qi, QV_EMPTY_TUPLE);
}

static QvObj *tuple_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSeqIter *it = as_iter(self);
    QvSsize i;
    if (state_index(qi, args[0], 0, it->seq ? qv_tuple_len(it->seq) : 0, &i) < 0) {
        return NULL;
    }
    it->index = i;
    return QV_NONE;
}

static const QvNativeDef tuple_iter_methods[] = {
    {"__length_hint__", tuple_length_hint, "($self, /)", "How many items are left."},
    {"__reduce__", tuple_reduce, "($self, /)", "State for pickling."},
    {"__setstate__", tuple_setstate, "($self, state, /)", "Restores the state from pickling."},
    {0},
};

#define ITER_TYPE(STEM, METHODS, NEXT)                   \
    QV_SEALED QvType qv_##STEM##_type = {                \
        .h = QV_STATIC_HEADER(&qv_type_type),            \
        .name = #STEM,                                   \
        .id = QV_TID_##STEM,                             \
        .flags = QV_T_GC | QV_T_NO_NEW | QV_T_IMMUTABLE, \
        .size = sizeof(QvSeqIter),                       \
        .base = &qv_object_type,                         \
        .methods = (METHODS),                            \
        .dealloc = qv_seqiter_dealloc,                   \
        .fini = iter_fini,                               \
        .clear = iter_fini,                              \
        .traverse = iter_traverse,                       \
        .iter = qv_iter_self,                            \
        .next = (NEXT),                                  \
    }
ITER_TYPE(list_iterator, list_iter_methods, list_next);
ITER_TYPE(list_reverseiterator, reverse_methods, reverse_next);
ITER_TYPE(tuple_iterator, tuple_iter_methods, tuple_next);
#undef ITER_TYPE
