// SPDX-License-Identifier: MIT
// Async generators: the object, and the awaitables that asend, athrow, aclose and __anext__ give.
//
// What the body yields is wrapped (ASYNC_GEN_WRAP), so that it can be told from what an await
// inside passes up to the event loop. An awaitable ends with StopIteration(value) when a wrapped
// value arrives.
#include "object/gc.h"
#include "object/genericalias.h"
#include "object/type_ids.h"
#include "vm/eval_internal.h"
#include "vm/generator.h"

extern QvType qv_async_generator_asend_type, qv_async_generator_athrow_type,
    qv_async_generator_wrapped_value_type;

typedef struct Wrapped {
    QvObj h;
    QvObj *value;
} Wrapped;

typedef enum AwaitState { AWAIT_INIT, AWAIT_ITER, AWAIT_CLOSED } AwaitState;

typedef struct ASend {
    QvObj h;
    QvGenerator *gen;
    QvObj *value; // to be sent; or NULL
    AwaitState state;
} ASend;

typedef struct AThrow {
    QvObj h;
    QvGenerator *gen;
    QvObj *args; // tuple (type, value, traceback), or NULL: aclose()
    AwaitState state;
} AThrow;

// ---- wrapped values -----------------------------------------------------------------------------

QvObj *qv_async_gen_wrap(QvInterp *qi, QvObj *value)
{
    Wrapped *w = (Wrapped *)qv_obj_new(qi, &qv_async_generator_wrapped_value_type);
    if (w) {
        w->value = qv_new_ref(qi, value);
    }
    return (QvObj *)w;
}

static int wrapped_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((Wrapped *)o)->value);
    return 0;
}
static void wrapped_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &((Wrapped *)o)->value); }

QV_SEALED QvType qv_async_generator_wrapped_value_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "async_generator_wrapped_value",
    .id = QV_TID_async_generator_wrapped_value,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .size = sizeof(Wrapped),
    .base = &qv_object_type,
    .traverse = wrapped_traverse,
    .fini = wrapped_fini,
    .clear = wrapped_fini,
};

static bool is_wrapped(const QvObj *o) { return o->type == &qv_async_generator_wrapped_value_type; }

// What one step of the generator means for its awaitable: an object for the event loop, or NULL
// with StopIteration(value), StopAsyncIteration, or another exception.
static QvObj *unwrap(QvInterp *qi, QvGenerator *g, int got, QvObj *x)
{
    if (got == 1) {
        if (!is_wrapped(x)) {
            return x;
        }
        qv_raise_stop(qi, ((Wrapped *)x)->value);
        qv_decref(qi, x);
        g->running_async = false;
        return NULL;
    }
    if (got == 0) {
        qv_decref(qi, x);
        qv_raise_none(qi, &qv_exc_StopAsyncIteration);
    }
    if (qv_err_matches(qi, &qv_exc_StopAsyncIteration) ||
        qv_err_matches(qi, &qv_exc_GeneratorExit)) {
        g->closed = true;
    }
    g->running_async = false;
    return NULL;
}

// ---- asend and __anext__ ------------------------------------------------------------------------

static QvObj *asend_send(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    ASend *a = (ASend *)self;
    QvObj *value = args[0];
    if (a->state == AWAIT_CLOSED) {
        return qv_raise(qi, &qv_exc_RuntimeError,
                        "cannot reuse already awaited __anext__()/asend()");
    }
    if (a->state == AWAIT_INIT) {
        if (a->gen->running_async) {
            return qv_raise(qi, &qv_exc_RuntimeError,
                            "anext(): asynchronous generator is already running");
        }
        if (value == QV_NONE && a->value) {
            value = a->value;
        }
        a->state = AWAIT_ITER;
    }
    a->gen->running_async = true;
    QvObj *x = NULL;
    int got = qv_generator_send(qi, a->gen, value, &x);
    QvObj *result = unwrap(qi, a->gen, got, x);
    if (!result) {
        a->state = AWAIT_CLOSED;
    }
    return result;
}

