// SPDX-License-Identifier: MIT
// Iterators over any sequence (seqiter, reversed) and over calls (iter(f, sentinel)).
#include "object/iter.h"

#include "object/alloc.h"
#include "object/dict.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

QvObj *qv_iter_self(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, o); }

QvObj *qv_iter_builtin(QvInterp *qi, QvObj *name)
{
    QvObj *f = qv_dict_peek_str(qi->builtins, name);
    return f ? qv_new_ref(qi, f) : qv_raise(qi, &qv_exc_AttributeError, "%U", name);
}

QvObj *qv_iter_reduce_rest_take(QvInterp *qi, QV_STOLEN QvObj *copy)
{
    QvObj *left = qv_to_list(qi, copy);
    qv_decref(qi, copy);
    QvObj *inner = left ? qv_tuple_of(qi, 1, left) : NULL;
    QvObj *builtin = inner ? qv_iter_builtin(qi, QV_N(iter)) : NULL;
    QvObj *ret = builtin ? qv_tuple_of(qi, 2, builtin, inner) : NULL;
    qv_xdecref(qi, builtin);
    qv_xdecref(qi, left);
    qv_xdecref(qi, inner);
    return ret;
}

// (iter, (a,)) or (iter, (a, b)), with a state when index >= 0. What __reduce__ of iterators
// returns.
static QvObj *reduce_iter(QvInterp *qi, QvObj *args, QvSsize index)
{
    QvObj *f = args ? qv_iter_builtin(qi, QV_N(iter)) : NULL;
    QvObj *state = NULL, *r = NULL;
    if (f && index < 0) {
        r = qv_tuple_of(qi, 2, f, args);
    } else if (f && (state = qv_int_from_i64(qi, index)) != NULL) {
        r = qv_tuple_of(qi, 3, f, args, state);
    }
    qv_xdecref(qi, state);
    qv_xdecref(qi, f);
    qv_xdecref(qi, args);
    return r;
}

// ---- over a sequence ----------------------------------------------------------------------------

static QvSeqIter *as_seq(QvObj *o) { return (QvSeqIter *)o; }

QvObj *qv_seqiter_new(QvInterp *qi, QvType *type, QvObj *seq)
{
    QvObj *o = type->flags & QV_T_HEAP ? qv_obj_new(qi, type)
                                       : qv_alloc_gc(qi, type, sizeof(QvSeqIter));
    if (o) {
        as_seq(o)->seq = qv_new_ref(qi, seq);
    }
    return o;
}

QV_RUNS void qv_seqiter_dealloc(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_seq(o)->seq);
    qv_alloc_gc_free(qi, o, sizeof(QvSeqIter));
}

// The item at i, or NULL without an exception when the sequence says that there is none.
static QvObj *item_or_end(QvInterp *qi, QvObj *seq, QvSsize i)
{
    QvObj *x = qv_getitem_i(qi, seq, i);
    if (!x &&
        (qv_err_matches(qi, &qv_exc_IndexError) || qv_err_matches(qi, &qv_exc_StopIteration))) {
        qv_err_clear(qi);
    }
    return x;
}

static QvObj *seqiter_next(QvInterp *qi, QvObj *o)
{
    QvSeqIter *it = as_seq(o);
    if (!it->seq) {
        return NULL;
    }
    if (it->index == PTRDIFF_MAX) {
        return qv_raise(qi, &qv_exc_OverflowError, "iter index too large");
    }
    QvObj *seq = qv_new_ref(qi, it->seq);
    QvObj *x = item_or_end(qi, seq, it->index);
    if (x) {
        it->index++;
    } else if (!qv_err_occurred(qi)) {
        qv_clear(qi, &it->seq);
    }
    qv_decref(qi, seq);
    return x;
}

static QvObj *seqiter_length_hint(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvSeqIter *it = as_seq(self);
    if (!it->seq) {
        return qv_int_from_i64(qi, 0);
    }
    if (!it->seq->type->len) {
        return QV_NOTIMPLEMENTED;
    }
    QvSsize n = qv_len(qi, it->seq);
    if (n < 0) {
        return NULL;
    }
    return qv_int_from_i64(qi, n > it->index ? n - it->index : 0);
}

