// SPDX-License-Identifier: MIT
// Iterators of str, bytes, bytearray and memoryview: a sequence and an index, one type each.
#include "object/bytes.h"
#include "object/bytes_methods.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

static void iter_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &((QvSeqIter *)o)->seq); }

static int iter_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((QvSeqIter *)o)->seq);
    return 0;
}

static QvObj *exhausted(QvInterp *qi, QvSeqIter *it)
{
    qv_clear(qi, &it->seq);
    return NULL;
}

static QvObj *str_iterator_next(QvInterp *qi, QvObj *o)
{
    QvSeqIter *it = (QvSeqIter *)o;
    if (it->seq == NULL) {
        return NULL;
    }
    if (it->index < qv_str_len(it->seq)) {
        return qv_str_from_char(qi, qv_str_read(it->seq, it->index++));
    }
    return exhausted(qi, it);
}

// bytes and bytearray
static QvObj *bytes_iterator_next(QvInterp *qi, QvObj *o)
{
    QvSeqIter *it = (QvSeqIter *)o;
    if (it->seq == NULL) {
        return NULL;
    }
    QvSsize n;
    const uint8_t *p = qv_bytes_span(it->seq, &n);
    return it->index < n ? qv_int_from_i64(qi, p[it->index++]) : exhausted(qi, it);
}

static QvObj *memory_iterator_next(QvInterp *qi, QvObj *o)
{
    QvSeqIter *it = (QvSeqIter *)o;
    if (it->seq == NULL) {
        return NULL;
    }
    QvSsize n = qv_len(qi, it->seq);
    if (n < 0) {
        return NULL;
    }
    return it->index < n ? qv_getitem_i(qi, it->seq, it->index++) : exhausted(qi, it);
}

static QvObj *length_hint(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvSeqIter *it = (QvSeqIter *)self;
    QvSsize n = it->seq != NULL ? qv_len(qi, it->seq) : 0;
    if (n < 0) {
        return NULL;
    }
    return qv_int_from_i64(qi, it->seq != NULL && n > it->index ? n - it->index : 0);
}

static QvObj *reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvSeqIter *it = (QvSeqIter *)self;
    QvObj *name = qv_str_intern_cstr(qi, "iter");
    QvObj *function = name != NULL ? qv_iter_builtin(qi, name) : NULL;
    qv_xdecref(qi, name);
    if (function == NULL) {
        return NULL;
    }
    QvObj *ret = NULL;
    QvObj *seq;
    if (it->seq != NULL) {
        seq = qv_tuple_of(qi, 1, it->seq);
    } else if (self->type == &qv_str_iterator_type) {
        seq = qv_tuple_of(qi, 1, QV_N(empty));
    } else {
        seq = qv_tuple_of(qi, 1, QV_EMPTY_TUPLE);
    }
    if (seq != NULL && it->seq == NULL) {
        ret = qv_tuple_of(qi, 2, function, seq);
    } else if (seq != NULL) {
        QvObj *index = qv_int_from_i64(qi, it->index);
        ret = qv_tuple_of(qi, 3, function, seq, index);
        qv_xdecref(qi, index);
    }
    qv_xdecref(qi, seq);
    qv_decref(qi, function);
    return ret;
}

static QvObj *setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSeqIter *it = (QvSeqIter *)self;
    QvSsize i;
    if (qv_arg_ssize(qi, args[0], &i) < 0) {
        return NULL;
    }
    if (it->seq != NULL) {
        QvSsize n = qv_len(qi, it->seq);
        if (n < 0) {
            return NULL;
        }
        it->index = i < 0 ? 0 : i > n ? n : i;
    }
    return QV_NONE;
}

static const QvNativeDef iter_methods[] = {
    {"__length_hint__", length_hint, "($self, /)", "Number of items left."},
    {"__reduce__", reduce, "($self, /)", "State for pickling."},
    {"__setstate__", setstate, "($self, state, /)", "Sets the position."},
    {0},
};

static const QvNativeDef memory_iter_methods[] = {
    {"__length_hint__", length_hint, "($self, /)", "Number of items left."},
    {0},
};

QV_SEALED QvType qv_str_iterator_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "str_iterator",
    .id = QV_TID_str_iterator,
    .flags = QV_T_GC | QV_T_IMMUTABLE | QV_T_NO_NEW,
    .size = sizeof(QvSeqIter),
    .base = &qv_object_type,
    .methods = iter_methods,
    .fini = iter_fini,
    .traverse = iter_traverse,
    .iter = qv_iter_self,
    .next = str_iterator_next,
};

QV_SEALED QvType qv_bytes_iterator_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "bytes_iterator",
    .id = QV_TID_bytes_iterator,
    .flags = QV_T_GC | QV_T_IMMUTABLE | QV_T_NO_NEW,
    .size = sizeof(QvSeqIter),
    .base = &qv_object_type,
    .methods = iter_methods,
    .fini = iter_fini,
    .traverse = iter_traverse,
    .iter = qv_iter_self,
    .next = bytes_iterator_next,
};

QV_SEALED QvType qv_bytearray_iterator_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "bytearray_iterator",
    .id = QV_TID_bytearray_iterator,
    .flags = QV_T_GC | QV_T_IMMUTABLE | QV_T_NO_NEW,
    .size = sizeof(QvSeqIter),
    .base = &qv_object_type,
    .methods = iter_methods,
    .fini = iter_fini,
    .traverse = iter_traverse,
    .iter = qv_iter_self,
    .next = bytes_iterator_next,
};

QV_SEALED QvType qv_memory_iterator_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "memory_iterator",
    .id = QV_TID_memory_iterator,
    .flags = QV_T_GC | QV_T_IMMUTABLE | QV_T_NO_NEW,
    .size = sizeof(QvSeqIter),
    .base = &qv_object_type,
    .methods = memory_iter_methods,
    .fini = iter_fini,
    .traverse = iter_traverse,
    .iter = qv_iter_self,
    .next = memory_iterator_next,
};
