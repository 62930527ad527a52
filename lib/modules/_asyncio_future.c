// SPDX-License-Identifier: MIT
// _asyncio.Future, and the iterator by which it is awaited.
//
// Most futures have one callback: it has a place of its own, further ones are in a list.
#include "modules/_asyncio.h"

#include "object/dict.h"
#include "object/exception.h"
#include "object/int.h"
#include "object/key.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"

static QvFuture *as_future(QvObj *o) { return (QvFuture *)o; }

int qv_future_alive(QvInterp *qi, const QvFuture *f)
{
    return f->loop ? 0
                   : qv_raise_int(qi, &qv_exc_RuntimeError, "Future object is not initialized.");
}

// ---- life ---------------------------------------------------------------------------------------

// What one life of a future brings: who waits for it, and how it ended.
static void drop_life(QvInterp *qi, QvFuture *f)
{
    qv_clear(qi, &f->callback);
    qv_clear(qi, &f->context);
    qv_clear(qi, &f->callbacks);
    qv_clear(qi, &f->result);
    qv_clear(qi, &f->exception);
    qv_clear(qi, &f->traceback);
    qv_clear(qi, &f->source_traceback);
    qv_clear(qi, &f->cancel_message);
    qv_clear(qi, &f->cancelled_error);
}

void qv_future_fini(QvInterp *qi, QvObj *o)
{
    QvFuture *f = as_future(o);
    qv_clear(qi, &f->loop);
    drop_life(qi, f);
    qv_clear(qi, &f->dict);
    qv_clear(qi, &f->module);
}

int qv_future_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvFuture *f = as_future(o);
    QV_VISIT(f->loop);
    QV_VISIT(f->callback);
    QV_VISIT(f->context);
    QV_VISIT(f->callbacks);
    QV_VISIT(f->result);
    QV_VISIT(f->exception);
    QV_VISIT(f->traceback);
    QV_VISIT(f->source_traceback);
    QV_VISIT(f->cancel_message);
    QV_VISIT(f->cancelled_error);
    QV_VISIT(f->dict);
    QV_VISIT(f->module);
    return 0;
}

static QvObj *future_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    return qv_obj_new(qi, type);
}

int qv_future_init(QvInterp *qi, QvFuture *f, QvObj *loop)
{
    QvAio *s = qv_modules_state(qi, &qv_module__asyncio);
    if (!s || (!s->loaded && qv_aio_load(qi, s) < 0)) {
        return -1;
    }
    QvObj *module = qv_new_ref(qi, s->module);
    loop = loop && loop != QV_NONE ? qv_new_ref(qi, loop) : qv_aio_event_loop(qi, s);
    if (!loop) {
        qv_decref(qi, module);
        return -1;
    }
    // It may have had another life.
    qv_set_take(qi, &f->module, module);
    qv_set_take(qi, &f->loop, loop);
    drop_life(qi, f);
    f->state = QV_FUTURE_PENDING;
    f->log_traceback = f->blocking = false;
    QvObj *debug = qv_call_method0(qi, loop, s->names[QV_AIO_get_debug]);
    int truth = debug ? qv_is_true(qi, debug) : -1;
    qv_xdecref(qi, debug);
    if (truth <= 0) {
        return truth;
    }
    QvObj *extract = qv_aio_thing(qi, s, QV_AIO_EXTRACT_STACK);
    QvObj *stack = extract ? qv_call0(qi, extract) : NULL;
    if (!stack) {
        return -1;
    }
    qv_set_take(qi, &f->source_traceback, stack);
    return 0;
}

static int future_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *slots[1];
    if (qv_args(qi, "Future(*, loop=None)", args, nargs, kwnames, slots) < 0) {
        return -1;
    }
    return qv_future_init(qi, as_future(self), slots[0]);
}

void qv_future_complain(QvInterp *qi, QvFuture *f, QvAioName key, QvObj *message, QvObj *exception)
{
    QvAio *s = qv_aio_of(f);
    QvObj *const *names = s->names;
    QvObj *context = message ? qv_dict_new(qi) : NULL, *x = NULL;
    if (context && qv_dict_set(qi, context, names[QV_AIO_message], message) == 0 &&
        (!exception || qv_dict_set(qi, context, names[QV_AIO_exception], exception) == 0) &&
        qv_dict_set(qi, context, names[key], &f->h) == 0 &&
        (!f->source_traceback ||
         qv_dict_set(qi, context, names[QV_AIO_source_traceback], f->source_traceback) == 0)) {
        x = qv_call_method1(qi, f->loop, names[QV_AIO_call_exception_handler], context);
    }
    if (!x) {
        qv_err_unraisable(qi, &f->h);
    }
    qv_xdecref(qi, x);
    qv_xdecref(qi, context);
    qv_xdecref(qi, message);
}

