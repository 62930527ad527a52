// SPDX-License-Identifier: MIT
// slice: three objects, and the arithmetic that turns them into indices.
#include "object/slice.h"

#include "object/descr.h"
#include "object/gc.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

QvObj *qv_slice_new(QvInterp *qi, QvObj *start, QvObj *stop, QvObj *step)
{
    QvSlice *s = (QvSlice *)qv_obj_new(qi, &qv_slice_type);
    if (s) {
        s->start = start ? qv_new_ref(qi, start) : QV_NONE;
        s->stop = stop ? qv_new_ref(qi, stop) : QV_NONE;
        s->step = step ? qv_new_ref(qi, step) : QV_NONE;
    }
    return (QvObj *)s;
}

// One bound as a number, clipped to what an index can be. 0 or -1.
static int bound(QvInterp *qi, QvObj *o, QvSsize *ret, const char *message)
{
    if (QV_LIKELY(o->type == &qv_int_type)) {
        *ret = qv_int_value(o);
        return 0;
    }
    if (o->type->index == NULL) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s", message);
    }
    return qv_index_ssize(qi, o, ret, NULL);
}

static const char bound_or_none[] =
    "slice indices must be integers or None or have an __index__ method";

QV_RUNS int qv_slice_position(QvInterp *qi, QvObj *o, QvSsize *ret)
{
    return bound(qi, o, ret, "slice indices must be integers or have an __index__ method");
}

QV_RUNS int qv_slice_unpack(QvInterp *qi, QvObj *slice, QvSsize *start, QvSsize *stop,
                            QvSsize *step)
{
    const QvSlice *s = (const QvSlice *)slice;
    *step = 1;
    if (s->step != QV_NONE) {
        if (bound(qi, s->step, step, bound_or_none) < 0) {
            return -1;
        }
        if (*step == 0) {
            return qv_raise_int(qi, &qv_exc_ValueError, "slice step cannot be zero");
        }
        // -step must be a number too.
        *step = *step < -PTRDIFF_MAX ? -PTRDIFF_MAX : *step;
    }
    *start = *step < 0 ? PTRDIFF_MAX : 0;
    *stop = *step < 0 ? PTRDIFF_MIN : PTRDIFF_MAX;
    if ((s->start != QV_NONE && bound(qi, s->start, start, bound_or_none) < 0) ||
        (s->stop != QV_NONE && bound(qi, s->stop, stop, bound_or_none) < 0)) {
        return -1;
    }
    return 0;
}

static QvSsize clip(QvSsize i, QvSsize len, bool back)
{
    if (i < 0) {
        i += len;
        return i < 0 ? (back ? -1 : 0) : i;
    }
    return i >= len ? (back ? len - 1 : len) : i;
}

QvSsize qv_slice_adjust(QvSsize len, QvSsize *start, QvSsize *stop, QvSsize step)
{
    *start = clip(*start, len, step < 0);
    *stop = clip(*stop, len, step < 0);
    if (step < 0) {
        return *stop < *start ? (*start - *stop - 1) / -step + 1 : 0;
    }
    return *start < *stop ? (*stop - *start - 1) / step + 1 : 0;
}

QV_RUNS int qv_slice_indices(QvInterp *qi, QvObj *slice, QvSsize len, QvSsize *start, QvSsize *stop,
                             QvSsize *step, QvSsize *ret_count)
{
    if (qv_slice_unpack(qi, slice, start, stop, step) < 0) {
        return -1;
    }
    *ret_count = qv_slice_adjust(len, start, stop, *step);
    return 0;
}

// ---- indices() with numbers of any size ---------------------------------------------------------

// A bound of any size, None giving dflt: new reference, put between lower and upper after a
// negative one has been counted from the end.
static QvObj *long_bound(QvInterp *qi, QvObj *o, QvObj *len, QvObj *lower, QvObj *upper,
                         QvObj *dflt)
{
    if (o == QV_NONE) {
        return qv_new_ref(qi, dflt);
    }
    if (o->type->index == NULL) {
        return qv_raise(qi, &qv_exc_TypeError, "%s", bound_or_none);
    }
    QvObj *i = qv_index(qi, o);
    if (i && qv_int_sign(i) < 0) {
        QvObj *sum = qv_int_add(qi, i, len);
        qv_decref(qi, i);
        i = sum;
        if (i && qv_int_compare(i, lower) < 0) {
            qv_set_take(qi, &i, qv_new_ref(qi, lower));
        }
    } else if (i && qv_int_compare(i, upper) > 0) {
        qv_set_take(qi, &i, qv_new_ref(qi, upper));
    }
    return i;
}

