// SPDX-License-Identifier: MIT
// The awaitable that anext(iterator, default) gives: it awaits what __anext__ returned and ends
// with the default where that raises StopAsyncIteration.
#include "object/error.h"
#include "object/gc.h"
#include "object/type_ids.h"
#include "vm/eval_internal.h"
#include "vm/generator.h"

extern QvType qv_anext_awaitable_type;

typedef struct Anext {
    QvObj h;
    QvObj *wrapped; // what __anext__ returned
    QvObj *dflt;    // result when the iteration is over
} Anext;

QvObj *qv_anext_default(QvInterp *qi, QV_STOLEN QvObj *awaitable, QvObj *dflt)
{
    Anext *a = (Anext *)qv_obj_new(qi, &qv_anext_awaitable_type);
    if (!a) {
        qv_decref(qi, awaitable);
        return NULL;
    }
    a->wrapped = awaitable;
    a->dflt = qv_new_ref(qi, dflt);
    return (QvObj *)a;
}

// StopAsyncIteration becomes the end of the await with the default. Always NULL.
static QvObj *translate(QvInterp *qi, const Anext *a)
{
    if (qv_err_matches(qi, &qv_exc_StopAsyncIteration)) {
        qv_err_clear(qi);
        qv_raise_stop(qi, a->dflt);
    }
    return NULL;
}

static QvObj *anext_next(QvInterp *qi, QvObj *o)
{
    Anext *a = (Anext *)o;
    QvObj *it = qv_get_awaitable(qi, a->wrapped, 0);
    if (!it) {
        return NULL;
    }
    QvObj *x = NULL;
    int got = qv_yield_from_send(qi, it, QV_NONE, &x);
    qv_decref(qi, it);
    return got < 0 ? translate(qi, a) : qv_generator_result(qi, got, x);
}

static QvObj *proxy(QvInterp *qi, QvObj *o, QvObj *name, QvObj *const *args, QvSsize nargs)
{
    Anext *a = (Anext *)o;
    QvObj *it = qv_get_awaitable(qi, a->wrapped, 0);
    if (!it) {
        return NULL;
    }
    QvObj *x = qv_call_method(qi, it, name, args, nargs);
    qv_decref(qi, it);
    return x ? x : translate(qi, a);
}

static QvObj *anext_send(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    return proxy(qi, self, QV_N(send), args, nargs);
}
static QvObj *anext_throw(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    return proxy(qi, self, QV_N(throw), args, nargs);
}
static QvObj *anext_close(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    return proxy(qi, self, QV_N(close), args, nargs);
}

static QvObj *self_again(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, o); }

static int anext_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    Anext *a = (Anext *)o;
    QV_VISIT(a->wrapped);
    QV_VISIT(a->dflt);
    return 0;
}

static void anext_fini(QvInterp *qi, QvObj *o)
{
    Anext *a = (Anext *)o;
    qv_clear(qi, &a->wrapped);
    qv_clear(qi, &a->dflt);
}

static const QvNativeDef anext_methods[] = {
    {"send", anext_send, "($self, value, /)", NULL},
    {"throw", anext_throw, "($self, type, value=None, traceback=None, /)", NULL},
    {"close", anext_close, "($self, /)", NULL},
    {0},
};

QV_SEALED QvType qv_anext_awaitable_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "anext_awaitable",
    .id = QV_TID_anext_awaitable,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .size = sizeof(Anext),
    .base = &qv_object_type,
    .methods = anext_methods,
    .traverse = anext_traverse,
    .fini = anext_fini,
    .clear = anext_fini,
    .await = self_again,
    .iter = self_again,
    .next = anext_next,
};