void qv_future_finalize(QvInterp *qi, QvObj *o)
{
    QvFuture *f = as_future(o);
    if (QV_LIKELY(!f->log_traceback) || !f->loop) {
        return;
    }
    f->log_traceback = false;
    QvObj *pending = qv_err_fetch(qi);
    QvObj *name = qv_type_get_name(qi, qv_type_of(o));
    QvObj *message = name ? qv_str_format(qi, "%U exception was never retrieved", name) : NULL;
    qv_xdecref(qi, name);
    qv_future_complain(qi, f, QV_AIO_future, message, f->exception);
    qv_err_restore(qi, pending);
}

// ---- callbacks ----------------------------------------------------------------------------------

// The future is done: the loop is asked to call them.
static int schedule_callbacks(QvInterp *qi, QvFuture *f)
{
    QvObj *first = f->callback, *context = f->context, *more = f->callbacks;
    f->callback = f->context = f->callbacks = NULL;
    if (!first && !more) {
        return 0;
    }
    QvAio *s = qv_aio_of(f);
    int status = first ? qv_aio_call_soon(qi, s, f->loop, first, &f->h, context) : 0;
    for (QvSsize k = 0; status == 0 && more && k < qv_list_len(more); k++) {
        const QvObj *pair = qv_list_peek(more, k);
        status =
            qv_aio_call_soon(qi, s, f->loop, qv_tuple_peek(pair, 0), &f->h, qv_tuple_peek(pair, 1));
    }
    qv_xdecref(qi, first);
    qv_xdecref(qi, context);
    qv_xdecref(qi, more);
    return status;
}

int qv_future_add_callback(QvInterp *qi, QvFuture *f, QvObj *callback, QvObj *context)
{
    if (f->state != QV_FUTURE_PENDING) {
        return qv_aio_call_soon(qi, qv_aio_of(f), f->loop, callback, &f->h, context);
    }
    if (!f->callback && !f->callbacks) {
        f->callback = qv_new_ref(qi, callback);
        f->context = qv_new_ref(qi, context);
        return 0;
    }
    if (!f->callbacks && !(f->callbacks = qv_list_new(qi, 1))) {
        return -1;
    }
    return qv_list_append_take(qi, f->callbacks, qv_tuple_of(qi, 2, callback, context));
}

static QvObj *add_done_callback(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvFuture *f = as_future(self);
    if (qv_future_alive(qi, f) < 0) {
        return NULL;
    }
    QvObj *context = args[1] && args[1] != QV_NONE ? qv_new_ref(qi, args[1]) : qv_context_copy(qi);
    int status = context ? qv_future_add_callback(qi, f, args[0], context) : -1;
    qv_xdecref(qi, context);
    return status < 0 ? NULL : QV_NONE;
}

// Comparing may run Python that changes everything here.
static QvObj *remove_done_callback(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvFuture *f = as_future(self);
    if (qv_future_alive(qi, f) < 0) {
        return NULL;
    }
    int64_t removed = 0;
    QvObj *first = qv_xnew_ref(qi, f->callback);
    if (first) {
        int same = qv_eq(qi, first, args[0]);
        if (same > 0) {
            removed++;
            if (f->callback == first) {
                qv_clear(qi, &f->callback);
                qv_clear(qi, &f->context);
            }
        }
        qv_decref(qi, first);
        if (same < 0) {
            return NULL;
        }
    }
    if (!f->callbacks) {
        return qv_int_from_i64(qi, removed);
    }
    QvObj *all = qv_new_ref(qi, f->callbacks), *kept = qv_list_new(qi, 0);
    int64_t before = removed;
    for (QvSsize k = 0; kept && k < qv_list_len(all); k++) {
        QvObj *pair = qv_list_at(qi, all, k);
        int same = qv_poll_step(qi, k) < 0 ? -1 : qv_eq(qi, qv_tuple_peek(pair, 0), args[0]);
        removed += same > 0;
        if (same < 0 || (!same && qv_list_append(qi, kept, pair) < 0)) {
            qv_clear(qi, &kept);
        }
        qv_decref(qi, pair);
    }
    if (kept && removed != before && f->callbacks == all) {
        f->callbacks = qv_list_len(kept) ? qv_new_ref(qi, kept) : NULL;
        qv_decref(qi, all);
    }
    qv_decref(qi, all);
    if (!kept) {
        return NULL;
    }
    qv_decref(qi, kept);
    return qv_int_from_i64(qi, removed);
}

