// SPDX-License-Identifier: MIT
// The module _asyncio: what asyncio's futures, tasks and events are when they are written in C.
//
// Future and Task are in files of their own; here are the running loop of each thread, and which
// tasks there are and run. The library's modules import this one while they are being imported, so
// nothing of them is touched before it is needed.
#include "modules/_asyncio.h"

#include "object/dict.h"
#include "object/str.h"
#include "object/tuple.h"

static const char *const names[] = {
#define X(name) [QV_AIO_##name] = #name,
    QV_AIO_NAMES(X)
#undef X
};

static const struct {
    const char *module, *name;
} things[] = {
    [QV_AIO_CANCELLED_ERROR] = {"asyncio.exceptions", "CancelledError"},
    [QV_AIO_INVALID_STATE] = {"asyncio.exceptions", "InvalidStateError"},
    [QV_AIO_FUTURE_REPR] = {"asyncio.base_futures", "_future_repr"},
    [QV_AIO_TASK_REPR] = {"asyncio.base_tasks", "_task_repr"},
    [QV_AIO_GET_STACK] = {"asyncio.base_tasks", "_task_get_stack"},
    [QV_AIO_PRINT_STACK] = {"asyncio.base_tasks", "_task_print_stack"},
    [QV_AIO_ISCOROUTINE] = {"asyncio.coroutines", "iscoroutine"},
    [QV_AIO_GET_POLICY] = {"asyncio.events", "get_event_loop_policy"},
    [QV_AIO_EXTRACT_STACK] = {"traceback", "extract_stack"},
};

QvObj *qv_aio_thing(QvInterp *qi, QvAio *s, QvAioThing which)
{
    if (QV_LIKELY(s->things[which] != NULL)) {
        return s->things[which];
    }
    QvObj *m = qv_import(qi, things[which].module);
    QvObj *thing = m ? qv_getattr_cstr(qi, m, things[which].name) : NULL;
    qv_xdecref(qi, m);
    if (thing) {
        qv_set_take(qi, &s->things[which], thing);
    }
    return thing;
}

int qv_aio_load(QvInterp *qi, QvAio *s)
{
    static const QvAioThing needed[] = {QV_AIO_CANCELLED_ERROR, QV_AIO_INVALID_STATE,
                                        QV_AIO_FUTURE_REPR, QV_AIO_TASK_REPR};
    for (size_t k = 0; k < sizeof needed / sizeof *needed; k++) {
        if (!qv_aio_thing(qi, s, needed[k])) {
            return -1;
        }
    }
    s->loaded = true;
    return 0;
}

int qv_aio_call_soon(QvInterp *qi, QvAio *s, QvObj *loop, QvObj *callback, QvObj *arg,
                     QvObj *context)
{
    QvObj *method;
    int unbound = qv_get_method(qi, loop, s->names[QV_AIO_call_soon], &method);
    if (unbound < 0) {
        return -1;
    }
    QvObj *args[4] = {loop, callback};
    QvSsize n = 2;
    if (arg) {
        args[n++] = arg;
    }
    args[n] = context;
    QvObj *handle = unbound ? qv_call(qi, method, args, n, s->kw_context)
                            : qv_call(qi, method, args + 1, n - 1, s->kw_context);
    qv_decref(qi, method);
    if (!handle) {
        return -1;
    }
    qv_decref(qi, handle);
    return 0;
}

// ---- the running loop ---------------------------------------------------------------------------

// Of this thread: borrowed, or NULL when none runs. -1 error.
static int running_loop(QvInterp *qi, QvAio *s, QvObj **ret)
{
    QvThread *ts = qi->ts;
    if (QV_UNLIKELY(s->loop_thread != ts->id)) {
        QvObj *loop = NULL;
        if (ts->dict && qv_dict_get(qi, ts->dict, s->names[QV_AIO_running_loop], &loop) < 0) {
            return -1;
        }
        s->loop_thread = ts->id;
        s->loop = loop;
    }
    *ret = s->loop;
    return 0;
}

static int set_running_loop(QvInterp *qi, QvAio *s, QvObj *loop)
{
    QvThread *ts = qi->ts;
    s->loop_thread = QV_AIO_NO_THREAD;
    s->loop = NULL;
    if (!ts->dict && !(ts->dict = qv_dict_new(qi))) {
        return -1;
    }
    if (loop) {
        return qv_dict_set(qi, ts->dict, s->names[QV_AIO_running_loop], loop);
    }
    QvObj *old;
    int found = qv_dict_pop(qi, ts->dict, s->names[QV_AIO_running_loop], &old);
    if (found > 0) {
        qv_decref(qi, old);
    }
    return found < 0 ? -1 : 0;
}

