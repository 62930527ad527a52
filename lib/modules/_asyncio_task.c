// SPDX-License-Identifier: MIT
// _asyncio.Task: a future whose result comes from a coroutine, which the event loop runs step by
// step.
//
// While a task is not done, either a step is scheduled and `waiter` is NULL, or `waiter` is the
// future that has its wake-up among its callbacks.
#include "modules/_asyncio.h"

#include "object/exception.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"
#include "vm/frame.h"

typedef struct Step { // what the loop calls
    QvObj h;
    QvObj *task;
    QvObj *exc; // to be thrown, or NULL
} Step;

static QvTask *as_task(QvObj *o) { return (QvTask *)o; }
static Step *as_step(QvObj *o) { return (Step *)o; }

static bool is_plain(const QvObj *o) // nothing of it is overridden
{
    return o->type == &qv_aio_future_type || o->type == &qv_aio_task_type;
}

// ---- life ---------------------------------------------------------------------------------------

static void task_fini(QvInterp *qi, QvObj *o)
{
    QvTask *t = as_task(o);
    qv_clear(qi, &t->waiter);
    qv_clear(qi, &t->coro);
    qv_clear(qi, &t->name);
    qv_clear(qi, &t->context);
    qv_future_fini(qi, o);
}

static int task_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvTask *t = as_task(o);
    QV_VISIT(t->waiter);
    QV_VISIT(t->coro);
    QV_VISIT(t->name);
    QV_VISIT(t->context);
    return qv_future_traverse(o, visit, ctx);
}

// The loop is to run a step, with an exception or NULL.
static int schedule(QvInterp *qi, QvTask *t, QvObj *exc)
{
    QvObj *step = qv_obj_new(qi, &qv_aio_step_type);
    if (!step) {
        return -1;
    }
    as_step(step)->task = qv_new_ref(qi, &t->f.h);
    as_step(step)->exc = qv_xnew_ref(qi, exc);
    int status = qv_aio_call_soon(qi, qv_aio_of(&t->f), t->f.loop, step, NULL, t->context);
    qv_decref(qi, step);
    return status;
}

// 1/0/-1
static int is_coroutine(QvInterp *qi, QvAio *s, QvObj *o)
{
    if (QV_LIKELY(o->type == &qv_coroutine_type)) {
        return 1;
    }
    QvObj *fn = qv_aio_thing(qi, s, QV_AIO_ISCOROUTINE);
    QvObj *x = fn ? qv_call1(qi, fn, o) : NULL;
    int truth = x ? qv_is_true(qi, x) : -1;
    qv_xdecref(qi, x);
    return truth;
}

static int task_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *slots[4];
    QvTask *t = as_task(self);
    if (qv_args(qi, "Task(coro, *, loop=None, name=None, context=None)", args, nargs, kwnames,
                slots) < 0 ||
        qv_future_init(qi, &t->f, slots[1]) < 0) {
        return -1;
    }
    QvAio *s = qv_aio_of(&t->f);
    QvObj *coro = slots[0], *name = slots[2], *context = slots[3];
    int good = is_coroutine(qi, s, coro);
    if (good <= 0) {
        t->log_destroy_pending = false;
        return good < 0
                   ? -1
                   : qv_raise_int(qi, &qv_exc_TypeError, "a coroutine was expected, got %R", coro);
    }
    context = context && context != QV_NONE ? qv_new_ref(qi, context) : qv_context_copy(qi);
    if (!context) {
        return -1;
    }
    qv_set_take(qi, &t->context, context);
    qv_clear(qi, &t->waiter);
    t->must_cancel = false;
    t->log_destroy_pending = true;
    t->cancels = 0;
    qv_set_take(qi, &t->coro, qv_new_ref(qi, coro));
    QvObj *text = NULL;
    if (name && name != QV_NONE) {
        text = qv_is_str_exact(name) ? qv_new_ref(qi, name) : qv_str(qi, name);
        if (!text) {
            return -1;
        }
    } else {
        t->number = ++s->task_names;
    }
    qv_set_take(qi, &t->name, text);
    return schedule(qi, t, NULL) < 0 ? -1 : qv_aio_register_task(qi, s, self);
}

