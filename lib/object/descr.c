// SPDX-License-Identifier: MIT
// Descriptors of types written in C: methods, slot wrappers, computed attributes, members of
// __slots__.
//
// Those of static types are sealed and shared by all interpreters; getset and member descriptors of
// heap types are ordinary objects.
#include "object/descr.h"

#include "base/hash.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/function.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/shape.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

// ---- what they have in common -------------------------------------------------------------------

// The type a descriptor was defined for.
static QvType *owner_type(const QvObj *d)
{
    if (d->type == &qv_wrapper_descriptor_type) {
        return ((const QvWrapperDescr *)d)->type;
    }
    if (d->type == &qv_getset_descriptor_type) {
        return ((const QvGetSetDescr *)d)->type;
    }
    if (d->type == &qv_member_descriptor_type) {
        return ((const QvMemberDescr *)d)->type;
    }
    return ((const QvMethodDescr *)d)->type;
}

static QvObj *descr_get_name(QvInterp *qi, QvObj *d)
{
    if (d->type == &qv_wrapper_descriptor_type) {
        return qv_new_ref(qi, ((QvWrapperDescr *)d)->row->name);
    }
    if (d->type == &qv_getset_descriptor_type) {
        return qv_new_ref(qi, ((QvGetSetDescr *)d)->name);
    }
    if (d->type == &qv_member_descriptor_type) {
        return qv_new_ref(qi, ((QvMemberDescr *)d)->name);
    }
    return qv_str_intern_cstr(qi, ((QvMethodDescr *)d)->sig->def->name);
}

static QvObj *descr_get_objclass(QvInterp *qi, QvObj *d)
{
    return qv_new_ref(qi, &owner_type(d)->h);
}

static QvObj *descr_get_qualname(QvInterp *qi, QvObj *d)
{
    QvObj *name = descr_get_name(qi, d);
    QvObj *qual = name ? qv_type_get_qualname(qi, owner_type(d)) : NULL;
    QvObj *r = qual ? qv_str_format(qi, "%U.%U", qual, name) : NULL;
    qv_xdecref(qi, name);
    qv_xdecref(qi, qual);
    return r;
}

static QvObj *doc_str(QvInterp *qi, const char *doc)
{
    return doc && *doc ? qv_str_new_cstr(qi, doc) : QV_NONE;
}

static QvObj *descr_reduce(QvInterp *qi, QvObj *d, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvObj *getattr_ = qi->builtins ? qv_dict_peek_str(qi->builtins, QV_N(getattr)) : NULL;
    if (!getattr_) {
        return qv_raise(qi, &qv_exc_RuntimeError, "builtins.getattr is gone");
    }
    QvObj *name = descr_get_name(qi, d);
    QvObj *pair = name ? qv_tuple_of(qi, 2, owner_type(d), name) : NULL;
    QvObj *r = pair ? qv_tuple_of(qi, 2, getattr_, pair) : NULL;
    qv_xdecref(qi, name);
    qv_xdecref(qi, pair);
    return r;
}

static const QvNativeDef descr_methods[] = {
    {"__reduce__", descr_reduce, "($self, /)", "Helper for pickle."},
    {0},
};

static QvObj *descr_repr_as(QvInterp *qi, QvObj *d, const char *what)
{
    QvObj *name = descr_get_name(qi, d);
    QvObj *r = name ? qv_str_format(qi, "<%s '%U' of '%N' objects>", what, name, owner_type(d))
                    : NULL;
    qv_xdecref(qi, name);
    return r;
}

// obj is fit for the descriptor? 0, or -1 with TypeError.
static int check_owner(QvInterp *qi, QvObj *d, QvObj *obj)
{
    if (QV_LIKELY(qv_is_instance_of(obj, owner_type(d)))) {
        return 0;
    }
    QvObj *name = descr_get_name(qi, d);
    if (name) {
        qv_raise(qi, &qv_exc_TypeError,
                 "descriptor '%U' for '%.100N' objects doesn't apply to a '%.100T' object", name,
                 owner_type(d), obj);
        qv_decref(qi, name);
    }
    return -1;
}

// ---- method_descriptor --------------------------------------------------------------------------

