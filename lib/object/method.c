// SPDX-License-Identifier: MIT
// Bound methods: a callable and its first argument.
#include "base/hash.h"
#include "object/descr.h"
#include "object/dict.h"
#include "object/function.h"
#include "object/gc.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

#define SMALL_CALL 12 // argument slots kept on the C stack

static QvMethod *as_method(QvObj *o) { return (QvMethod *)o; }

QvObj *qv_method_new(QvInterp *qi, QvObj *func, QvObj *self)
{
    QvObj *o = qv_obj_new(qi, &qv_method_type);
    if (o) {
        as_method(o)->func = qv_new_ref(qi, func);
        as_method(o)->self = qv_new_ref(qi, self);
    }
    return o;
}

static QvObj *method_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    (void)type;
    if (kwnames && qv_tuple_len(kwnames) > 0) {
        return qv_raise(qi, &qv_exc_TypeError, "method() takes no keyword arguments");
    }
    if (nargs != 2) {
        return qv_raise(qi, &qv_exc_TypeError, "method expected 2 arguments, got %zd", nargs);
    }
    if (!qv_is_callable(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "first argument must be callable");
    }
    if (args[1] == QV_NONE) {
        return qv_raise(qi, &qv_exc_TypeError, "instance must not be None");
    }
    return qv_method_new(qi, args[0], args[1]);
}

static QvObj *method_call(QvInterp *qi, QvObj *f, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvMethod *m = as_method(f);
    QvSsize total = nargs + (kwnames ? qv_tuple_len(kwnames) : 0);
    QvObj *small[SMALL_CALL];
    QvObj **array = small;
    size_t bytes = (size_t)(total + 1) * sizeof(QvObj *);
    if (total + 1 > SMALL_CALL) {
        array = qv_alloc(qi, bytes);
        if (!array) {
            return NULL;
        }
    }
    QvObj *func = qv_new_ref(qi, m->func);
    array[0] = qv_new_ref(qi, m->self);
    for (QvSsize i = 0; i < total; i++) {
        array[i + 1] = args[i];
    }
    QvObj *r = qv_call(qi, func, array, nargs + 1, kwnames);
    qv_decref(qi, array[0]);
    qv_decref(qi, func);
    if (array != small) {
        qv_free(qi, array, bytes);
    }
    return r;
}

// What the method itself lacks is looked up on the function.
static QvObj *method_getattr(QvInterp *qi, QvObj *o, QvObj *name)
{
    QvObj *interned = qv_new_ref(qi, name);
    if (qv_str_intern(qi, &interned) < 0) {
        qv_xdecref(qi, interned);
        return NULL;
    }
    QvObj *descr = qv_type_lookup(qi, o->type, interned);
    QvObj *r;
    if (!descr) {
        r = qv_getattr(qi, as_method(o)->func, interned);
    } else if (descr->type->descr_get) {
        r = descr->type->descr_get(qi, descr, o, (QvObj *)o->type);
    } else {
        r = qv_new_ref(qi, descr);
    }
    qv_decref(qi, interned);
    return r;
}

static QvObj *get_func(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_method(o)->func); }

static QvObj *get_self(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_method(o)->self); }

static QvObj *get_doc(QvInterp *qi, QvObj *o)
{
    return qv_getattr(qi, as_method(o)->func, QV_N(__doc__));
}

static const QvGetSet method_getsets[] = {
    {"__func__", get_func, qv_getset_readonly,
     "the function (or other callable) implementing a method"},
    {"__self__", get_self, qv_getset_readonly, "the instance to which a method is bound"},
    {"__doc__", get_doc, NULL, NULL},
    {0},
};

static QvObj *method_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvObj *getattr = qv_dict_peek_str(qi->builtins, QV_N(getattr));
    if (!getattr) {
        return qv_raise(qi, &qv_exc_AttributeError, "getattr");
    }
    qv_incref(qi, getattr);
    QvObj *name = qv_getattr(qi, as_method(self)->func, QV_N(__name__));
    QvObj *args_tuple = name ? qv_tuple_of(qi, 2, as_method(self)->self, name) : NULL;
    QvObj *r = args_tuple ? qv_tuple_of(qi, 2, getattr, args_tuple) : NULL;
    qv_xdecref(qi, args_tuple);
    qv_xdecref(qi, name);
    qv_decref(qi, getattr);
    return r;
}

static const QvNativeDef method_methods[] = {
    {"__reduce__", method_reduce, "($self, /)", NULL},
    {0},
};

static QvObj *method_repr(QvInterp *qi, QvObj *o)
{
    QvObj *func = as_method(o)->func, *name;
    int has = qv_getattr_try(qi, func, QV_N(__qualname__), &name);
    if (has == 0) {
        has = qv_getattr_try(qi, func, QV_N(__name__), &name);
    }
    if (has < 0) {
        return NULL;
    }
    if (has && !qv_is_str(name)) {
        qv_decref(qi, name);
        has = 0;
    }
    QvObj *r = has ? qv_str_format(qi, "<bound method %U of %R>", name, as_method(o)->self)
                   : qv_str_format(qi, "<bound method ? of %R>", as_method(o)->self);
    if (has) {
        qv_decref(qi, name);
    }
    return r;
}

static QvHash method_hash(QvInterp *qi, QvObj *o)
{
    QvHash f = qv_hash(qi, as_method(o)->func);
    if (f == -1) {
        return -1;
    }
    QvHash h = f ^ qv_hash_ptr(as_method(o)->self);
    return h == -1 ? -2 : h;
}

static QvObj *method_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if ((op != QV_EQ && op != QV_NE) || !qv_is_method(v) || !qv_is_method(w)) {
        return QV_NOTIMPLEMENTED;
    }
    int eq = qv_eq(qi, as_method(v)->func, as_method(w)->func);
    if (eq < 0) {
        return NULL;
    }
    eq = eq && as_method(v)->self == as_method(w)->self;
    return qv_bool(op == QV_EQ ? eq : !eq);
}

static void method_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_method(o)->func);
    qv_clear(qi, &as_method(o)->self);
}

static int method_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_method(o)->func);
    QV_VISIT(as_method(o)->self);
    return 0;
}

QV_SEALED QvType qv_method_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "method",
    .id = QV_TID_method,
    .flags = QV_T_GC | QV_T_WEAK,
    .base = &qv_object_type,
    .size = sizeof(QvMethod),
    .doc = "Create a bound instance method object.",
    .methods = method_methods,
    .getsets = method_getsets,
    .new_ = method_new,
    .fini = method_fini,
    .traverse = method_traverse,
    .getattr = method_getattr,
    .call = method_call,
    .repr = method_repr,
    .hash = method_hash,
    .richcmp = method_richcmp,
};