// What runs in the parent does not run in a fork's child.
static QvObj *after_fork(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return set_running_loop(qi, qv_module_state(self), NULL) < 0 ? NULL : QV_NONE;
}

static const QvNativeDef after_fork_def = {"_after_fork", after_fork, "($module, /)", NULL};

static int watch_forks(QvInterp *qi, QvAio *s)
{
    QvObj *posix = qv_import(qi, "posix");
    QvObj *watch = posix ? qv_getattr_cstr(qi, posix, "register_at_fork") : NULL;
    QvObj *hook = watch ? qv_builtin_from_def(qi, &after_fork_def, s->module, NULL) : NULL;
    QvObj *key = hook ? qv_str_intern_cstr(qi, "after_in_child") : NULL;
    QvObj *kwnames = key ? qv_tuple_of(qi, 1, key) : NULL;
    QvObj *x = kwnames ? qv_call(qi, watch, &hook, 0, kwnames) : NULL;
    qv_xdecref(qi, kwnames);
    qv_xdecref(qi, key);
    qv_xdecref(qi, hook);
    qv_xdecref(qi, watch);
    qv_xdecref(qi, posix);
    if (!x) {
        return -1;
    }
    qv_decref(qi, x);
    s->fork_watched = true;
    return 0;
}

static QvObj *get_running_loop_or_none(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *loop;
    return running_loop(qi, qv_module_state(m), &loop) < 0 ? NULL
           : loop                                          ? qv_new_ref(qi, loop)
                                                           : QV_NONE;
}

static QvObj *get_running_loop(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *loop;
    if (running_loop(qi, qv_module_state(m), &loop) < 0) {
        return NULL;
    }
    return loop ? qv_new_ref(qi, loop)
                : qv_raise(qi, &qv_exc_RuntimeError, "no running event loop");
}

static QvObj *set_running(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvAio *s = qv_module_state(m);
    if (!s->fork_watched && args[0] != QV_NONE && watch_forks(qi, s) < 0) {
        return NULL;
    }
    return set_running_loop(qi, s, args[0] == QV_NONE ? NULL : args[0]) < 0 ? NULL : QV_NONE;
}

QvObj *qv_aio_event_loop(QvInterp *qi, QvAio *s)
{
    QvObj *loop;
    if (running_loop(qi, s, &loop) < 0) {
        return NULL;
    }
    if (loop) {
        return qv_new_ref(qi, loop);
    }
    QvObj *get = qv_aio_thing(qi, s, QV_AIO_GET_POLICY);
    QvObj *policy = get ? qv_call0(qi, get) : NULL;
    loop = policy ? qv_call_method0(qi, policy, s->names[QV_AIO_get_event_loop]) : NULL;
    qv_xdecref(qi, policy);
    return loop;
}

static QvObj *get_event_loop(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_aio_event_loop(qi, qv_module_state(m));
}

// ---- the tasks ----------------------------------------------------------------------------------

int qv_aio_register_task(QvInterp *qi, QvAio *s, QvObj *task)
{
    QvObj *x = qv_call_method1(qi, s->all_tasks, s->names[QV_AIO_add], task);
    qv_xdecref(qi, x);
    return x ? 0 : -1;
}

int qv_aio_enter_task(QvInterp *qi, QvAio *s, QvObj *loop, QvObj *task)
{
    QvObj *current;
    QvHash hash = qv_hash(qi, loop);
    int found = hash == -1 ? -1 : qv_dict_get_hashed(qi, s->current_tasks, loop, hash, &current);
    if (found == 0) {
        return qv_dict_set_hashed(qi, s->current_tasks, loop, hash, task);
    }
    return found < 0 ? -1
                     : qv_raise_int(qi, &qv_exc_RuntimeError,
                                    "Cannot enter into task %R while another task %R is being "
                                    "executed.",
                                    task, current);
}

int qv_aio_leave_task(QvInterp *qi, QvAio *s, QvObj *loop, QvObj *task)
{
    QvObj *current;
    QvHash hash = qv_hash(qi, loop);
    int found = hash == -1 ? -1 : qv_dict_pop_hashed(qi, s->current_tasks, loop, hash, &current);
    if (found < 0) {
        return -1;
    }
    if (QV_LIKELY(found && current == task)) {
        qv_decref(qi, current);
        return 0;
    }
    int status = found ? qv_dict_set_hashed(qi, s->current_tasks, loop, hash, current) : 0;
    if (status == 0) {
        qv_raise(qi, &qv_exc_RuntimeError, "Leaving task %R does not match the current task %R.",
                 task, found ? current : QV_NONE);
    }
    if (found) {
        qv_decref(qi, current);
    }
    return -1;
}

static QvObj *register_task(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return qv_aio_register_task(qi, qv_module_state(m), args[0]) < 0 ? NULL : QV_NONE;
}