static QvObj *asend_throw(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    ASend *a = (ASend *)self;
    if (a->state == AWAIT_CLOSED) {
        return qv_raise(qi, &qv_exc_RuntimeError,
                        "cannot reuse already awaited __anext__()/asend()");
    }
    if (qv_generator_raise_args(qi, args) < 0) {
        return NULL;
    }
    QvObj *x = NULL;
    int got = qv_generator_throw(qi, a->gen, &x);
    QvObj *result = unwrap(qi, a->gen, got, x);
    if (!result) {
        a->state = AWAIT_CLOSED;
    }
    return result;
}

static QvObj *asend_close(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)qi, (void)args, (void)nargs;
    ((ASend *)self)->state = AWAIT_CLOSED;
    return QV_NONE;
}

static QvObj *asend_next(QvInterp *qi, QvObj *o)
{
    QvObj *none = QV_NONE;
    return asend_send(qi, o, &none, 1);
}

static int asend_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((ASend *)o)->gen);
    QV_VISIT(((ASend *)o)->value);
    return 0;
}
static void asend_fini(QvInterp *qi, QvObj *o)
{
    ASend *a = (ASend *)o;
    QvObj *gen = (QvObj *)a->gen;
    a->gen = NULL;
    a->state = AWAIT_CLOSED;
    qv_xdecref(qi, gen);
    qv_clear(qi, &a->value);
}

static const QvNativeDef asend_methods[] = {
    {"send", asend_send, "($self, arg, /)", NULL},
    {"throw", asend_throw, "($self, type, value=None, traceback=None, /)", NULL},
    {"close", asend_close, "($self, /)", NULL},
    {0},
};

static QvObj *iter_self(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, o); }

QV_SEALED QvType qv_async_generator_asend_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "async_generator_asend",
    .id = QV_TID_async_generator_asend,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .size = sizeof(ASend),
    .base = &qv_object_type,
    .methods = asend_methods,
    .traverse = asend_traverse,
    .fini = asend_fini,
    .clear = asend_fini,
    .await = iter_self,
    .iter = iter_self,
    .next = asend_next,
};

// ---- athrow and aclose --------------------------------------------------------------------------

// One step of aclose() (args NULL) or athrow(). got/x: what the generator did.
static QvObj *athrow_result(QvInterp *qi, AThrow *a, int got, QvObj *x)
{
    QvGenerator *g = a->gen;
    if (a->args) {
        QvObj *result = unwrap(qi, g, got, x);
        if (!result) {
            a->state = AWAIT_CLOSED;
        }
        return result;
    }
    if (got == 1 && !is_wrapped(x)) {
        return x;
    }
    a->state = AWAIT_CLOSED;
    g->running_async = false;
    if (got == 1) {
        qv_decref(qi, x);
        return qv_raise(qi, &qv_exc_RuntimeError, "async generator ignored GeneratorExit");
    }
    if (got == 0) {
        qv_decref(qi, x);
    } else if (!qv_err_matches(qi, &qv_exc_StopAsyncIteration) &&
               !qv_err_matches(qi, &qv_exc_GeneratorExit)) {
        return NULL;
    }
    qv_err_clear(qi);
    qv_raise_none(qi, &qv_exc_StopIteration); // await agen.aclose() is None
    return NULL;
}

static QvObj *athrow_send(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    AThrow *a = (AThrow *)self;
    QvGenerator *g = a->gen;
    if (a->state == AWAIT_CLOSED) {
        return qv_raise(qi, &qv_exc_RuntimeError, "cannot reuse already awaited aclose()/athrow()");
    }
    if (g->state == QV_GEN_DONE) {
        a->state = AWAIT_CLOSED;
        return qv_raise_none(qi, a->args ? &qv_exc_StopAsyncIteration : &qv_exc_StopIteration);
    }
    QvObj *x = NULL;
    int got;
    if (a->state == AWAIT_INIT) {
        if (g->running_async) {
            return qv_raise(qi, &qv_exc_RuntimeError,
                            a->args ? "athrow(): asynchronous generator is already running"
                                    : "aclose(): asynchronous generator is already running");
        }
        if (g->closed) {
            a->state = AWAIT_CLOSED;
            return qv_raise_none(qi, &qv_exc_StopAsyncIteration);
        }
        if (args[0] != QV_NONE) {
            return qv_raise(qi, &qv_exc_RuntimeError,
                            "can't send non-None value to a just-started coroutine");
        }
        a->state = AWAIT_ITER;
        g->running_async = true;
        if (a->args) {
            if (qv_generator_raise_args(qi, qv_tuple_items(a->args)) < 0) {
                g->running_async = false;
                return NULL;
            }
        } else {
            g->closed = true;
            qv_raise_none(qi, &qv_exc_GeneratorExit);
        }
        got = qv_generator_throw(qi, g, &x);
    } else {
        got = qv_generator_send(qi, g, args[0], &x);
    }
    return athrow_result(qi, a, got, x);
}