static void task_finalize(QvInterp *qi, QvObj *o)
{
    QvTask *t = as_task(o);
    if (QV_UNLIKELY(t->f.state == QV_FUTURE_PENDING && t->log_destroy_pending && t->f.loop)) {
        QvObj *pending = qv_err_fetch(qi);
        QvObj *message = qv_str_new_cstr(qi, "Task was destroyed but it is pending!");
        qv_future_complain(qi, &t->f, QV_AIO_task, message, NULL);
        qv_err_restore(qi, pending);
    }
    qv_future_finalize(qi, o);
}

// ---- cancellation -------------------------------------------------------------------------------

// future.cancel(msg=message) of what a task waits for: 1/0/-1.
static int cancel_waiter(QvInterp *qi, QvAio *s, QvObj *future, QvObj *message)
{
    if (future->type == &qv_aio_future_type) {
        return qv_future_cancel(qi, (QvFuture *)future, message);
    }
    if (future->type == &qv_aio_task_type) {
        return qv_task_cancel(qi, as_task(future), message);
    }
    QvObj *method = qv_getattr(qi, future, s->names[QV_AIO_cancel]);
    QvObj *value = message ? message : QV_NONE;
    QvObj *x = method ? qv_call(qi, method, &value, 0, s->kw_msg) : NULL;
    qv_xdecref(qi, method);
    int truth = x ? qv_is_true(qi, x) : -1;
    qv_xdecref(qi, x);
    return truth;
}

int qv_task_cancel(QvInterp *qi, QvTask *t, QvObj *message)
{
    if (qv_future_alive(qi, &t->f) < 0 || qv_enter_recursive(qi, " while cancelling a task") < 0) {
        return -1; // a chain of tasks that wait for each other can be long
    }
    int status = 0;
    t->f.log_traceback = false;
    if (t->f.state == QV_FUTURE_PENDING) {
        t->cancels++;
        if (t->waiter) {
            QvObj *waiter = qv_new_ref(qi, t->waiter);
            status = cancel_waiter(qi, qv_aio_of(&t->f), waiter, message);
            qv_decref(qi, waiter);
        }
        if (status == 0) {
            t->must_cancel = true;
            qv_set_take(qi, &t->f.cancel_message, qv_xnew_ref(qi, message));
            status = 1;
        }
    }
    qv_leave_recursive(qi);
    return status;
}

static QvObj *cancel(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int status = qv_task_cancel(qi, as_task(self), args[0]);
    return status < 0 ? NULL : qv_bool(status > 0);
}

static QvObj *cancelling(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_int_from_i64(qi, as_task(self)->cancels);
}

static QvObj *uncancel(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    QvTask *t = as_task(self);
    t->cancels -= t->cancels > 0;
    return cancelling(qi, self, args, nargs);
}

// ---- steps --------------------------------------------------------------------------------------

// The coroutine has done something wrong: the pending RuntimeError is thrown into it at the next
// step.
static int schedule_error(QvInterp *qi, QvTask *t)
{
    QvObj *exc = qv_err_fetch(qi);
    bool plain = exc->type == &qv_exc_RuntimeError;
    int status = plain ? schedule(qi, t, exc) : -1;
    if (plain) {
        qv_decref(qi, exc);
    } else {
        qv_err_restore(qi, exc); // the message could not be made
    }
    return status;
}

static QvObj *new_wakeup(QvInterp *qi, QvTask *t)
{
    return qv_builtin_new(qi, qv_aio_of(&t->f)->wakeup, &t->f.h, NULL);
}

// The task waits for the future from now on. Takes it.
static int wait_for(QvInterp *qi, QvTask *t, QV_STOLEN QvObj *future)
{
    qv_set_take(qi, &t->waiter, future);
    if (!t->must_cancel) {
        return 0;
    }
    QvObj *waiter = qv_new_ref(qi, future);
    int status = cancel_waiter(qi, qv_aio_of(&t->f), waiter, t->f.cancel_message);
    qv_decref(qi, waiter);
    if (status > 0) {
        t->must_cancel = false;
    }
    return status < 0 ? -1 : 0;
}

static int await_self(QvInterp *qi, QvTask *t)
{
    qv_raise(qi, &qv_exc_RuntimeError, "Task cannot await on itself: %R", t);
    return schedule_error(qi, t);
}

static int await_other_loop(QvInterp *qi, QvTask *t, QvObj *future)
{
    qv_raise(qi, &qv_exc_RuntimeError, "Task %R got Future %R attached to a different loop", t,
             future);
    return schedule_error(qi, t);
}