static QvObj *method_call(QvInterp *qi, QvObj *f, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvMethodDescr *d = (QvMethodDescr *)f;
    if (QV_UNLIKELY(nargs < 1)) {
        return qv_raise(qi, &qv_exc_TypeError, "unbound method %s.%s() needs an argument",
                        qv_type_short_name(d->type), d->sig->def->name);
    }
    if (QV_UNLIKELY(check_owner(qi, f, args[0]) < 0)) {
        return NULL;
    }
    return qv_native_call(qi, d->sig, args[0], args + 1, nargs - 1, kwnames);
}

static QvObj *method_get(QvInterp *qi, QvObj *f, QvObj *obj, QvObj *type)
{
    (void)type;
    if (!obj) {
        return qv_new_ref(qi, f);
    }
    if (check_owner(qi, f, obj) < 0) {
        return NULL;
    }
    return qv_builtin_new(qi, ((QvMethodDescr *)f)->sig, obj, NULL);
}

static QvObj *method_repr(QvInterp *qi, QvObj *d) { return descr_repr_as(qi, d, "method"); }

static QvObj *method_get_doc(QvInterp *qi, QvObj *d)
{
    return doc_str(qi, ((QvMethodDescr *)d)->sig->def->doc);
}

static QvObj *method_get_text_signature(QvInterp *qi, QvObj *d)
{
    return qv_sig_text(qi, ((QvMethodDescr *)d)->sig->def);
}

static const QvGetSet method_getsets[] = {
    {"__name__", descr_get_name, NULL, NULL},
    {"__objclass__", descr_get_objclass, NULL, NULL},
    {"__qualname__", descr_get_qualname, NULL, NULL},
    {"__doc__", method_get_doc, NULL, NULL},
    {"__text_signature__", method_get_text_signature, NULL, NULL},
    {0},
};

static int method_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((QvMethodDescr *)o)->type);
    return 0;
}

QV_SEALED QvType qv_method_descriptor_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "method_descriptor",
    .id = QV_TID_method_descriptor,
    .flags = QV_T_GC | QV_T_METHOD | QV_T_NO_NEW,
    .size = sizeof(QvMethodDescr),
    .fini = qv_method_descr_fini,
    .traverse = method_traverse,
    .call = method_call,
    .descr_get = method_get,
    .repr = method_repr,
    .methods = descr_methods,
    .getsets = method_getsets,
};

// ---- classmethod_descriptor ---------------------------------------------------------------------

static QvObj *classmethod_get(QvInterp *qi, QvObj *f, QvObj *obj, QvObj *type)
{
    QvMethodDescr *d = (QvMethodDescr *)f;
    const char *name = d->sig->def->name;
    if (!type) {
        if (!obj) {
            return qv_raise(qi, &qv_exc_TypeError,
                            "descriptor '%s' for type '%.100N' needs either an object or a type",
                            name, d->type);
        }
        type = &qv_type_of(obj)->h;
    }
    if (!qv_is_type(type)) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "descriptor '%s' for type '%.100N' needs a type, not a '%.100T' as arg 2",
                        name, d->type, type);
    }
    if (!qv_type_is_subtype((QvType *)type, d->type)) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "descriptor '%s' requires a subtype of '%.100N' but received '%.100N'",
                        name, d->type, (QvType *)type);
    }
    return qv_builtin_new(qi, d->sig, type, NULL);
}

static QvObj *classmethod_call(QvInterp *qi, QvObj *f, QvObj *const *args, QvSsize nargs,
                               QvObj *kwnames)
{
    QvMethodDescr *d = (QvMethodDescr *)f;
    if (nargs < 1) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "descriptor '%s' of '%.100N' object needs an argument", d->sig->def->name,
                        d->type);
    }
    QvObj *bound = classmethod_get(qi, f, NULL, args[0]);
    if (!bound) {
        return NULL;
    }
    qv_decref(qi, bound);
    return qv_native_call(qi, d->sig, args[0], args + 1, nargs - 1, kwnames);
}

QV_SEALED QvType qv_classmethod_descriptor_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "classmethod_descriptor",
    .id = QV_TID_classmethod_descriptor,
    .flags = QV_T_NO_NEW,
    .size = sizeof(QvMethodDescr),
    .call = classmethod_call,
    .descr_get = classmethod_get,
    .repr = method_repr,
    .methods = descr_methods,
    .getsets = method_getsets,
};