static QvObj *seqiter_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvSeqIter *it = as_seq(self);
    return it->seq ? reduce_iter(qi, qv_tuple_of(qi, 1, it->seq), it->index)
                   : reduce_iter(qi, qv_tuple_of(qi, 1, QV_EMPTY_TUPLE), -1);
}

static QvObj *seqiter_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize i;
    if (qv_arg_ssize(qi, args[0], &i) < 0) {
        return NULL;
    }
    if (as_seq(self)->seq) {
        as_seq(self)->index = i < 0 ? 0 : i;
    }
    return QV_NONE;
}

static const QvNativeDef seqiter_methods[] = {
    {"__length_hint__", seqiter_length_hint, "($self, /)", NULL},
    {"__reduce__", seqiter_reduce, "($self, /)", NULL},
    {"__setstate__", seqiter_setstate, "($self, state, /)", NULL},
    {0},
};

static void seqiter_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &as_seq(o)->seq); }

static int seqiter_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_seq(o)->seq);
    return 0;
}

QV_SEALED QvType qv_seqiter_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "iterator",
    .id = QV_TID_seqiter,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(QvSeqIter),
    .methods = seqiter_methods,
    .fini = seqiter_fini,
    .clear = seqiter_fini,
    .traverse = seqiter_traverse,
    .iter = qv_iter_self,
    .next = seqiter_next,
};

// ---- over calls ---------------------------------------------------------------------------------

typedef struct CallIter {
    QvObj h;
    QvObj *callable; // NULL when exhausted
    QvObj *sentinel;
} CallIter;

static CallIter *as_call(QvObj *o) { return (CallIter *)o; }

QvObj *qv_calliter_new(QvInterp *qi, QvObj *callable, QvObj *sentinel)
{
    QvObj *o = qv_obj_new(qi, &qv_calliter_type);
    if (o) {
        as_call(o)->callable = qv_new_ref(qi, callable);
        as_call(o)->sentinel = qv_new_ref(qi, sentinel);
    }
    return o;
}

static void calliter_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_call(o)->callable);
    qv_clear(qi, &as_call(o)->sentinel);
}

static QvObj *calliter_next(QvInterp *qi, QvObj *o)
{
    CallIter *it = as_call(o);
    if (!it->callable) {
        return NULL;
    }
    QvObj *callable = qv_new_ref(qi, it->callable);
    QvObj *x = qv_call0(qi, callable);
    qv_decref(qi, callable);
    if (!x) {
        if (qv_err_matches(qi, &qv_exc_StopIteration)) {
            qv_err_clear(qi);
            calliter_fini(qi, o);
        }
        return NULL;
    }
    if (!it->sentinel) { // the call has used up the iterator
        qv_decref(qi, x);
        return NULL;
    }
    QvObj *sentinel = qv_new_ref(qi, it->sentinel);
    int eq = qv_eq(qi, sentinel, x);
    qv_decref(qi, sentinel);
    if (eq == 0) {
        return x;
    }
    qv_decref(qi, x);
    if (eq > 0) {
        calliter_fini(qi, o);
    }
    return NULL;
}

static QvObj *calliter_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    CallIter *it = as_call(self);
    return it->callable ? reduce_iter(qi, qv_tuple_of(qi, 2, it->callable, it->sentinel), -1)
                        : reduce_iter(qi, qv_tuple_of(qi, 1, QV_EMPTY_TUPLE), -1);
}

static const QvNativeDef calliter_methods[] = {
    {"__reduce__", calliter_reduce, "($self, /)", NULL},
    {0},
};

static int calliter_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_call(o)->callable);
    QV_VISIT(as_call(o)->sentinel);
    return 0;
}

QV_SEALED QvType qv_calliter_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "callable_iterator",
    .id = QV_TID_calliter,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(CallIter),
    .methods = calliter_methods,
    .fini = calliter_fini,
    .clear = calliter_fini,
    .traverse = calliter_traverse,
    .iter = qv_iter_self,
    .next = calliter_next,
};