static int yielded_future(QvInterp *qi, QvTask *t, QvObj *future)
{
    qv_raise(qi, &qv_exc_RuntimeError, "yield was used instead of yield from in task %R with %R", t,
             future);
    return schedule_error(qi, t);
}

// futures._get_loop(): new reference.
static QvObj *loop_of(QvInterp *qi, QvAio *s, QvObj *future)
{
    QvObj *get;
    int found = qv_getattr_try(qi, future, s->names[QV_AIO_get_loop], &get);
    if (found > 0) {
        QvObj *loop = qv_call0(qi, get);
        qv_decref(qi, get);
        return loop;
    }
    return found < 0 ? NULL : qv_getattr(qi, future, s->names[QV_AIO__loop]);
}

// The coroutine has yielded something that calls itself a future, whose _asyncio_future_blocking
// this is. Takes it.
static int got_alien(QvInterp *qi, QvTask *t, QV_STOLEN QvObj *future, QvObj *blocking)
{
    QvAio *s = qv_aio_of(&t->f);
    int status = -1;
    QvObj *loop = future == &t->f.h ? qv_new_ref(qi, t->f.loop) : loop_of(qi, s, future);
    if (!loop) {
        goto done;
    }
    bool same = loop == t->f.loop;
    qv_decref(qi, loop);
    int truth = same ? qv_is_true(qi, blocking) : 0;
    if (truth < 0) {
        goto done;
    }
    if (!same || !truth || future == &t->f.h) {
        status = !same    ? await_other_loop(qi, t, future)
                 : !truth ? yielded_future(qi, t, future)
                          : await_self(qi, t);
        goto done;
    }
    QvObj *wakeup = NULL, *method = NULL, *x = NULL;
    if (qv_setattr(qi, future, s->names[QV_AIO__asyncio_future_blocking], QV_FALSE) == 0 &&
        (wakeup = new_wakeup(qi, t)) != NULL &&
        (method = qv_getattr(qi, future, s->names[QV_AIO_add_done_callback])) != NULL) {
        QvObj *args[] = {wakeup, t->context};
        x = qv_call(qi, method, args, 1, s->kw_context);
    }
    qv_xdecref(qi, wakeup);
    qv_xdecref(qi, method);
    if (x) {
        qv_decref(qi, x);
        return wait_for(qi, t, future);
    }
done:
    qv_decref(qi, future);
    return status;
}

// The coroutine has yielded x, which is taken: when will it go on?
static int got_yield(QvInterp *qi, QvTask *t, QV_STOLEN QvObj *x)
{
    if (QV_LIKELY(is_plain(x))) {
        QvFuture *f = (QvFuture *)x;
        int status;
        if (QV_UNLIKELY(x == &t->f.h)) {
            status = await_self(qi, t);
        } else if (QV_UNLIKELY(f->loop != t->f.loop)) {
            status = await_other_loop(qi, t, x);
        } else if (QV_UNLIKELY(!f->blocking)) {
            status = yielded_future(qi, t, x);
        } else {
            f->blocking = false;
            QvObj *wakeup = new_wakeup(qi, t);
            status = wakeup ? qv_future_add_callback(qi, f, wakeup, t->context) : -1;
            qv_xdecref(qi, wakeup);
            if (status == 0) {
                return wait_for(qi, t, x);
            }
        }
        qv_decref(qi, x);
        return status;
    }
    if (x == QV_NONE) {
        return schedule(qi, t, NULL);
    }
    QvAio *s = qv_aio_of(&t->f);
    QvObj *blocking;
    int found = qv_getattr_try(qi, x, s->names[QV_AIO__asyncio_future_blocking], &blocking);
    if (found > 0 && blocking != QV_NONE) {
        int status = got_alien(qi, t, x, blocking);
        qv_decref(qi, blocking);
        return status;
    }
    if (found >= 0) {
        if (x->type == &qv_generator_type) {
            qv_raise(qi, &qv_exc_RuntimeError,
                     "yield was used instead of yield from for generator in task %R with %R", t, x);
        } else {
            qv_raise(qi, &qv_exc_RuntimeError, "Task got bad yield: %R", x);
        }
        found = schedule_error(qi, t);
    }
    qv_decref(qi, x);
    return found;
}