QV_RUNS int qv_slice_long_indices(QvInterp *qi, QvObj *slice, QvObj *len, QvObj **ret_start,
                                  QvObj **ret_stop, QvObj **ret_step)
{
    const QvSlice *s = (const QvSlice *)slice;
    QvObj *step = NULL, *start = NULL, *stop = NULL, *lower = NULL, *upper = NULL;
    if (s->step == QV_NONE) {
        step = qv_int_from_i64(qi, 1);
    } else if (s->step->type->index == NULL) {
        qv_raise(qi, &qv_exc_TypeError, "%s", bound_or_none);
    } else {
        step = qv_index(qi, s->step);
    }
    if (step == NULL) {
        return -1;
    }
    int sign = qv_int_sign(step);
    if (sign == 0) {
        qv_raise(qi, &qv_exc_ValueError, "slice step cannot be zero");
        goto done;
    }
    lower = qv_int_from_i64(qi, sign < 0 ? -1 : 0);
    upper = lower == NULL ? NULL : sign < 0 ? qv_int_add(qi, len, lower) : qv_new_ref(qi, len);
    if (upper == NULL) {
        goto done;
    }
    start = long_bound(qi, s->start, len, lower, upper, sign < 0 ? upper : lower);
    stop = start ? long_bound(qi, s->stop, len, lower, upper, sign < 0 ? lower : upper) : NULL;
done:
    qv_xdecref(qi, lower);
    qv_xdecref(qi, upper);
    if (stop == NULL) {
        qv_xdecref(qi, start);
        qv_decref(qi, step);
        return -1;
    }
    *ret_start = start;
    *ret_stop = stop;
    *ret_step = step;
    return 0;
}

// ---- type ---------------------------------------------------------------------------------------

static QvObj *slice_make(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    (void)type;
    if (qv_ctor_check(qi, "slice", nargs, 1, 3, kwnames) < 0) {
        return NULL;
    }
    if (nargs == 1) {
        return qv_slice_new(qi, NULL, args[0], NULL);
    }
    return qv_slice_new(qi, args[0], args[1], nargs > 2 ? args[2] : NULL);
}

static int slice_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvSlice *s = (QvSlice *)o;
    QV_VISIT(s->start);
    QV_VISIT(s->stop);
    QV_VISIT(s->step);
    return 0;
}

static void slice_fini(QvInterp *qi, QvObj *o)
{
    QvSlice *s = (QvSlice *)o;
    qv_clear(qi, &s->start);
    qv_clear(qi, &s->stop);
    qv_clear(qi, &s->step);
}

static QvObj *slice_repr(QvInterp *qi, QvObj *o)
{
    const QvSlice *s = (const QvSlice *)o;
    return qv_str_format(qi, "slice(%R, %R, %R)", s->start, s->stop, s->step);
}

static QvObj *slice_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (!qv_is_slice(v) || !qv_is_slice(w)) {
        return QV_NOTIMPLEMENTED;
    }
    if (v == w) {
        return qv_bool(op == QV_EQ || op == QV_LE || op == QV_GE);
    }
    const QvSlice *a = (const QvSlice *)v, *b = (const QvSlice *)w;
    QvObj *x = qv_tuple_of(qi, 3, a->start, a->stop, a->step);
    QvObj *y = x ? qv_tuple_of(qi, 3, b->start, b->stop, b->step) : NULL;
    QvObj *ret = y ? qv_compare(qi, x, y, op) : NULL;
    qv_xdecref(qi, x);
    qv_xdecref(qi, y);
    return ret;
}

static QvObj *slice_indices(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *len = qv_index(qi, args[0]);
    if (len == NULL) {
        return NULL;
    }
    QvObj *start, *stop, *step, *ret = NULL;
    if (qv_int_sign(len) < 0) {
        qv_raise(qi, &qv_exc_ValueError, "length should not be negative");
    } else if (qv_slice_long_indices(qi, self, len, &start, &stop, &step) == 0) {
        ret = qv_tuple_of(qi, 3, start, stop, step);
        qv_decref(qi, start);
        qv_decref(qi, stop);
        qv_decref(qi, step);
    }
    qv_decref(qi, len);
    return ret;
}

static QvObj *slice_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvSlice *s = (const QvSlice *)self;
    QvObj *parts = qv_tuple_of(qi, 3, s->start, s->stop, s->step);
    QvObj *ret = qv_tuple_of(qi, 2, &qv_slice_type, parts);
    qv_xdecref(qi, parts);
    return ret;
}

static QvObj *slice_get_start(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, ((QvSlice *)o)->start);
}

static QvObj *slice_get_stop(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, ((QvSlice *)o)->stop);
}

static QvObj *slice_get_step(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, ((QvSlice *)o)->step);
}

static const QvGetSet slice_getsets[] = {
    {"start", slice_get_start, qv_getset_readonly, NULL},
    {"stop", slice_get_stop, qv_getset_readonly, NULL},
    {"step", slice_get_step, qv_getset_readonly, NULL},
    {0},
};

static const QvNativeDef slice_methods[] = {
    {"indices", slice_indices, "($self, len, /)",
     "S.indices(len) -> (start, stop, stride): what the slice selects in a sequence of that "
     "length."},
    {"__reduce__", slice_reduce, "($self, /)", "State for pickling."},
    {0},
};

QV_SEALED QvType qv_slice_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "slice",
    .id = QV_TID_slice,
    .flags = QV_T_GC | QV_T_IMMUTABLE,
    .size = sizeof(QvSlice),
    .base = &qv_object_type,
    .doc = "slice(stop)\nslice(start, stop[, step])\n\n"
           "What x[start:stop:step] passes to __getitem__.",
    .methods = slice_methods,
    .getsets = slice_getsets,
    .new_ = slice_make,
    .fini = slice_fini,
    .traverse = slice_traverse,
    .repr = slice_repr,
    .richcmp = slice_richcmp,
};