// ---- wrapper_descriptor and method-wrapper ------------------------------------------------------

static QvObj *wrapper_call(QvInterp *qi, QvObj *f, QvObj *const *args, QvSsize nargs,
                           QvObj *kwnames)
{
    QvWrapperDescr *w = (QvWrapperDescr *)f;
    if (nargs < 1) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "descriptor '%U' of '%.100N' object needs an argument", w->row->name,
                        w->type);
    }
    if (!qv_is_instance_of(args[0], w->type)) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "descriptor '%U' requires a '%.100N' object but received a '%.100T'",
                        w->row->name, w->type, args[0]);
    }
    return qv_wrapper_call(qi, w, args[0], args + 1, nargs - 1, kwnames);
}

static QvObj *wrapper_get(QvInterp *qi, QvObj *f, QvObj *obj, QvObj *type)
{
    (void)type;
    if (!obj) {
        return qv_new_ref(qi, f);
    }
    if (check_owner(qi, f, obj) < 0) {
        return NULL;
    }
    QvMethodWrapper *m = (QvMethodWrapper *)qv_obj_new(qi, &qv_method_wrapper_type);
    if (m) {
        m->descr = (QvWrapperDescr *)qv_new_ref(qi, f);
        m->self = qv_new_ref(qi, obj);
    }
    return (QvObj *)m;
}

static QvObj *wrapper_repr(QvInterp *qi, QvObj *d) { return descr_repr_as(qi, d, "slot wrapper"); }

static QvObj *wrapper_get_doc(QvInterp *qi, QvObj *d)
{
    return doc_str(qi, ((QvWrapperDescr *)d)->row->doc);
}

static const char *row_signature(const QvSlotRow *row)
{
    switch ((QvSlotKind)row->kind) {
    case QV_SK_BINARY: // subscripts, and what has no other side
        return row->name == QV_N(__getitem__) ? "($self, key, /)" : "($self, value, /)";
    case QV_SK_CONTAINS: return "($self, key, /)";
    case QV_SK_LEFT:
    case QV_SK_RIGHT:
    case QV_SK_REPEAT:
    case QV_SK_IPOW:
    case QV_SK_LT:
    case QV_SK_LE:
    case QV_SK_EQ:
    case QV_SK_NE:
    case QV_SK_GT:
    case QV_SK_GE: return "($self, value, /)";
    case QV_SK_POW:
    case QV_SK_RPOW: return "($self, value, mod=None, /)";
    case QV_SK_SETITEM: return "($self, key, value, /)";
    case QV_SK_DELITEM: return "($self, key, /)";
    case QV_SK_GETATTR:
    case QV_SK_DELATTR: return "($self, name, /)";
    case QV_SK_SETATTR: return "($self, name, value, /)";
    case QV_SK_CALL:
    case QV_SK_INIT: return "($self, /, *args, **kwargs)";
    case QV_SK_GET: return "($self, instance, owner=None, /)";
    case QV_SK_SET: return "($self, instance, value, /)";
    case QV_SK_DELETE: return "($self, instance, /)";
    case QV_SK_NONE:
    case QV_SK_UNARY:
    case QV_SK_NEXT:
    case QV_SK_HASH:
    case QV_SK_INQUIRY:
    case QV_SK_LEN:
    case QV_SK_DEL: break;
    }
    return "($self, /)";
}

static QvObj *wrapper_get_text_signature(QvInterp *qi, QvObj *d)
{
    return qv_str_new_cstr(qi, row_signature(((QvWrapperDescr *)d)->row));
}

static const QvGetSet wrapper_getsets[] = {
    {"__name__", descr_get_name, NULL, NULL},
    {"__objclass__", descr_get_objclass, NULL, NULL},
    {"__qualname__", descr_get_qualname, NULL, NULL},
    {"__doc__", wrapper_get_doc, NULL, NULL},
    {"__text_signature__", wrapper_get_text_signature, NULL, NULL},
    {0},
};

QvObj *qv_wrapper_new(QvInterp *qi, QvType *type, QvObj *name, QvSlotFn fn)
{
    const QvSlotRow *row = qv_slot_rows;
    while (row->name != name) {
        row++;
        qv_assert(row->name);
    }
    QvWrapperDescr *w = (QvWrapperDescr *)qv_obj_new(qi, &qv_wrapper_descriptor_type);
    if (w) {
        w->row = row;
        w->fn = fn;
        w->type = (QvType *)qv_new_ref(qi, &type->h);
    }
    return (QvObj *)w;
}