// The coroutine has raised the pending exception.
static int got_exception(QvInterp *qi, QvTask *t)
{
    QvObj *exc = qv_err_fetch(qi);
    QvObj *cancelled = qv_aio_thing(qi, qv_aio_of(&t->f), QV_AIO_CANCELLED_ERROR);
    int status = -1;
    if (cancelled && qv_is_instance_of(exc, (QvType *)cancelled)) {
        qv_set_take(qi, &t->f.cancelled_error, exc); // to be raised again, with its context
        return qv_future_cancel(qi, &t->f, NULL) < 0 ? -1 : 0;
    }
    if (cancelled && qv_future_set_exception(qi, &t->f, exc) == 0) {
        if (!qv_is_instance_of(exc, &qv_exc_KeyboardInterrupt) &&
            !qv_is_instance_of(exc, &qv_exc_SystemExit)) {
            status = 0;
        } else {
            qv_err_restore(qi, qv_new_ref(qi, exc));
        }
    }
    qv_decref(qi, exc);
    return status;
}

// coro.send(None), or coro.throw(exc): 1 yielded, 0 returned, -1.
static int run_coroutine(QvInterp *qi, QvAio *s, QvObj *coro, QvObj *exc, QvObj **ret)
{
    if (!exc) {
        return qv_yield_from_send(qi, coro, QV_NONE, ret);
    }
    if (coro->type == &qv_coroutine_type) {
        qv_err_restore(qi, qv_new_ref(qi, exc));
        return qv_generator_throw(qi, (QvGenerator *)coro, ret);
    }
    QvObj *x = qv_call_method1(qi, coro, s->names[QV_AIO_throw], exc);
    if (x) {
        *ret = x;
        return 1;
    }
    if (!qv_err_matches(qi, &qv_exc_StopIteration)) {
        return -1;
    }
    QvObj *stop = qv_err_fetch(qi), *value = ((QvStopIteration *)stop)->value;
    *ret = value ? qv_new_ref(qi, value) : QV_NONE;
    qv_decref(qi, stop);
    return 0;
}

// The exception to be thrown at this step, where the task was asked to end meanwhile: *ret new, or
// NULL. `exc`: what was to be thrown anyway, borrowed. 0/-1.
static int exception_for(QvInterp *qi, QvTask *t, QvObj *exc, QvObj **ret)
{
    *ret = NULL;
    if (QV_LIKELY(!t->must_cancel)) {
        *ret = qv_xnew_ref(qi, exc);
        return 0;
    }
    QvObj *type = qv_aio_thing(qi, qv_aio_of(&t->f), QV_AIO_CANCELLED_ERROR);
    if (!type) {
        return -1;
    }
    *ret = exc && qv_is_instance_of(exc, (QvType *)type) ? qv_new_ref(qi, exc)
                                                         : qv_future_make_cancelled(qi, &t->f);
    t->must_cancel = *ret == NULL;
    return *ret ? 0 : -1;
}

// What happens between entering and leaving the task. exc: borrowed, or NULL.
static int step_inside(QvInterp *qi, QvAio *s, QvTask *t, QvObj *exc)
{
    if (QV_UNLIKELY(t->f.state != QV_FUTURE_PENDING || !t->coro)) {
        QvObj *type = qv_aio_thing(qi, s, QV_AIO_INVALID_STATE);
        return type ? qv_raise_int(qi, (QvType *)type, "_step(): already done: %R %R", t,
                                   exc ? exc : QV_NONE)
                    : -1;
    }
    if (exception_for(qi, t, exc, &exc) < 0) {
        return -1;
    }
    qv_clear(qi, &t->waiter);
    QvObj *coro = qv_new_ref(qi, t->coro), *x = NULL;
    int got = run_coroutine(qi, s, coro, exc, &x);
    qv_decref(qi, coro);
    qv_xdecref(qi, exc);
    if (got > 0) {
        return got_yield(qi, t, x);
    }
    if (got < 0) {
        return got_exception(qi, t);
    }
    int status;
    if (QV_UNLIKELY(t->must_cancel)) { // asked for just before its end
        t->must_cancel = false;
        QvObj *message = qv_xnew_ref(qi, t->f.cancel_message);
        status = qv_future_cancel(qi, &t->f, message);
        qv_xdecref(qi, message);
    } else {
        status = qv_future_set_result(qi, &t->f, x);
    }
    qv_decref(qi, x);
    return status < 0 ? -1 : 0;
}