static QvObj *get_callbacks(QvInterp *qi, QvObj *o)
{
    QvFuture *f = as_future(o);
    if (qv_future_alive(qi, f) < 0) {
        return NULL;
    }
    if (!f->callback && !f->callbacks) {
        return QV_NONE;
    }
    QvObj *all = qv_list_new(qi, 1);
    if (all && f->callback &&
        qv_list_append_take(qi, all, qv_tuple_of(qi, 2, f->callback, f->context)) < 0) {
        qv_clear(qi, &all);
    }
    if (all && f->callbacks && qv_list_extend(qi, all, f->callbacks) < 0) {
        qv_clear(qi, &all);
    }
    return all;
}

// ---- results ------------------------------------------------------------------------------------

static int raise_state(QvInterp *qi, const QvFuture *f, const char *message)
{
    QvAio *s = f->module ? qv_aio_of(f) : qv_modules_state(qi, &qv_module__asyncio);
    QvObj *type = s ? qv_aio_thing(qi, s, QV_AIO_INVALID_STATE) : NULL;
    return type ? qv_raise_int(qi, (QvType *)type, "%s", message) : -1;
}

static int check_pending(QvInterp *qi, const QvFuture *f)
{
    return qv_future_alive(qi, f) < 0      ? -1
           : f->state == QV_FUTURE_PENDING ? 0
                                           : raise_state(qi, f, "invalid state");
}

int qv_future_set_result(QvInterp *qi, QvFuture *f, QvObj *result)
{
    if (check_pending(qi, f) < 0) {
        return -1;
    }
    f->result = qv_new_ref(qi, result);
    f->state = QV_FUTURE_FINISHED;
    return schedule_callbacks(qi, f);
}

int qv_future_set_exception(QvInterp *qi, QvFuture *f, QvObj *exception)
{
    if (check_pending(qi, f) < 0) {
        return -1;
    }
    QvObj *exc;
    if (qv_is_type(exception) && qv_type_is_subtype((QvType *)exception, &qv_exc_BaseException)) {
        exc = qv_call0(qi, exception);
        if (!exc) {
            return -1;
        }
        if (f->state != QV_FUTURE_PENDING) {
            qv_decref(qi, exc);
            return raise_state(qi, f, "invalid state");
        }
    } else {
        exc = qv_new_ref(qi, exception);
    }
    if (!qv_is_exc(exc) || exc->type == &qv_exc_StopIteration) {
        bool stop = qv_is_exc(exc);
        qv_decref(qi, exc);
        return qv_raise_int(qi, &qv_exc_TypeError, "%s",
                            stop ? "StopIteration interacts badly with generators and cannot be "
                                   "raised into a Future"
                                 : "invalid exception object");
    }
    f->exception = exc;
    f->traceback = qv_xnew_ref(qi, ((QvExc *)exc)->traceback);
    f->state = QV_FUTURE_FINISHED;
    if (schedule_callbacks(qi, f) < 0) {
        return -1;
    }
    f->log_traceback = true;
    return 0;
}

int qv_future_cancel(QvInterp *qi, QvFuture *f, QvObj *message)
{
    if (qv_future_alive(qi, f) < 0) {
        return -1;
    }
    f->log_traceback = false;
    if (f->state != QV_FUTURE_PENDING) {
        return 0;
    }
    f->state = QV_FUTURE_CANCELLED;
    qv_set_take(qi, &f->cancel_message, qv_xnew_ref(qi, message));
    return schedule_callbacks(qi, f) < 0 ? -1 : 1;
}

QvObj *qv_future_make_cancelled(QvInterp *qi, QvFuture *f)
{
    if (f->cancelled_error) { // once: it is the context that is worth seeing
        QvObj *exc = f->cancelled_error;
        f->cancelled_error = NULL;
        return exc;
    }
    QvAio *s = f->module ? qv_aio_of(f) : qv_modules_state(qi, &qv_module__asyncio);
    QvObj *type = s ? qv_aio_thing(qi, s, QV_AIO_CANCELLED_ERROR) : NULL;
    if (!type) {
        return NULL;
    }
    return f->cancel_message && f->cancel_message != QV_NONE ? qv_call1(qi, type, f->cancel_message)
                                                             : qv_call0(qi, type);
}

