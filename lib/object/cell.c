// SPDX-License-Identifier: MIT
// Cells: variables that closures share.
#include "object/dict.h"
#include "object/function.h"
#include "object/gc.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

static QvCell *as_cell(QvObj *o) { return (QvCell *)o; }

QvObj *qv_cell_new(QvInterp *qi, QvObj *value)
{
    QvObj *o = qv_obj_new(qi, &qv_cell_type);
    if (o) {
        as_cell(o)->value = qv_xnew_ref(qi, value);
    }
    return o;
}

static QvObj *cell_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    (void)type;
    if (kwnames && qv_tuple_len(kwnames) > 0) {
        return qv_raise(qi, &qv_exc_TypeError, "cell() takes no keyword arguments");
    }
    if (nargs > 1) {
        return qv_raise(qi, &qv_exc_TypeError, "cell expected at most 1 argument, got %zd", nargs);
    }
    return qv_cell_new(qi, nargs ? args[0] : NULL);
}

static QvObj *cell_get(QvInterp *qi, QvObj *o)
{
    QvObj *v = as_cell(o)->value;
    return v ? qv_new_ref(qi, v) : qv_raise(qi, &qv_exc_ValueError, "Cell is empty");
}

static int cell_set(QvInterp *qi, QvObj *o, QvObj *value)
{
    qv_set_take(qi, &as_cell(o)->value, qv_xnew_ref(qi, value));
    return 0;
}

static const QvGetSet cell_getsets[] = {
    {"cell_contents", cell_get, cell_set, NULL},
    {0},
};

static QvObj *cell_repr(QvInterp *qi, QvObj *o)
{
    QvObj *v = as_cell(o)->value;
    return v ? qv_str_format(qi, "<cell at %p: %.80T object at %p>", (void *)o, v, (void *)v)
             : qv_str_format(qi, "<cell at %p: empty>", (void *)o);
}

// By content; an empty cell is less than any other.
static QvObj *cell_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (v->type != &qv_cell_type || w->type != &qv_cell_type) {
        return QV_NOTIMPLEMENTED;
    }
    QvObj *a = as_cell(v)->value, *b = as_cell(w)->value;
    if (a && b) {
        qv_incref(qi, a);
        qv_incref(qi, b);
        QvObj *r = qv_compare(qi, a, b, op);
        qv_decref(qi, a);
        qv_decref(qi, b);
        return r;
    }
    int order = (a != NULL) - (b != NULL);
    switch (op) {
    case QV_LT: return qv_bool(order < 0);
    case QV_LE: return qv_bool(order <= 0);
    case QV_EQ: return qv_bool(order == 0);
    case QV_NE: return qv_bool(order != 0);
    case QV_GT: return qv_bool(order > 0);
    default: return qv_bool(order >= 0);
    }
}

static void cell_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &as_cell(o)->value); }

static int cell_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_cell(o)->value);
    return 0;
}

QV_SEALED QvType qv_cell_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "cell",
    .id = QV_TID_cell,
    .flags = QV_T_GC,
    .base = &qv_object_type,
    .size = sizeof(QvCell),
    .doc = "cell([contents])\n\nA variable that closures share.",
    .getsets = cell_getsets,
    .new_ = cell_new,
    .fini = cell_fini,
    .clear = cell_fini,
    .traverse = cell_traverse,
    .repr = cell_repr,
    .hash = qv_hash_not_implemented,
    .richcmp = cell_richcmp,
};
