// SPDX-License-Identifier: MIT
// types.UnionType: int | str.
#include "object/gc.h"
#include "object/genericalias.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/set.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

static QvUnion *as_union(QvObj *o) { return (QvUnion *)o; }

// ---- construction -------------------------------------------------------------------------------

static bool is_unionable(const QvObj *o)
{
    return o == QV_NONE || qv_is_type(o) || qv_is_generic_alias(o) || qv_is_union(o);
}

// Adds a member unless it is there. 0/-1.
static int add_member(QvInterp *qi, QvObj *list, QvObj *o)
{
    for (QvSsize i = 0; i < qv_list_len(list); i++) {
        QvObj *x = qv_list_peek(list, i);
        int same = x == o;
        if (!same && qv_is_generic_alias(x) && qv_is_generic_alias(o)) {
            same = qv_eq(qi, x, o);
        }
        if (same) {
            return same < 0 ? -1 : 0;
        }
    }
    return qv_list_append(qi, list, o);
}

static int add_operand(QvInterp *qi, QvObj *list, QvObj *o)
{
    if (o == QV_NONE) {
        return add_member(qi, list, (QvObj *)&qv_none_type);
    }
    if (!qv_is_union(o)) {
        return add_member(qi, list, o);
    }
    QvObj *args = as_union(o)->args;
    for (QvSsize i = 0; i < qv_tuple_len(args); i++) {
        if (add_member(qi, list, qv_tuple_peek(args, i)) < 0) {
            return -1;
        }
    }
    return 0;
}

QvObj *qv_union_or(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!is_unionable(v) || !is_unionable(w) || (v == QV_NONE && w == QV_NONE)) {
        return QV_NOTIMPLEMENTED;
    }
    QvObj *list = qv_list_new(qi, 2);
    if (!list || add_operand(qi, list, v) < 0 || add_operand(qi, list, w) < 0) {
        qv_xdecref(qi, list);
        return NULL;
    }
    QvObj *r;
    if (qv_list_len(list) == 1) {
        r = qv_new_ref(qi, qv_list_peek(list, 0));
    } else {
        QvObj *args = qv_list_as_tuple(qi, list);
        r = args ? qv_obj_new(qi, &qv_union_type) : NULL;
        if (r) {
            as_union(r)->args = args;
        } else {
            qv_xdecref(qi, args);
        }
    }
    qv_decref(qi, list);
    return r;
}

// ---- slots --------------------------------------------------------------------------------------

static QvObj *union_repr(QvInterp *qi, QvObj *o)
{
    QvObj *args = as_union(o)->args;
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    for (QvSsize i = 0; i < qv_tuple_len(args); i++) {
        if (i > 0) {
            qv_strbuf_ascii(&b, " | ", 3);
        }
        QvObj *arg = qv_tuple_peek(args, i);
        if (arg == (QvObj *)&qv_none_type) {
            qv_strbuf_ascii(&b, "None", 4);
            continue;
        }
        QvObj *s = b.failed ? NULL : qv_generic_repr_item(qi, arg);
        if (!s) {
            qv_strbuf_fini(&b);
            return NULL;
        }
        qv_strbuf_str(&b, s);
        qv_decref(qi, s);
    }
    return qv_strbuf_finish(&b);
}

// Order does not count.
static QvHash union_hash(QvInterp *qi, QvObj *o)
{
    QvObj *set = qv_frozenset_new(qi, as_union(o)->args);
    if (!set) {
        return -1;
    }
    QvHash h = qv_hash(qi, set);
    qv_decref(qi, set);
    return h;
}

static QvObj *union_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if ((op != QV_EQ && op != QV_NE) || !qv_is_union(v) || !qv_is_union(w)) {
        return QV_NOTIMPLEMENTED;
    }
    QvObj *a = qv_frozenset_new(qi, as_union(v)->args);
    QvObj *b = a ? qv_frozenset_new(qi, as_union(w)->args) : NULL;
    QvObj *r = b ? qv_compare(qi, a, b, op) : NULL;
    qv_xdecref(qi, a);
    qv_xdecref(qi, b);
    return r;
}

static QvObj *get_args(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_union(o)->args); }

static QvObj *get_parameters(QvInterp *qi, QvObj *o)
{
    QvUnion *u = as_union(o);
    if (!u->parameters) {
        QvObj *p = qv_generic_parameters(qi, u->args);
        if (!p) {
            return NULL;
        }
        qv_set_take(qi, &u->parameters, p);
    }
    return qv_new_ref(qi, u->parameters);
}

static const QvGetSet union_getsets[] = {
    {"__args__", get_args, NULL, NULL},
    {"__parameters__", get_parameters, NULL, "Type variables in the types.UnionType."},
    {0},
};

static QvObj *union_getitem(QvInterp *qi, QvObj *o, QvObj *item)
{
    QvObj *params = get_parameters(qi, o);
    if (!params) {
        return NULL;
    }
    QvObj *args = qv_generic_substitute(qi, o, as_union(o)->args, params, item);
    qv_decref(qi, params);
    if (!args) {
        return NULL;
    }
    QvObj *r = qv_tuple_len(args) > 0 ? qv_new_ref(qi, qv_tuple_peek(args, 0)) : QV_NONE;
    for (QvSsize i = 1; r && i < qv_tuple_len(args); i++) {
        qv_set_take(qi, &r, qv_binary(qi, QV_BIN_OR, r, qv_tuple_peek(args, i)));
    }
    qv_decref(qi, args);
    return r;
}

// In order: a parameterized generic only complains when nothing before it has matched.
static QvObj *union_instancecheck(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *types = as_union(self)->args;
    int r = 0;
    for (QvSsize i = 0; i < qv_tuple_len(types) && !r; i++) {
        r = qv_isinstance(qi, args[0], qv_tuple_peek(types, i));
    }
    return r < 0 ? NULL : qv_bool(r);
}

static QvObj *union_subclasscheck(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (!qv_is_type(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "issubclass() arg 1 must be a class");
    }
    QvObj *types = as_union(self)->args;
    int r = 0;
    for (QvSsize i = 0; i < qv_tuple_len(types) && !r; i++) {
        r = qv_issubclass(qi, args[0], qv_tuple_peek(types, i));
    }
    return r < 0 ? NULL : qv_bool(r);
}

static const QvNativeDef union_methods[] = {
    {"__instancecheck__", union_instancecheck, "($self, instance, /)", NULL},
    {"__subclasscheck__", union_subclasscheck, "($self, cls, /)", NULL},
    {0},
};

static void union_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_union(o)->args);
    qv_clear(qi, &as_union(o)->parameters);
}

static int union_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_union(o)->args);
    QV_VISIT(as_union(o)->parameters);
    return 0;
}

QV_SEALED QvType qv_union_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "types.UnionType",
    .id = QV_TID_union,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(QvUnion),
    .doc = "Represent a PEP 604 union type, e.g. for int | str.",
    .methods = union_methods,
    .getsets = union_getsets,
    .fini = union_fini,
    .traverse = union_traverse,
    .repr = union_repr,
    .hash = union_hash,
    .richcmp = union_richcmp,
    .getitem = union_getitem,
    .or_ = qv_union_or,
};