// Where it is done: as qv_future_get; `message` is raised where it is not.
static int get(QvInterp *qi, QvFuture *f, const char *message, QvObj **ret)
{
    if (QV_UNLIKELY(!f->loop)) {
        return raise_state(qi, f, "Future object is not initialized.");
    }
    if (f->state == QV_FUTURE_CANCELLED) {
        *ret = qv_future_make_cancelled(qi, f);
        return *ret ? 0 : -1;
    }
    if (f->state != QV_FUTURE_FINISHED) {
        return raise_state(qi, f, message);
    }
    f->log_traceback = false;
    *ret = qv_new_ref(qi, f->exception ? f->exception : f->result);
    return f->exception ? 0 : 1;
}

int qv_future_get(QvInterp *qi, QvFuture *f, QvObj **ret)
{
    int got = get(qi, f, "Result is not set.", ret);
    if (got == 0 && *ret == f->exception) {
        // As it was when it was set, and once: it would keep frames alive.
        QvObj *tb = f->traceback;
        f->traceback = NULL;
        qv_set_take(qi, &((QvExc *)*ret)->traceback, tb);
    }
    return got;
}

QvObj *qv_future_m_result(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *x = NULL;
    int got = qv_future_get(qi, as_future(self), &x);
    return got > 0 ? x : got == 0 ? qv_raise_exc(qi, x) : NULL;
}

QvObj *qv_future_m_exception(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvFuture *f = as_future(self);
    QvObj *x = NULL;
    int got = get(qi, f, "Exception is not set.", &x);
    if (got < 0) {
        return NULL;
    }
    if (got > 0) {
        qv_decref(qi, x);
        return QV_NONE;
    }
    return f->state == QV_FUTURE_CANCELLED ? qv_raise_exc(qi, x) : x;
}

static QvObj *set_result(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return qv_future_set_result(qi, as_future(self), args[0]) < 0 ? NULL : QV_NONE;
}

static QvObj *set_exception(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return qv_future_set_exception(qi, as_future(self), args[0]) < 0 ? NULL : QV_NONE;
}

static QvObj *cancel(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int status = qv_future_cancel(qi, as_future(self), args[0]);
    return status < 0 ? NULL : qv_bool(status > 0);
}

static QvObj *cancelled(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)qi, (void)args, (void)nargs;
    return qv_bool(as_future(self)->state == QV_FUTURE_CANCELLED);
}

static QvObj *done(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)qi, (void)args, (void)nargs;
    return qv_bool(as_future(self)->state != QV_FUTURE_PENDING);
}

static QvObj *get_loop(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvFuture *f = as_future(self);
    return qv_future_alive(qi, f) < 0 ? NULL : qv_new_ref(qi, f->loop);
}

static QvObj *make_cancelled_error(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_future_make_cancelled(qi, as_future(self));
}

static QvObj *future_repr(QvInterp *qi, QvObj *o)
{
    QvFuture *f = as_future(o);
    QvObj *fn = qv_future_alive(qi, f) < 0 ? NULL
                                           : qv_aio_thing(qi, qv_aio_of(f), QV_AIO_FUTURE_REPR);
    return fn ? qv_call1(qi, fn, o) : NULL;
}

// ---- attributes ---------------------------------------------------------------------------------

static QvObj *none_or(QvInterp *qi, QvObj *x) { return x ? qv_new_ref(qi, x) : QV_NONE; }

static QvObj *get_state(QvInterp *qi, QvObj *o)
{
    QvFuture *f = as_future(o);
    if (qv_future_alive(qi, f) < 0) {
        return NULL;
    }
    QvAioName name = f->state == QV_FUTURE_PENDING     ? QV_AIO_PENDING
                     : f->state == QV_FUTURE_CANCELLED ? QV_AIO_CANCELLED
                                                       : QV_AIO_FINISHED;
    return qv_new_ref(qi, qv_aio_of(f)->names[name]);
}

static QvObj *get_blocking(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_future(o)->blocking);
}

static int no_delete(QvInterp *qi, const QvObj *value)
{
    return value ? 0 : qv_raise_int(qi, &qv_exc_AttributeError, "cannot delete attribute");
}