static QvObj *unregister_task(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvAio *s = qv_module_state(m);
    QvObj *x = qv_call_method1(qi, s->all_tasks, s->names[QV_AIO_discard], args[0]);
    qv_xdecref(qi, x);
    return x ? QV_NONE : NULL;
}

static QvObj *enter_task(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return qv_aio_enter_task(qi, qv_module_state(m), args[0], args[1]) < 0 ? NULL : QV_NONE;
}

static QvObj *leave_task(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return qv_aio_leave_task(qi, qv_module_state(m), args[0], args[1]) < 0 ? NULL : QV_NONE;
}

// ---- the module ---------------------------------------------------------------------------------

static const QvNativeDef wakeup_def = {"task_wakeup", qv_task_wakeup, "($self, fut, /)", NULL};

static QvObj *new_weak_set(QvInterp *qi)
{
    QvObj *m = qv_import(qi, "weakref");
    QvObj *type = m ? qv_getattr_cstr(qi, m, "WeakSet") : NULL;
    QvObj *set = type ? qv_call0(qi, type) : NULL;
    qv_xdecref(qi, type);
    qv_xdecref(qi, m);
    return set;
}

static int init(QvInterp *qi, QvObj *m)
{
    QvAio *s = qv_module_state(m);
    s->module = m;
    s->loop_thread = QV_AIO_NO_THREAD;
    for (int k = 0; k < QV_AIO_NNAMES; k++) {
        s->names[k] = qv_str_intern_cstr(qi, names[k]);
        if (!s->names[k]) {
            return -1;
        }
    }
    s->kw_context = qv_tuple_of(qi, 1, s->names[QV_AIO_context]);
    s->kw_msg = qv_tuple_of(qi, 1, s->names[QV_AIO_msg]);
    s->wakeup = qv_sig_new(qi, &wakeup_def);
    if (s->wakeup) {
        s->wakeup->owner = "Task";
    }
    s->current_tasks = qv_dict_new(qi);
    s->all_tasks = new_weak_set(qi);
    return !s->kw_context || !s->kw_msg || !s->wakeup || !s->current_tasks || !s->all_tasks ||
                   qv_module_add(qi, m, "Future", &qv_aio_future_type.h) < 0 ||
                   qv_module_add(qi, m, "Task", &qv_aio_task_type.h) < 0 ||
                   qv_module_add(qi, m, "_all_tasks", s->all_tasks) < 0
               ? -1
               : qv_module_add(qi, m, "_current_tasks", s->current_tasks);
}

static void fini(QvInterp *qi, QvObj *m)
{
    QvAio *s = qv_module_state(m);
    for (int k = 0; k < QV_AIO_NTHINGS; k++) {
        qv_clear(qi, &s->things[k]);
    }
    qv_clear(qi, &s->kw_context);
    qv_clear(qi, &s->kw_msg);
    qv_clear(qi, &s->all_tasks);
    qv_clear(qi, &s->current_tasks);
    for (int k = 0; k < QV_AIO_NNAMES; k++) {
        qv_clear(qi, &s->names[k]);
    }
    if (s->wakeup) {
        qv_sig_free(qi, s->wakeup);
        s->wakeup = NULL;
    }
}

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    QvAio *s = qv_module_state(m);
    for (int k = 0; k < QV_AIO_NTHINGS; k++) {
        QV_VISIT(s->things[k]);
    }
    QV_VISIT(s->all_tasks);
    QV_VISIT(s->current_tasks);
    return 0;
}

static const QvNativeDef functions[] = {
    {"get_running_loop", get_running_loop, "($module, /)",
     "The event loop that runs in this thread; RuntimeError when there is none."},
    {"_get_running_loop", get_running_loop_or_none, "($module, /)",
     "The event loop that runs in this thread, or None."},
    {"_set_running_loop", set_running, "($module, loop, /)",
     "Says which event loop runs in this thread; None: none does."},
    {"get_event_loop", get_event_loop, "($module, /)",
     "The running event loop, else the one of the current policy."},
    {"_get_event_loop", get_event_loop, "($module, /, stacklevel=3)", NULL},
    {"_register_task", register_task, "($module, /, task)", "Adds a task to those that exist."},
    {"_unregister_task", unregister_task, "($module, /, task)",
     "Takes a task from those that exist."},
    {"_enter_task", enter_task, "($module, /, loop, task)",
     "The loop begins to run a step of the task."},
    {"_leave_task", leave_task, "($module, /, loop, task)", "The step of the task is over."},
    {0},
};

const QvModuleDef qv_module__asyncio = {
    .name = "_asyncio",
    .doc = "Accelerator module for asyncio",
    .functions = functions,
    .state_size = sizeof(QvAio),
    .init = init,
    .fini = fini,
    .traverse = traverse,
};