static QvObj *step(QvInterp *qi, QvTask *t, QvObj *exc)
{
    if (qv_future_alive(qi, &t->f) < 0) {
        return NULL;
    }
    QvAio *s = qv_aio_of(&t->f);
    qv_incref(qi, &t->f.h);
    QvObj *loop = qv_new_ref(qi, t->f.loop), *module = qv_new_ref(qi, t->f.module);
    int status = qv_aio_enter_task(qi, s, loop, &t->f.h);
    if (status == 0) {
        status = step_inside(qi, s, t, exc);
        QvObj *pending = qv_err_fetch(qi);
        if (qv_aio_leave_task(qi, s, loop, &t->f.h) < 0) {
            status = -1;
            if (pending) {
                qv_err_clear(qi);
            }
        }
        if (pending) {
            qv_err_restore(qi, pending);
        }
    }
    qv_decref(qi, loop);
    qv_decref(qi, &t->f.h);
    qv_decref(qi, module);
    return status < 0 ? NULL : QV_NONE;
}

QvObj *qv_task_wakeup(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvTask *t = as_task(self);
    QvObj *future = args[0], *exc = NULL;
    if (is_plain(future)) {
        QvObj *x = NULL;
        int got = qv_future_get(qi, (QvFuture *)future, &x);
        if (got > 0) {
            qv_decref(qi, x);
        } else {
            exc = got < 0 ? qv_err_fetch(qi) : x;
        }
    } else {
        if (qv_future_alive(qi, &t->f) < 0) {
            return NULL;
        }
        QvObj *x = qv_call_method0(qi, future, qv_aio_of(&t->f)->names[QV_AIO_result]);
        qv_xdecref(qi, x);
        exc = x ? NULL : qv_err_fetch(qi);
    }
    QvObj *ret = step(qi, t, exc);
    qv_xdecref(qi, exc);
    return ret;
}

// ---- the rest of its methods --------------------------------------------------------------------

static QvObj *set_result(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)self, (void)args, (void)nargs;
    return qv_raise(qi, &qv_exc_RuntimeError, "Task does not support set_result operation");
}

static QvObj *set_exception(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)self, (void)args, (void)nargs;
    return qv_raise(qi, &qv_exc_RuntimeError, "Task does not support set_exception operation");
}

static QvObj *get_name(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvTask *t = as_task(self);
    if (!t->name && t->number) {
        t->name = qv_str_format(qi, "Task-%llu", (unsigned long long)t->number);
        if (!t->name) {
            return NULL;
        }
    }
    return t->name ? qv_new_ref(qi, t->name) : QV_NONE;
}

static QvObj *set_name(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *name = qv_is_str_exact(args[0]) ? qv_new_ref(qi, args[0]) : qv_str(qi, args[0]);
    if (!name) {
        return NULL;
    }
    qv_set_take(qi, &as_task(self)->name, name);
    return QV_NONE;
}

static QvObj *get_the_coro(QvInterp *qi, QvObj *o)
{
    return as_task(o)->coro ? qv_new_ref(qi, as_task(o)->coro) : QV_NONE;
}

static QvObj *get_coro(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return get_the_coro(qi, self);
}

// What base_tasks does, with the task and the arguments given.
static QvObj *by_library(QvInterp *qi, QvObj *self, QvAioThing which, QvObj *const *args, int n)
{
    QvTask *t = as_task(self);
    QvObj *fn = qv_future_alive(qi, &t->f) < 0 ? NULL : qv_aio_thing(qi, qv_aio_of(&t->f), which);
    QvObj *all[3] = {self};
    for (int k = 0; k < n; k++) {
        all[k + 1] = args[k] ? args[k] : QV_NONE;
    }
    return fn ? qv_call(qi, fn, all, n + 1, NULL) : NULL;
}

static QvObj *get_stack(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return by_library(qi, self, QV_AIO_GET_STACK, args, 1);
}

static QvObj *print_stack(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return by_library(qi, self, QV_AIO_PRINT_STACK, args, 2);
}

static QvObj *task_repr(QvInterp *qi, QvObj *o)
{
    return by_library(qi, o, QV_AIO_TASK_REPR, NULL, 0);
}