static void wrapper_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, (QvObj **)&((QvWrapperDescr *)o)->type);
}

static int wrapper_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((QvWrapperDescr *)o)->type);
    return 0;
}

QV_SEALED QvType qv_wrapper_descriptor_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "wrapper_descriptor",
    .id = QV_TID_wrapper_descriptor,
    .flags = QV_T_GC | QV_T_METHOD | QV_T_NO_NEW,
    .size = sizeof(QvWrapperDescr),
    .fini = wrapper_fini,
    .traverse = wrapper_traverse,
    .call = wrapper_call,
    .descr_get = wrapper_get,
    .repr = wrapper_repr,
    .methods = descr_methods,
    .getsets = wrapper_getsets,
};

static QvObj *method_wrapper_call(QvInterp *qi, QvObj *f, QvObj *const *args, QvSsize nargs,
                                  QvObj *kwnames)
{
    QvMethodWrapper *m = (QvMethodWrapper *)f;
    return qv_wrapper_call(qi, m->descr, m->self, args, nargs, kwnames);
}

static void method_wrapper_fini(QvInterp *qi, QvObj *o)
{
    QvMethodWrapper *m = (QvMethodWrapper *)o;
    qv_clear(qi, (QvObj **)&m->descr);
    qv_clear(qi, &m->self);
}

static int method_wrapper_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((QvMethodWrapper *)o)->descr);
    QV_VISIT(((QvMethodWrapper *)o)->self);
    return 0;
}

static QvObj *method_wrapper_repr(QvInterp *qi, QvObj *o)
{
    QvMethodWrapper *m = (QvMethodWrapper *)o;
    return qv_str_format(qi, "<method-wrapper '%U' of %T object at %p>", m->descr->row->name,
                         m->self, (void *)m->self);
}

static QvObj *method_wrapper_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    (void)qi;
    if ((op != QV_EQ && op != QV_NE) || w->type != &qv_method_wrapper_type) {
        return QV_NOTIMPLEMENTED;
    }
    const QvMethodWrapper *a = (QvMethodWrapper *)v;
    const QvMethodWrapper *b = (QvMethodWrapper *)w;
    return qv_bool((a->descr == b->descr && a->self == b->self) == (op == QV_EQ));
}

static QvHash method_wrapper_hash(QvInterp *qi, QvObj *o)
{
    (void)qi;
    const QvMethodWrapper *m = (QvMethodWrapper *)o;
    QvHash h = qv_hash_ptr(m->self) ^ qv_hash_ptr(m->descr);
    return h == -1 ? -2 : h;
}

static QvObj *method_wrapper_get_self(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, ((QvMethodWrapper *)o)->self);
}

static QvObj *method_wrapper_get_name(QvInterp *qi, QvObj *o)
{
    return descr_get_name(qi, &((QvMethodWrapper *)o)->descr->h);
}

static QvObj *method_wrapper_get_qualname(QvInterp *qi, QvObj *o)
{
    return descr_get_qualname(qi, &((QvMethodWrapper *)o)->descr->h);
}

static QvObj *method_wrapper_get_objclass(QvInterp *qi, QvObj *o)
{
    return descr_get_objclass(qi, &((QvMethodWrapper *)o)->descr->h);
}

static QvObj *method_wrapper_get_doc(QvInterp *qi, QvObj *o)
{
    return wrapper_get_doc(qi, &((QvMethodWrapper *)o)->descr->h);
}

static QvObj *method_wrapper_get_text_signature(QvInterp *qi, QvObj *o)
{
    return wrapper_get_text_signature(qi, &((QvMethodWrapper *)o)->descr->h);
}

static QvObj *method_wrapper_reduce(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvMethodWrapper *m = (QvMethodWrapper *)o;
    QvObj *getattr_ = qi->builtins ? qv_dict_peek_str(qi->builtins, QV_N(getattr)) : NULL;
    if (!getattr_) {
        return qv_raise(qi, &qv_exc_RuntimeError, "builtins.getattr is gone");
    }
    QvObj *pair = qv_tuple_of(qi, 2, m->self, m->descr->row->name);
    QvObj *r = pair ? qv_tuple_of(qi, 2, getattr_, pair) : NULL;
    qv_xdecref(qi, pair);
    return r;
}