static int set_blocking(QvInterp *qi, QvObj *o, QvObj *value)
{
    QvFuture *f = as_future(o);
    int truth = qv_future_alive(qi, f) < 0 || no_delete(qi, value) < 0 ? -1 : qv_is_true(qi, value);
    if (truth < 0) {
        return -1;
    }
    f->blocking = truth;
    return 0;
}

static QvObj *get_log_traceback(QvInterp *qi, QvObj *o)
{
    return qv_future_alive(qi, as_future(o)) < 0 ? NULL : qv_bool(as_future(o)->log_traceback);
}

static int set_log_traceback(QvInterp *qi, QvObj *o, QvObj *value)
{
    int truth = no_delete(qi, value) < 0 ? -1 : qv_is_true(qi, value);
    if (truth > 0) {
        return qv_raise_int(qi, &qv_exc_ValueError, "_log_traceback can only be set to False");
    }
    if (truth == 0) {
        as_future(o)->log_traceback = false;
    }
    return truth;
}

static QvObj *get_the_loop(QvInterp *qi, QvObj *o) { return none_or(qi, as_future(o)->loop); }

static QvObj *get_the_result(QvInterp *qi, QvObj *o)
{
    return qv_future_alive(qi, as_future(o)) < 0 ? NULL : none_or(qi, as_future(o)->result);
}

static QvObj *get_the_exception(QvInterp *qi, QvObj *o)
{
    return qv_future_alive(qi, as_future(o)) < 0 ? NULL : none_or(qi, as_future(o)->exception);
}

static QvObj *get_source_traceback(QvInterp *qi, QvObj *o)
{
    return none_or(qi, as_future(o)->source_traceback);
}

static QvObj *get_cancel_message(QvInterp *qi, QvObj *o)
{
    return none_or(qi, as_future(o)->cancel_message);
}

static int set_cancel_message(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (no_delete(qi, value) < 0) {
        return -1;
    }
    qv_set_take(qi, &as_future(o)->cancel_message, qv_new_ref(qi, value));
    return 0;
}

static const QvGetSet future_getsets[] = {
    {"_state", get_state, NULL, NULL},
    {"_asyncio_future_blocking", get_blocking, set_blocking, NULL},
    {"_loop", get_the_loop, NULL, NULL},
    {"_callbacks", get_callbacks, NULL, NULL},
    {"_result", get_the_result, NULL, NULL},
    {"_exception", get_the_exception, NULL, NULL},
    {"_log_traceback", get_log_traceback, set_log_traceback, NULL},
    {"_source_traceback", get_source_traceback, NULL, NULL},
    {"_cancel_message", get_cancel_message, set_cancel_message, NULL},
    {0},
};

static const QvNativeDef future_methods[] = {
    {"result", qv_future_m_result, "($self, /)",
     "The result; the exception is raised where there is one, CancelledError when it was "
     "cancelled, InvalidStateError when it is not done."},
    {"exception", qv_future_m_exception, "($self, /)",
     "The exception that was set, or None; CancelledError when it was cancelled, "
     "InvalidStateError when it is not done."},
    {"set_result", set_result, "($self, result, /)",
     "Makes it done, with a result; InvalidStateError when it is already."},
    {"set_exception", set_exception, "($self, exception, /)",
     "Makes it done, with an exception; InvalidStateError when it is already."},
    {"add_done_callback", add_done_callback, "($self, fn, /, *, context=None)",
     "Has the loop call fn(future) in the context once the future is done; soon, if it is."},
    {"remove_done_callback", remove_done_callback, "($self, fn, /)",
     "Forgets all callbacks that are equal to fn: their number."},
    {"cancel", cancel, "($self, /, msg=None)",
     "Cancels it and schedules its callbacks. False: it was done already."},
    {"cancelled", cancelled, "($self, /)", "Was it cancelled?"},
    {"done", done, "($self, /)", "Has it a result or an exception, or was it cancelled?"},
    {"get_loop", get_loop, "($self, /)", "The event loop it belongs to."},
    {"_make_cancelled_error", make_cancelled_error, "($self, /)",
     "The CancelledError to be raised for it. To be called once: it forgets the context."},
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {0},
};

QV_SEALED QvType qv_aio_future_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_asyncio.Future",
    .id = QV_TID_aio_future,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_object_type,
    .size = sizeof(QvFuture),
    .dict_offset = offsetof(QvFuture, dict),
    .doc = "A result that will be there later, almost as concurrent.futures.Future has it: not "
           "thread-safe, result() and exception() do not wait, and callbacks are called by the "
           "event loop.",
    .methods = future_methods,
    .getsets = future_getsets,
    .new_ = future_new,
    .init = future_init,
    .fini = qv_future_fini,
    .clear = qv_future_fini,
    .traverse = qv_future_traverse,
    .finalize = qv_future_finalize,
    .repr = future_repr,
    .iter = qv_future_iter,
    .await = qv_future_iter,
};