static QvObj *athrow_throw(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    AThrow *a = (AThrow *)self;
    if (a->state == AWAIT_CLOSED) {
        return qv_raise(qi, &qv_exc_RuntimeError, "cannot reuse already awaited aclose()/athrow()");
    }
    if (qv_generator_raise_args(qi, args) < 0) {
        return NULL;
    }
    QvObj *x = NULL;
    int got = qv_generator_throw(qi, a->gen, &x);
    return athrow_result(qi, a, got, x);
}

static QvObj *athrow_close(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)qi, (void)args, (void)nargs;
    ((AThrow *)self)->state = AWAIT_CLOSED;
    return QV_NONE;
}

static QvObj *athrow_next(QvInterp *qi, QvObj *o)
{
    QvObj *none = QV_NONE;
    return athrow_send(qi, o, &none, 1);
}

static int athrow_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((AThrow *)o)->gen);
    QV_VISIT(((AThrow *)o)->args);
    return 0;
}
static void athrow_fini(QvInterp *qi, QvObj *o)
{
    AThrow *a = (AThrow *)o;
    QvObj *gen = (QvObj *)a->gen;
    a->gen = NULL;
    a->state = AWAIT_CLOSED;
    qv_xdecref(qi, gen);
    qv_clear(qi, &a->args);
}

static const QvNativeDef athrow_methods[] = {
    {"send", athrow_send, "($self, arg, /)", NULL},
    {"throw", athrow_throw, "($self, type, value=None, traceback=None, /)", NULL},
    {"close", athrow_close, "($self, /)", NULL},
    {0},
};

QV_SEALED QvType qv_async_generator_athrow_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "async_generator_athrow",
    .id = QV_TID_async_generator_athrow,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .size = sizeof(AThrow),
    .base = &qv_object_type,
    .methods = athrow_methods,
    .traverse = athrow_traverse,
    .fini = athrow_fini,
    .clear = athrow_fini,
    .await = iter_self,
    .iter = iter_self,
    .next = athrow_next,
};

// ---- the async generator ------------------------------------------------------------------------

// sys.set_asyncgen_hooks: the first iteration tells the event loop. 0/-1.
static int init_hooks(QvInterp *qi, QvGenerator *g)
{
    if (g->hooks_inited) {
        return 0;
    }
    g->hooks_inited = true;
    QvObj *first = qi->ts->asyncgen_hooks[0], *finalizer = qi->ts->asyncgen_hooks[1];
    if (finalizer) {
        g->origin = qv_new_ref(qi, finalizer);
    }
    if (first) {
        QvObj *x = qv_call1(qi, first, (QvObj *)g);
        if (!x) {
            return -1;
        }
        qv_decref(qi, x);
    }
    return 0;
}

static QvObj *make_asend(QvInterp *qi, QvObj *gen, QvObj *value)
{
    if (init_hooks(qi, (QvGenerator *)gen) < 0) {
        return NULL;
    }
    ASend *a = (ASend *)qv_obj_new(qi, &qv_async_generator_asend_type);
    if (a) {
        a->gen = (QvGenerator *)qv_new_ref(qi, gen);
        a->value = qv_xnew_ref(qi, value);
    }
    return (QvObj *)a;
}

static QvObj *make_athrow(QvInterp *qi, QvObj *gen, QV_STOLEN QvObj *args)
{
    AThrow *a = init_hooks(qi, (QvGenerator *)gen) < 0
                    ? NULL
                    : (AThrow *)qv_obj_new(qi, &qv_async_generator_athrow_type);
    if (!a) {
        qv_xdecref(qi, args);
        return NULL;
    }
    a->gen = (QvGenerator *)qv_new_ref(qi, gen);
    a->args = args;
    return (QvObj *)a;
}