static const QvNativeDef method_wrapper_methods[] = {
    {"__reduce__", method_wrapper_reduce, "($self, /)", "Helper for pickle."},
    {0},
};

static const QvGetSet method_wrapper_getsets[] = {
    {"__self__", method_wrapper_get_self, NULL, NULL},
    {"__objclass__", method_wrapper_get_objclass, NULL, NULL},
    {"__name__", method_wrapper_get_name, NULL, NULL},
    {"__qualname__", method_wrapper_get_qualname, NULL, NULL},
    {"__doc__", method_wrapper_get_doc, NULL, NULL},
    {"__text_signature__", method_wrapper_get_text_signature, NULL, NULL},
    {0},
};

QV_SEALED QvType qv_method_wrapper_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "method-wrapper",
    .id = QV_TID_method_wrapper,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .size = sizeof(QvMethodWrapper),
    .fini = method_wrapper_fini,
    .traverse = method_wrapper_traverse,
    .call = method_wrapper_call,
    .repr = method_wrapper_repr,
    .richcmp = method_wrapper_richcmp,
    .hash = method_wrapper_hash,
    .methods = method_wrapper_methods,
    .getsets = method_wrapper_getsets,
};

// ---- getset_descriptor --------------------------------------------------------------------------

QvObj *qv_getset_new(QvInterp *qi, QvType *type, const QvGetSet *def)
{
    QvObj *name = qv_str_intern_cstr(qi, def->name);
    QvGetSetDescr *d = name ? (QvGetSetDescr *)qv_obj_new(qi, &qv_getset_descriptor_type) : NULL;
    if (!d) {
        qv_xdecref(qi, name);
        return NULL;
    }
    d->def = def;
    d->type = (QvType *)qv_new_ref(qi, &type->h);
    d->name = name;
    return (QvObj *)d;
}

int qv_getset_readonly(QvInterp *qi, QvObj *o, QvObj *value)
{
    (void)o;
    (void)value;
    return qv_raise_int(qi, &qv_exc_AttributeError, "readonly attribute");
}

static void getset_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, (QvObj **)&((QvGetSetDescr *)o)->type);
    qv_clear(qi, &((QvGetSetDescr *)o)->name);
}

static int getset_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((QvGetSetDescr *)o)->type);
    return 0;
}

static QvObj *getset_get(QvInterp *qi, QvObj *f, QvObj *obj, QvObj *type)
{
    (void)type;
    QvGetSetDescr *d = (QvGetSetDescr *)f;
    if (!obj) {
        return d->def->of_class ? d->def->get(qi, &d->type->h) : qv_new_ref(qi, f);
    }
    if (check_owner(qi, f, obj) < 0) {
        return NULL;
    }
    if (!d->def->get) {
        return qv_raise(qi, &qv_exc_AttributeError,
                        "attribute '%U' of '%.100N' objects is not readable", d->name, d->type);
    }
    return d->def->get(qi, obj);
}

static int getset_set(QvInterp *qi, QvObj *f, QvObj *obj, QvObj *value)
{
    QvGetSetDescr *d = (QvGetSetDescr *)f;
    if (check_owner(qi, f, obj) < 0) {
        return -1;
    }
    if (!d->def->set) {
        return qv_raise_int(qi, &qv_exc_AttributeError,
                            "attribute '%U' of '%.100N' objects is not writable", d->name, d->type);
    }
    return d->def->set(qi, obj, value);
}

static QvObj *getset_repr(QvInterp *qi, QvObj *d) { return descr_repr_as(qi, d, "attribute"); }

static QvObj *getset_get_doc(QvInterp *qi, QvObj *d)
{
    return doc_str(qi, ((QvGetSetDescr *)d)->def->doc);
}

static const QvGetSet getset_getsets[] = {
    {"__name__", descr_get_name, NULL, NULL},
    {"__objclass__", descr_get_objclass, NULL, NULL},
    {"__qualname__", descr_get_qualname, NULL, NULL},
    {"__doc__", getset_get_doc, NULL, NULL},
    {0},
};