// ---- its iterator -------------------------------------------------------------------------------

typedef struct Iter {
    QvObj h;
    QvObj *future; // or NULL: over
} Iter;

static Iter *as_iter(QvObj *o) { return (Iter *)o; }

QvObj *qv_future_iter(QvInterp *qi, QvObj *o)
{
    if (qv_future_alive(qi, as_future(o)) < 0) {
        return NULL;
    }
    QvObj *it = qv_obj_new(qi, &qv_aio_future_iter_type);
    if (it) {
        as_iter(it)->future = qv_new_ref(qi, o);
    }
    return it;
}

static QvObj *iter_next(QvInterp *qi, QvObj *o)
{
    QvFuture *f = (QvFuture *)as_iter(o)->future;
    if (!f) {
        return NULL;
    }
    if (f->state == QV_FUTURE_PENDING) {
        if (f->blocking) {
            return qv_raise(qi, &qv_exc_RuntimeError, "await wasn't used with future");
        }
        f->blocking = true;
        return qv_new_ref(qi, &f->h);
    }
    as_iter(o)->future = NULL;
    QvObj *x = NULL;
    int got = qv_future_get(qi, f, &x);
    qv_decref(qi, &f->h);
    if (got == 0) {
        return qv_raise_exc(qi, x);
    }
    if (got > 0) {
        if (x != QV_NONE) {
            qv_raise_stop(qi, x);
        }
        qv_decref(qi, x);
    }
    return NULL;
}

static QvObj *iter_send(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *x = iter_next(qi, self);
    if (!x && !qv_err_occurred(qi)) {
        qv_raise_none(qi, &qv_exc_StopIteration);
    }
    return x;
}

static void iter_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &as_iter(o)->future); }

static int iter_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_iter(o)->future);
    return 0;
}

static QvObj *iter_close(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    iter_fini(qi, self);
    return QV_NONE;
}

static QvObj *iter_throw(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *type = args[0], *value = args[1] == QV_NONE ? NULL : args[1];
    QvObj *tb = args[2] == QV_NONE ? NULL : args[2], *exc;
    if (tb && tb->type != &qv_traceback_type) {
        return qv_raise(qi, &qv_exc_TypeError, "throw() third argument must be a traceback");
    }
    if (qv_is_type(type) && qv_type_is_subtype((QvType *)type, &qv_exc_BaseException)) {
        exc = value && qv_is_instance_of(value, (QvType *)type) ? qv_new_ref(qi, value)
              : value && qv_is_tuple(value) ? qv_call_tuple(qi, type, value, NULL)
              : value                       ? qv_call1(qi, type, value)
                                            : qv_exc_make(qi, type);
    } else if (qv_is_exc(type)) {
        if (value) {
            return qv_raise(qi, &qv_exc_TypeError,
                            "instance exception may not have a separate value");
        }
        exc = qv_new_ref(qi, type);
    } else {
        return qv_raise(qi, &qv_exc_TypeError,
                        "exceptions must be classes deriving BaseException or instances of such a "
                        "class");
    }
    if (exc && !qv_is_exc(exc)) { // __new__ gave something else
        qv_decref(qi, exc);
        return qv_raise(qi, &qv_exc_TypeError, "exceptions must derive from BaseException");
    }
    iter_fini(qi, self);
    if (!exc) {
        return NULL;
    }
    if (tb) {
        qv_set_take(qi, &((QvExc *)exc)->traceback, qv_new_ref(qi, tb));
    }
    return qv_raise_exc(qi, exc);
}

static QvObj *iter_self(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, o); }

static const QvNativeDef iter_methods[] = {
    {"send", iter_send, "($self, arg, /)", NULL},
    {"throw", iter_throw, "($self, type, value=None, traceback=None, /)", NULL},
    {"close", iter_close, "($self, /)", NULL},
    {0},
};

QV_SEALED QvType qv_aio_future_iter_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_asyncio.FutureIter",
    .id = QV_TID_aio_future_iter,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(Iter),
    .methods = iter_methods,
    .fini = iter_fini,
    .clear = iter_fini,
    .traverse = iter_traverse,
    .iter = iter_self,
    .next = iter_next,
};