// ---- reversed -----------------------------------------------------------------------------------

static QvObj *reversed_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                           QvObj *kwnames)
{
    if (kwnames && qv_tuple_len(kwnames) > 0) {
        return qv_raise(qi, &qv_exc_TypeError, "reversed() takes no keyword arguments");
    }
    if (nargs != 1) {
        return qv_raise(qi, &qv_exc_TypeError, "reversed expected 1 argument, got %zd", nargs);
    }
    QvObj *seq = args[0], *method;
    int has = qv_lookup_special(qi, seq, QV_N(__reversed__), &method);
    if (has < 0) {
        return NULL;
    }
    if (has && method != QV_NONE) {
        QvObj *r = qv_call0(qi, method);
        qv_decref(qi, method);
        return r;
    }
    if (has || !qv_is_sequence(seq)) {
        return qv_raise(qi, &qv_exc_TypeError, "'%.200T' object is not reversible", seq);
    }
    QvSsize n = qv_len(qi, seq);
    if (n < 0) {
        return NULL;
    }
    QvObj *o = qv_seqiter_new(qi, type, seq);
    if (o) {
        as_seq(o)->index = n - 1;
    }
    return o;
}

static QvObj *reversed_next(QvInterp *qi, QvObj *o)
{
    QvSeqIter *it = as_seq(o);
    if (it->index >= 0 && it->seq) {
        QvObj *seq = qv_new_ref(qi, it->seq);
        QvObj *x = item_or_end(qi, seq, it->index);
        qv_decref(qi, seq);
        if (x) {
            it->index--;
            return x;
        }
        if (qv_err_occurred(qi)) {
            return NULL;
        }
    }
    it->index = -1;
    qv_clear(qi, &it->seq);
    return NULL;
}

static QvObj *reversed_length_hint(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvSeqIter *it = as_seq(self);
    if (!it->seq) {
        return qv_int_from_i64(qi, 0);
    }
    QvSsize n = qv_len(qi, it->seq);
    if (n < 0) {
        return NULL;
    }
    return qv_int_from_i64(qi, n < it->index + 1 ? 0 : it->index + 1);
}

static QvObj *reversed_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvSeqIter *it = as_seq(self);
    QvObj *own = qv_tuple_of(qi, 1, it->seq ? it->seq : QV_EMPTY_TUPLE);
    QvObj *index = own && it->seq ? qv_int_from_i64(qi, it->index) : NULL;
    QvObj *r = NULL;
    if (index) {
        r = qv_tuple_of(qi, 3, self->type, own, index);
    } else if (own && !it->seq) {
        r = qv_tuple_of(qi, 2, self->type, own);
    }
    qv_xdecref(qi, index);
    qv_xdecref(qi, own);
    return r;
}

static QvObj *reversed_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSeqIter *it = as_seq(self);
    QvSsize i;
    if (qv_arg_ssize(qi, args[0], &i) < 0) {
        return NULL;
    }
    if (it->seq) {
        QvSsize n = qv_len(qi, it->seq);
        if (n < 0) {
            return NULL;
        }
        it->index = i < -1 ? -1 : i > n - 1 ? n - 1 : i;
    }
    return QV_NONE;
}

static const QvNativeDef reversed_methods[] = {
    {"__length_hint__", reversed_length_hint, "($self, /)", NULL},
    {"__reduce__", reversed_reduce, "($self, /)", NULL},
    {"__setstate__", reversed_setstate, "($self, state, /)", NULL},
    {0},
};

QV_SEALED QvType qv_reversed_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "reversed",
    .id = QV_TID_reversed,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(QvSeqIter),
    .doc = "reversed(sequence, /)\n--\n\nReturn a reverse iterator over the values of the given "
           "sequence.",
    .methods = reversed_methods,
    .new_ = reversed_new,
    .fini = seqiter_fini,
    .clear = seqiter_fini,
    .traverse = seqiter_traverse,
    .iter = qv_iter_self,
    .next = reversed_next,
};