QV_SEALED QvType qv_getset_descriptor_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "getset_descriptor",
    .id = QV_TID_getset_descriptor,
    .flags = QV_T_GC | QV_T_NO_NEW | QV_T_DATA_DESCR,
    .size = sizeof(QvGetSetDescr),
    .fini = getset_fini,
    .traverse = getset_traverse,
    .descr_get = getset_get,
    .descr_set = getset_set,
    .repr = getset_repr,
    .methods = descr_methods,
    .getsets = getset_getsets,
};

// ---- member_descriptor --------------------------------------------------------------------------

// offset 0: the type extends a variable-sized one (str), where no word has a fixed place; the value
// is then in the instance part, under the member's name.
QvObj *qv_member_new(QvInterp *qi, QvType *type, QvObj *name, uint32_t offset)
{
    QvMemberDescr *d = (QvMemberDescr *)qv_obj_new(qi, &qv_member_descriptor_type);
    if (d) {
        d->type = (QvType *)qv_new_ref(qi, &type->h);
        d->name = qv_new_ref(qi, name);
        d->offset = offset;
    }
    return (QvObj *)d;
}

static void member_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, (QvObj **)&((QvMemberDescr *)o)->type);
    qv_clear(qi, &((QvMemberDescr *)o)->name);
}

static int member_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((QvMemberDescr *)o)->type);
    return 0;
}

static QvObj *member_get(QvInterp *qi, QvObj *f, QvObj *obj, QvObj *type)
{
    QvMemberDescr *d = (QvMemberDescr *)f;
    if (d->def) {
        return getset_get(qi, f, obj, type);
    }
    if (!obj) {
        return qv_new_ref(qi, f);
    }
    if (check_owner(qi, f, obj) < 0) {
        return NULL;
    }
    if (d->offset) {
        QvObj *v = *(QvObj **)((char *)obj + d->offset);
        if (QV_LIKELY(v != NULL)) {
            return qv_new_ref(qi, v);
        }
    } else {
        QvObj *v;
        int r = qv_inst_get(qi, obj, d->name, &v);
        if (r != 0) {
            return r < 0 ? NULL : v;
        }
    }
    return qv_attr_error(qi, obj, d->name);
}

static int member_set(QvInterp *qi, QvObj *f, QvObj *obj, QvObj *value)
{
    QvMemberDescr *d = (QvMemberDescr *)f;
    if (d->def) {
        return getset_set(qi, f, obj, value);
    }
    if (check_owner(qi, f, obj) < 0) {
        return -1;
    }
    bool absent;
    if (d->offset) {
        QvObj **place = (QvObj **)((char *)obj + d->offset);
        QvObj *old = *place;
        *place = qv_xnew_ref(qi, value);
        absent = !old;
        qv_xdecref(qi, old);
    } else {
        int r = qv_inst_set(qi, obj, d->name, value);
        if (r < 0) {
            return -1;
        }
        absent = r == 0;
    }
    if (!value && absent) {
        qv_raise_obj(qi, &qv_exc_AttributeError, d->name);
        return -1;
    }
    return 0;
}

static QvObj *member_repr(QvInterp *qi, QvObj *d) { return descr_repr_as(qi, d, "member"); }

static QvObj *member_get_doc(QvInterp *qi, QvObj *d)
{
    // A dict in __slots__ documents for inspect only.
    const QvGetSet *def = ((QvMemberDescr *)d)->def;
    return def ? doc_str(qi, def->doc) : QV_NONE;
}

static const QvGetSet member_getsets[] = {
    {"__name__", descr_get_name, NULL, NULL},
    {"__objclass__", descr_get_objclass, NULL, NULL},
    {"__qualname__", descr_get_qualname, NULL, NULL},
    {"__doc__", member_get_doc, NULL, NULL},
    {0},
};

QV_SEALED QvType qv_member_descriptor_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "member_descriptor",
    .id = QV_TID_member_descriptor,
    .flags = QV_T_GC | QV_T_NO_NEW | QV_T_DATA_DESCR,
    .size = sizeof(QvMemberDescr),
    .fini = member_fini,
    .traverse = member_traverse,
    .descr_get = member_get,
    .descr_set = member_set,
    .repr = member_repr,
    .methods = descr_methods,
    .getsets = member_getsets,
};