static QvObj *agen_anext(QvInterp *qi, QvObj *o) { return make_asend(qi, o, NULL); }
static QvObj *agen_asend(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return make_asend(qi, self, args[0]);
}
static QvObj *agen_athrow(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *value = args[1] ? args[1] : QV_NONE, *tb = args[2] ? args[2] : QV_NONE;
    QvObj *tuple = qv_tuple_of(qi, 3, args[0], value, tb);
    return tuple ? make_athrow(qi, self, tuple) : NULL;
}
static QvObj *agen_aclose(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return make_athrow(qi, self, NULL);
}

static QvObj *agen_repr(QvInterp *qi, QvObj *o)
{
    return qv_str_format(qi, "<async_generator object %S at %p>", ((QvGenerator *)o)->qualname,
                         (void *)o);
}

// Dropped while suspended: the event loop's finalizer gets it; without one its frame is simply
// dropped.
static void agen_finalize(QvInterp *qi, QvObj *o)
{
    QvGenerator *g = (QvGenerator *)o;
    if (g->state == QV_GEN_SUSPENDED && g->origin && !g->closed) {
        QvObj *saved = qv_err_fetch(qi);
        QvObj *x = qv_call1(qi, g->origin, o);
        if (x) {
            qv_decref(qi, x);
        } else {
            qv_err_unraisable(qi, o);
        }
        qv_err_restore(qi, saved);
        return;
    }
    qv_generator_finalize(qi, o);
}

static QvObj *get_name(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, ((QvGenerator *)o)->name); }
static QvObj *get_qualname(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, ((QvGenerator *)o)->qualname);
}
static int set_text(QvInterp *qi, QvObj **slot, QvObj *value, const char *what)
{
    if (!value || !qv_is_str(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s must be set to a string object", what);
    }
    qv_set_take(qi, slot, qv_new_ref(qi, value));
    return 0;
}
static int set_name(QvInterp *qi, QvObj *o, QvObj *value)
{
    return set_text(qi, &((QvGenerator *)o)->name, value, "__name__");
}
static int set_qualname(QvInterp *qi, QvObj *o, QvObj *value)
{
    return set_text(qi, &((QvGenerator *)o)->qualname, value, "__qualname__");
}
static QvObj *get_frame(QvInterp *qi, QvObj *o)
{
    QvGenerator *g = (QvGenerator *)o;
    return g->state == QV_GEN_DONE ? QV_NONE : (QvObj *)qv_frame_object(qi, &g->frame);
}
static QvObj *get_code(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, ((QvGenerator *)o)->code); }
static QvObj *get_running(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(((QvGenerator *)o)->running_async);
}
static QvObj *get_await(QvInterp *qi, QvObj *o)
{
    QvObj *it = qv_generator_delegate((QvGenerator *)o);
    return it ? qv_new_ref(qi, it) : QV_NONE;
}

static const QvNativeDef agen_methods[] = {
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {"asend", agen_asend, "($self, value, /)", "asend(v) -> send 'v' in generator."},
    {"athrow", agen_athrow, "($self, type, value=None, traceback=None, /)",
     "athrow(value) -> raise exception in generator."},
    {"aclose", agen_aclose, "($self, /)", "aclose() -> raise GeneratorExit inside generator."},
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {0},
};
static const QvGetSet agen_getsets[] = {
    {"__name__", get_name, set_name, "name of the async generator"},
    {"__qualname__", get_qualname, set_qualname, "qualified name of the async generator"},
    {"ag_frame", get_frame, NULL, NULL},
    {"ag_code", get_code, NULL, NULL},
    {"ag_running", get_running, NULL, NULL},
    {"ag_await", get_await, NULL, "object being awaited on, or None"},
    {0},
};

QV_SEALED QvType qv_async_generator_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "async_generator",
    .id = QV_TID_async_generator,
    .flags = QV_T_GC | QV_T_VAR | QV_T_NO_NEW | QV_T_WEAK | QV_T_HAS_DEL,
    .size = sizeof(QvGenerator),
    .base = &qv_object_type,
    .methods = agen_methods,
    .getsets = agen_getsets,
    .memsize = qv_generator_memsize,
    .traverse = qv_generator_traverse,
    .fini = qv_generator_fini,
    .clear = qv_generator_fini,
    .finalize = agen_finalize,
    .repr = agen_repr,
    .aiter = iter_self,
    .anext = agen_anext,
};
