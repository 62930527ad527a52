// SPDX-License-Identifier: MIT
// types.SimpleNamespace: attributes, and nothing else.
#include "object/namespace.h"

#include "object/dict.h"
#include "object/gc.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

static QvNamespace *as_ns(QvObj *o) { return (QvNamespace *)o; }

static QvObj *ns_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    (void)args;
    (void)nargs;
    (void)kwnames;
    QvObj *o = qv_obj_new(qi, type);
    if (!o) {
        return NULL;
    }
    as_ns(o)->dict = qv_dict_new(qi);
    if (!as_ns(o)->dict) {
        qv_decref(qi, o);
        return NULL;
    }
    return o;
}

static int ns_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    if (nargs > 0) {
        return qv_raise_int(qi, &qv_exc_TypeError, "no positional arguments expected");
    }
    QvSsize n = kwnames ? qv_tuple_len(kwnames) : 0;
    for (QvSsize i = 0; i < n; i++) {
        if (qv_dict_set(qi, as_ns(self)->dict, qv_tuple_peek(kwnames, i), args[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

QvObj *qv_namespace_new(QvInterp *qi, QvObj *dict)
{
    QvObj *o = ns_new(qi, &qv_simplenamespace_type, NULL, 0, NULL);
    if (o && dict && qv_dict_update(qi, as_ns(o)->dict, dict) < 0) {
        qv_clear(qi, &o);
    }
    return o;
}

static QvObj *ns_repr_items(QvInterp *qi, QvObj *o, const char *name)
{
    QvObj *head = qv_str_format(qi, "%s(", name);
    QvObj *items = head ? qv_dict_items_list(qi, as_ns(o)->dict) : NULL;
    if (!items) {
        qv_xdecref(qi, head);
        return NULL;
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    qv_strbuf_str(&b, head);
    qv_decref(qi, head);
    bool first = true, ok = true;
    for (QvSsize i = 0; ok && !b.failed && i < qv_list_len(items); i++) {
        QvObj *pair = qv_list_peek(items, i);
        QvObj *key = qv_tuple_peek(pair, 0);
        if (qv_is_str(key) && qv_str_len(key) > 0) {
            QvObj *s = qv_str_format(qi, first ? "%S=%R" : ", %S=%R", key, qv_tuple_peek(pair, 1));
            ok = s != NULL;
            if (s) {
                qv_strbuf_str(&b, s);
                qv_decref(qi, s);
            }
            first = false;
        }
    }
    qv_decref(qi, items);
    qv_strbuf_char(&b, ')');
    if (!ok) {
        qv_strbuf_fini(&b);
        return NULL;
    }
    return qv_strbuf_finish(&b);
}

static QvObj *ns_repr(QvInterp *qi, QvObj *o)
{
    const char *name = o->type == &qv_simplenamespace_type ? "namespace" : o->type->name;
    int busy = qv_repr_enter(qi, o);
    if (busy) {
        return busy < 0 ? NULL : qv_str_format(qi, "%s(...)", name);
    }
    QvObj *r = ns_repr_items(qi, o, name);
    qv_repr_leave(qi, o);
    return r;
}

static QvObj *ns_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (!qv_is_instance_of(v, &qv_simplenamespace_type) ||
        !qv_is_instance_of(w, &qv_simplenamespace_type)) {
        return QV_NOTIMPLEMENTED;
    }
    return qv_compare(qi, as_ns(v)->dict, as_ns(w)->dict, op);
}

static QvObj *get_dict(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_ns(o)->dict); }

static int set_dict(QvInterp *qi, QvObj *o, QvObj *value)
{
    (void)o;
    (void)value;
    return qv_raise_int(qi, &qv_exc_AttributeError, "readonly attribute");
}

static const QvGetSet ns_getsets[] = {
    {"__dict__", get_dict, set_dict, NULL},
    {0},
};

static QvObj *ns_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_tuple_of(qi, 3, self->type, QV_EMPTY_TUPLE, as_ns(self)->dict);
}

static const QvNativeDef ns_methods[] = {
    {"__reduce__", ns_reduce, "($self, /)", "Return state information for pickling"},
    {0},
};

static void ns_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &as_ns(o)->dict); }

static int ns_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_ns(o)->dict);
    return 0;
}

QV_SEALED QvType qv_simplenamespace_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "types.SimpleNamespace",
    .id = QV_TID_simplenamespace,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(QvNamespace),
    .dict_offset = offsetof(QvNamespace, dict),
    .doc = "A simple attribute-based namespace.",
    .methods = ns_methods,
    .getsets = ns_getsets,
    .new_ = ns_new,
    .init = ns_init,
    .fini = ns_fini,
    .traverse = ns_traverse,
    .repr = ns_repr,
    .hash = qv_hash_not_implemented,
    .richcmp = ns_richcmp,
};