static QvObj *get_log_destroy(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_task(o)->log_destroy_pending);
}

static int set_log_destroy(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (!value) {
        return qv_raise_int(qi, &qv_exc_AttributeError, "cannot delete attribute");
    }
    int truth = qv_is_true(qi, value);
    if (truth >= 0) {
        as_task(o)->log_destroy_pending = truth;
    }
    return truth < 0 ? -1 : 0;
}

static QvObj *get_must_cancel(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_task(o)->must_cancel);
}

static QvObj *get_waiter(QvInterp *qi, QvObj *o)
{
    return as_task(o)->waiter ? qv_new_ref(qi, as_task(o)->waiter) : QV_NONE;
}

static const QvGetSet task_getsets[] = {
    {"_log_destroy_pending", get_log_destroy, set_log_destroy, NULL},
    {"_must_cancel", get_must_cancel, NULL, NULL},
    {"_coro", get_the_coro, NULL, NULL},
    {"_fut_waiter", get_waiter, NULL, NULL},
    {0},
};

static const QvNativeDef task_methods[] = {
    {"set_result", set_result, "($self, result, /)", NULL},
    {"set_exception", set_exception, "($self, exception, /)", NULL},
    {"cancel", cancel, "($self, /, msg=None)",
     "Asks the task to end: CancelledError is raised in its coroutine at its next step, which may "
     "catch it. False: the task was done already."},
    {"cancelling", cancelling, "($self, /)",
     "How many times it was asked to end, less those that uncancel() has taken back."},
    {"uncancel", uncancel, "($self, /)",
     "Takes one request to end back: the number of those that are left."},
    {"get_stack", get_stack, "($self, /, *, limit=None)",
     "The frames where its coroutine stands, or of the traceback of its exception; at most limit."},
    {"print_stack", print_stack, "($self, /, *, limit=None, file=None)",
     "Prints what get_stack() gives, as a traceback, to file or sys.stderr."},
    {"get_name", get_name, "($self, /)", "Its name."},
    {"set_name", set_name, "($self, value, /)", "Gives it a name."},
    {"get_coro", get_coro, "($self, /)", "The coroutine that it runs."},
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {0},
};

QV_SEALED QvType qv_aio_task_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_asyncio.Task",
    .id = QV_TID_aio_task,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_aio_future_type,
    .size = sizeof(QvTask),
    .doc = "A future that runs a coroutine.",
    .methods = task_methods,
    .getsets = task_getsets,
    .init = task_init,
    .fini = task_fini,
    .clear = task_fini,
    .traverse = task_traverse,
    .finalize = task_finalize,
    .repr = task_repr,
    .iter = qv_future_iter,
    .await = qv_future_iter,
};

// ---- what the loop calls ------------------------------------------------------------------------

static QvObj *step_call(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    (void)args;
    if (kwnames && qv_tuple_len(kwnames)) {
        return qv_raise(qi, &qv_exc_TypeError, "function takes no keyword arguments");
    }
    if (nargs) {
        return qv_raise(qi, &qv_exc_TypeError, "function takes no positional arguments");
    }
    Step *s = as_step(o);
    if (!s->task) { // the collector was here
        return qv_raise(qi, &qv_exc_RuntimeError, "the task is gone");
    }
    QvObj *task = qv_new_ref(qi, s->task), *exc = qv_xnew_ref(qi, s->exc);
    QvObj *ret = step(qi, as_task(task), exc);
    qv_xdecref(qi, exc);
    qv_decref(qi, task);
    return ret;
}

static void step_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_step(o)->task);
    qv_clear(qi, &as_step(o)->exc);
}

static int step_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_step(o)->task);
    QV_VISIT(as_step(o)->exc);
    return 0;
}

static QvObj *step_get_self(QvInterp *qi, QvObj *o)
{
    return as_step(o)->task ? qv_new_ref(qi, as_step(o)->task) : QV_NONE;
}

static const QvGetSet step_getsets[] = {
    {"__self__", step_get_self, NULL, NULL},
    {0},
};

QV_SEALED QvType qv_aio_step_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "TaskStepMethWrapper",
    .id = QV_TID_aio_step,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(Step),
    .getsets = step_getsets,
    .fini = step_fini,
    .clear = step_fini,
    .traverse = step_traverse,
    .call = step_call,
};
