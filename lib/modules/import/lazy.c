// SPDX-License-Identifier: MIT
// Stand-ins for objects of importlib.
//
// A module's __loader__, and what sys.meta_path and sys.path_hooks hold, are objects of classes in
// importlib, which costs milliseconds to load and which most programs never look at. So they start
// as these stand-ins. Whatever is done with one loads importlib and is done with the real object;
// loading importlib also puts the real ones where the stand-ins were (importlib.c), so that only
// references that the program had taken before go through here.
#include "modules/import/import.h"
#include "object/dict.h"
#include "object/gc.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/type_ids.h"

static QvLazy *as_lazy(const QvObj *o) { return (QvLazy *)o; }

static QvObj *make(QvInterp *qi, QvLazyKind kind, QvObj *name, QvObj *path)
{
    QvObj *o = qv_obj_new(qi, &qv_importlazy_type);
    if (o) {
        QvLazy *z = as_lazy(o);
        z->kind = kind;
        z->name = qv_xnew_ref(qi, name);
        z->path = qv_xnew_ref(qi, path);
        z->real = NULL;
    }
    return o;
}

QvObj *qv_lazy_single(QvInterp *qi, QvLazyKind kind)
{
    QvImportState *state = qv_import_state(qi);
    if (!state) {
        return NULL;
    }
    if (!state->singles[kind]) {
        state->singles[kind] = make(qi, kind, NULL, NULL);
        if (!state->singles[kind]) {
            return NULL;
        }
    }
    QvObj *real = as_lazy(state->singles[kind])->real;
    return qv_new_ref(qi, real ? real : state->singles[kind]);
}

bool qv_lazy_is(QvInterp *qi, const QvObj *o, QvLazyKind kind)
{
    const QvImportState *state = (const QvImportState *)qi->importer;
    const QvObj *single = state ? state->singles[kind] : NULL;
    return single && (o == single || o == as_lazy(single)->real);
}

QvObj *qv_lazy_loader(QvInterp *qi, QvLazyKind kind, QvObj *name, QvObj *path)
{
    QvImportState *state = qv_import_state(qi);
    if (!state) {
        return NULL;
    }
    if (!state->external) {
        return make(qi, kind, name, path);
    }
    QvObj *args[2] = {name, path};
    return qv_import_call_external(
        qi, kind == QV_LAZY_SOURCE ? "SourceFileLoader" : "SourcelessFileLoader", args, 2);
}

QvObj *qv_lazy_resolve(QvInterp *qi, QvObj *o)
{
    if (o->type != &qv_importlazy_type) {
        return qv_new_ref(qi, o);
    }
    QvLazy *z = as_lazy(o);
    if (!z->real && qv_import_need_importlib(qi) < 0) {
        return NULL;
    }
    if (!z->real) {
        QvObj *real;
        if (z->kind == QV_LAZY_ZIP) {
            QvObj *m = qv_import(qi, "zipimport");
            real = m ? qv_getattr_cstr(qi, m, "zipimporter") : NULL;
            qv_xdecref(qi, m);
        } else if (z->kind >= QV_LAZY_SINGLE) {
            real = qv_lazy_loader(qi, z->kind, z->name, z->path);
        } else {
            real = qv_raise(qi, &qv_exc_RuntimeError, "importlib is not there");
        }
        if (!real) {
            return NULL;
        }
        qv_set_take(qi, &z->real, real);
    }
    return qv_new_ref(qi, z->real);
}

// ---- slots --------------------------------------------------------------------------------------

static QvObj *lazy_getattr(QvInterp *qi, QvObj *o, QvObj *name)
{
    QvLazy *z = as_lazy(o);
    if (!z->real && z->name && (qv_str_equal(name, QV_N(name)) || qv_str_equal(name, QV_N(path)))) {
        return qv_new_ref(qi, qv_str_equal(name, QV_N(name)) ? z->name : z->path);
    }
    QvObj *real = qv_lazy_resolve(qi, o);
    QvObj *value = real ? qv_getattr(qi, real, name) : NULL;
    qv_xdecref(qi, real);
    return value;
}

static int lazy_setattr(QvInterp *qi, QvObj *o, QvObj *name, QvObj *value)
{
    QvObj *real = qv_lazy_resolve(qi, o);
    int status = real ? qv_setattr(qi, real, name, value) : -1;
    qv_xdecref(qi, real);
    return status;
}

static QvObj *lazy_call(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *real = qv_lazy_resolve(qi, o);
    QvObj *value = real ? qv_call(qi, real, args, nargs, kwnames) : NULL;
    qv_xdecref(qi, real);
    return value;
}

static QvObj *lazy_repr(QvInterp *qi, QvObj *o)
{
    QvObj *real = qv_lazy_resolve(qi, o);
    QvObj *value = real ? qv_repr(qi, real) : NULL;
    qv_xdecref(qi, real);
    return value;
}

static QvObj *lazy_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (v == w && (op == QV_EQ || op == QV_NE)) {
        return qv_bool(op == QV_EQ);
    }
    QvObj *a = qv_lazy_resolve(qi, v), *b = a ? qv_lazy_resolve(qi, w) : NULL;
    QvObj *value = b ? qv_compare(qi, a, b, op) : NULL;
    qv_xdecref(qi, a);
    qv_xdecref(qi, b);
    return value;
}

static QvHash lazy_hash(QvInterp *qi, QvObj *o)
{
    QvObj *real = qv_lazy_resolve(qi, o);
    QvHash h = real ? qv_hash(qi, real) : -1;
    qv_xdecref(qi, real);
    return h;
}

static void lazy_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_lazy(o)->name);
    qv_clear(qi, &as_lazy(o)->path);
    qv_clear(qi, &as_lazy(o)->real);
}

static int lazy_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_lazy(o)->name);
    QV_VISIT(as_lazy(o)->path);
    QV_VISIT(as_lazy(o)->real);
    return 0;
}

QV_SEALED QvType qv_importlazy_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_frozen_importlib_external.lazy",
    .id = QV_TID_importlazy,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(QvLazy),
    .fini = lazy_fini,
    .traverse = lazy_traverse,
    .getattr = lazy_getattr,
    .setattr = lazy_setattr,
    .call = lazy_call,
    .repr = lazy_repr,
    .str = lazy_repr,
    .hash = lazy_hash,
    .richcmp = lazy_richcmp,
};
