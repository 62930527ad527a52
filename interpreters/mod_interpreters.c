// SPDX-License-Identifier: MIT
// The module _interpreters: what concurrent.interpreters is made of.
//
// Interpreters are named by id. A script sees the interpreters of its family only: the one that its
// host made, and those that scripts of the family have made. One made here ends when destroy() is
// called, or with the last Interpreter object that names it (incref, decref), or, at the latest,
// when nothing runs in it and the host's interpreter of its family has ended.
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "code/code.h"
#include "interpreters/instance.h"
#include "interpreters/job.h"
#include "interpreters/mod_interpreters.h"
#include "modules/modules.h"
#include "object/caps.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/float.h"
#include "object/function.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/namespace.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

extern const QvModuleDef qv_module_interpreters;

// Where an interpreter comes from: CPython's numbers.
enum { WHENCE_UNKNOWN, WHENCE_RUNTIME, WHENCE_LEGACY_CAPI, WHENCE_CAPI, WHENCE_XI, WHENCE_STDLIB };

typedef struct State {
    QvObj *error, *not_found; // classes, owned
} State;

// ---- finding ------------------------------------------------------------------------------------

static bool is_scripted(const QvInstance *inst) { return qv_atomic_load_u64(&inst->family) != 0; }

// The id of the host's interpreter that it is, or descends from.
static uint64_t family_of(const QvInstance *inst)
{
    uint64_t family = qv_atomic_load_u64(&inst->family);
    return family ? family - 1 : inst->qi.id;
}

QvObj *qv_interpreters_raise(QvInterp *qi, QvObj *m, const char *text)
{
    return qv_raise(qi, (QvType *)((State *)qv_module_state(m))->error, "%s", text);
}

uint64_t qv_interpreters_family(const QvInstance *inst) { return family_of(inst) + 1; }

static QvObj *raise_not_found(QvInterp *qi, QvObj *m, QvObj *id)
{
    return qv_raise(qi, (QvType *)((State *)qv_module_state(m))->not_found,
                    "unrecognized interpreter ID %S", id);
}

QvInstance *qv_interpreters_find(QvInterp *qi, QvObj *m, QvObj *id)
{
    int64_t n;
    if (!qv_is_int(id)) {
        qv_raise(qi, &qv_exc_TypeError, "interpreter ID must be an int, got %T", id);
        return NULL;
    }
    QvInstance *inst = qv_int_as_i64(id, &n) && n >= 0 ? qv_process_find((uint64_t)n) : NULL;
    if (inst && family_of(inst) != family_of(qv_instance_of(qi))) {
        qv_instance_release(inst);
        inst = NULL;
    }
    if (!inst) {
        raise_not_found(qi, m, id);
    } else if (!qv_caps_cover(qi, &inst->qi)) {
        qv_instance_release(inst); // what runs there may do more than this one may
        inst = NULL;
        qv_cap_raise(qi, QV_CAP_INTERPRETER, "an interpreter with other capabilities");
    }
    return inst;
}

static int whence_of(const QvInstance *inst)
{
    return is_scripted(inst) ? WHENCE_STDLIB : inst->qi.id == 0 ? WHENCE_RUNTIME : WHENCE_CAPI;
}

static QvObj *id_and_whence(QvInterp *qi, uint64_t id, int whence)
{
    QvObj *a = qv_int_from_u64(qi, id), *b = qv_int_from_i64(qi, whence);
    QvObj *pair = qv_tuple_of(qi, 2, a, b);
    qv_xdecref(qi, a);
    qv_xdecref(qi, b);
    return pair;
}

// ---- destroying ---------------------------------------------------------------------------------

static bool begin_running(QvInstance *inst)
{
    uint32_t idle = 0;
    return qv_atomic_cas_u32(&inst->running, &idle, 1);
}

// Destroys an interpreter that nobody names any more, once, when nothing runs in it. No lock is
// held.
static void destroy_orphan(QvInstance *inst)
{
    uint32_t orphan = 1;
    if (qv_atomic_load_u32(&inst->orphan) == 1 && begin_running(inst)) {
        if (qv_atomic_cas_u32(&inst->orphan, &orphan, 2)) {
            qv_instance_free(inst);
        }
    }
}

// The caller still has a handle.
static void end_running(QvInstance *inst)
{
    qv_atomic_store_u32(&inst->running, 0);
    destroy_orphan(inst);
}

void qv_interpreters_end_family(QvInstance *head)
{
    uint64_t family = head->qi.id + 1, after = 0;
    if (is_scripted(head) || !qv_atomic_exchange_u32(&head->has_family, 0)) {
        return;
    }
    QvInstance *found[16];
    for (size_t n; (n = qv_process_family(family, after, found, 16)) > 0;) {
        for (size_t k = 0; k < n; k++) {
            uint32_t named = 0;
            after = found[k]->qi.id;
            (void)qv_atomic_cas_u32(&found[k]->orphan, &named, 1);
            destroy_orphan(found[k]);
            qv_instance_release(found[k]);
        }
    }
}

// Destroys or resets an interpreter that a script has made and in which nothing runs.
static QvObj *end_or_reset(QvInterp *qi, QvObj *m, QvObj *id, bool reset)
{
    QvInstance *inst = qv_interpreters_find(qi, m, id);
    if (!inst) {
        return NULL;
    }
    QvObj *result = NULL;
    if (inst == qv_instance_of(qi)) {
        qv_interpreters_raise(qi, m,
                              reset ? "cannot reset the current interpreter"
                                    : "cannot destroy the current interpreter");
    } else if (!is_scripted(inst)) {
        qv_interpreters_raise(qi, m,
                              reset ? "cannot reset an interpreter that the host has made"
                                    : "cannot destroy an interpreter that the host has made");
    } else if (qv_attached_record(inst) || !begin_running(inst)) {
        qv_interpreters_raise(qi, m, "interpreter running");
    } else {
        qi->hooks.unlock(qi);
        int done = reset ? qv_instance_reset(inst) : qv_instance_free(inst);
        if (reset) {
            end_running(inst);
        }
        qi->hooks.lock(qi);
        result = done >= 0 ? QV_NONE
                 : reset   ? qv_interpreters_raise(qi, m, "interpreter reset failed: no memory")
                           : raise_not_found(qi, m, id);
    }
    qv_instance_release(inst);
    return result;
}

static QvObj *interpreters_destroy(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return end_or_reset(qi, m, args[0], false);
}

static QvObj *interpreters_reset(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return end_or_reset(qi, m, args[0], true);
}

static QvObj *interpreters_incref(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int link = args[1] ? qv_is_true(qi, args[1]) : 0;
    QvInstance *inst = link < 0 ? NULL : qv_interpreters_find(qi, m, args[0]);
    if (!inst) {
        return NULL;
    }
    if (link) {
        qv_atomic_store_u32(&inst->linked, 1);
    }
    qv_atomic_add_u32(&inst->owners, 1);
    qv_instance_release(inst);
    return QV_NONE;
}

static QvObj *interpreters_decref(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvInstance *inst = qv_interpreters_find(qi, m, args[0]);
    if (!inst) {
        return NULL;
    }
    if (qv_atomic_load_u32(&inst->owners) > 0 && qv_atomic_sub_u32(&inst->owners, 1) == 1 &&
        qv_atomic_load_u32(&inst->linked) && is_scripted(inst) && inst != qv_instance_of(qi) &&
        !qv_attached_record(inst)) {
        qv_atomic_store_u32(&inst->orphan, 1);
        qi->hooks.unlock(qi);
        destroy_orphan(inst);
        qi->hooks.lock(qi);
    }
    qv_instance_release(inst);
    return QV_NONE;
}

// ---- looking ------------------------------------------------------------------------------------

static QvObj *interpreters_list_all(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    size_t cap = qv_process_list(NULL, 0) + 16;
    uint64_t *ids = malloc(cap * sizeof *ids);
    if (!ids) {
        return qv_raise_oom(qi);
    }
    size_t n = qv_process_list(ids, cap);
    QvObj *list = qv_list_new(qi, 0);
    for (size_t k = 0; list && k < n && k < cap; k++) {
        QvInstance *inst = qv_process_find(ids[k]);
        if (!inst) {
            continue;
        }
        if (family_of(inst) == family_of(qv_instance_of(qi)) &&
            qv_list_append_take(qi, list, id_and_whence(qi, ids[k], whence_of(inst))) < 0) {
            qv_clear(qi, &list);
        }
        qv_instance_release(inst);
    }
    free(ids);
    return list;
}

static QvObj *interpreters_get_current(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    return id_and_whence(qi, qi->id, whence_of(qv_instance_of(qi)));
}

static QvObj *interpreters_get_main(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    uint64_t id = family_of(qv_instance_of(qi));
    return id_and_whence(qi, id, id == 0 ? WHENCE_RUNTIME : WHENCE_CAPI);
}

static QvObj *interpreters_whence(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvInstance *inst = qv_interpreters_find(qi, m, args[0]);
    if (!inst) {
        return NULL;
    }
    int whence = whence_of(inst);
    qv_instance_release(inst);
    return qv_int_from_i64(qi, whence);
}

static QvObj *interpreters_is_running(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvInstance *inst = qv_interpreters_find(qi, m, args[0]);
    if (!inst) {
        return NULL;
    }
    qv_mutex_lock(&inst->threads_mu);
    bool running = inst->inside > 0;
    qv_mutex_unlock(&inst->threads_mu);
    running |= qv_atomic_load_u32(&inst->running) != 0;
    qv_instance_release(inst);
    return qv_bool(running);
}

static QvObj *stats_dict(QvInterp *qi, QvInstance *inst)
{
    QuiverStats s;
    quiver_stats((Quiver *)inst, &s);
    const QvTraffic *t = &inst->traffic;
    const struct {
        const char *name;
        uint64_t value;
    } rows[] = {
        {"live_bytes", s.live_bytes},
        {"peak_bytes", s.peak_bytes},
        {"allocations", s.allocations},
        {"collections", s.collections},
        {"lock_waits", s.lock_waits},
        {"fuel_used", s.fuel_used},
        {"messages_sent", __atomic_load_n(&t->messages_sent, __ATOMIC_RELAXED)},
        {"bytes_sent", __atomic_load_n(&t->bytes_sent, __ATOMIC_RELAXED)},
        {"messages_received", __atomic_load_n(&t->messages_received, __ATOMIC_RELAXED)},
        {"bytes_received", __atomic_load_n(&t->bytes_received, __ATOMIC_RELAXED)},
    };
    QvObj *d = qv_dict_new(qi);
    for (size_t k = 0; d && k < sizeof rows / sizeof *rows; k++) {
        if (qv_dict_set_cstr_take(qi, d, rows[k].name, qv_int_from_u64(qi, rows[k].value)) < 0) {
            qv_clear(qi, &d);
        }
    }
    if (d &&
        qv_dict_set_cstr_take(qi, d, "cpu_seconds", qv_float_new(qi, (double)s.cpu_ns / 1e9)) < 0) {
        qv_clear(qi, &d);
    }
    return d;
}

static QvObj *interpreters_stats(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvInstance *inst = qv_interpreters_find(qi, m, args[0]);
    if (!inst) {
        return NULL;
    }
    if (inst == qv_instance_of(qi)) {
        (void)qv_heap_fetch_away(&qi->heap); // what has come back does not count
    }
    QvObj *d = stats_dict(qi, inst);
    qv_instance_release(inst);
    return d;
}

static QvObj *interpreters_stop(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvInstance *inst = qv_interpreters_find(qi, m, args[0]);
    if (!inst) {
        return NULL;
    }
    quiver_stop((Quiver *)inst);
    qv_instance_release(inst);
    return QV_NONE;
}

static QvObj *interpreters_interrupt(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvInstance *inst = qv_interpreters_find(qi, m, args[0]);
    if (!inst) {
        return NULL;
    }
    quiver_interrupt((Quiver *)inst);
    qv_instance_release(inst);
    return QV_NONE;
}

static QvObj *interpreters_is_shareable(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvMsg *msg = qv_msg_pack(qi, args[0]);
    if (!msg) {
        if (!qv_err_matches(qi, &qv_exc_Exception)) {
            return NULL;
        }
        qv_err_clear(qi);
        return QV_FALSE;
    }
    qv_msg_free(msg);
    return QV_TRUE;
}

// ---- running ------------------------------------------------------------------------------------

static int set_text(QvInterp *qi, QvObj *d, const char *name, QvObj *outcome, QvSsize at)
{
    return qv_dict_set_cstr(qi, d, name, qv_tuple_peek(outcome, at));
}

static QvObj *namespace_take(QvInterp *qi, QvObj *d)
{
    QvObj *ns = d ? qv_namespace_new(qi, d) : NULL;
    qv_xdecref(qi, d);
    return ns;
}

// The excinfo object of a failed outcome: type (with __name__, ...), msg, formatted, errdisplay.
static QvObj *make_excinfo(QvInterp *qi, QvObj *outcome)
{
    QvObj *d = qv_dict_new(qi);
    if (d && (set_text(qi, d, "__name__", outcome, 1) < 0 ||
              set_text(qi, d, "__qualname__", outcome, 2) < 0 ||
              set_text(qi, d, "__module__", outcome, 3) < 0)) {
        qv_clear(qi, &d);
    }
    QvObj *type = namespace_take(qi, d);
    QvObj *msg = qv_tuple_peek(outcome, 4);
    QvObj *formatted = qv_str_len(msg) ? qv_str_format(qi, "%U: %U", qv_tuple_peek(outcome, 1), msg)
                                       : qv_new_ref(qi, qv_tuple_peek(outcome, 1));
    d = type && formatted ? qv_dict_new(qi) : NULL;
    if (d &&
        (qv_dict_set_cstr(qi, d, "type", type) < 0 || qv_dict_set_cstr(qi, d, "msg", msg) < 0 ||
         qv_dict_set_cstr(qi, d, "formatted", formatted) < 0 ||
         set_text(qi, d, "errdisplay", outcome, 5) < 0)) {
        qv_clear(qi, &d);
    }
    qv_xdecref(qi, type);
    qv_xdecref(qi, formatted);
    return namespace_take(qi, d);
}

// (result, None) or (None, excinfo).
static QvObj *open_outcome(QvInterp *qi, QvObj *m, const QvMsg *msg)
{
    if (!msg) {
        return qv_interpreters_raise(
            qi, m, "the interpreter is being destroyed, or there is no memory for the result");
    }
    QvObj *outcome = qv_msg_unpack(qi, msg);
    if (!outcome) {
        return NULL;
    }
    QvObj *pair = NULL;
    if (qv_tuple_peek(outcome, 0) == QV_TRUE) {
        pair = qv_tuple_of(qi, 2, qv_tuple_peek(outcome, 1), QV_NONE);
    } else {
        QvObj *excinfo = make_excinfo(qi, outcome);
        pair = qv_tuple_of(qi, 2, QV_NONE, excinfo);
        qv_xdecref(qi, excinfo);
    }
    qv_decref(qi, outcome);
    return pair;
}

// The target of exec, call and call_in_thread, marked as running; NULL with an exception.
static QvInstance *begin(QvInterp *qi, QvObj *m, QvObj *id)
{
    QvInstance *inst = qv_interpreters_find(qi, m, id);
    if (!inst) {
        return NULL;
    }
    if (inst == qv_instance_of(qi) || !begin_running(inst)) {
        qv_interpreters_raise(qi, m, "interpreter already running");
        qv_instance_release(inst);
        return NULL;
    }
    return inst;
}

// Packs the request (taken), runs it on this thread: what open_outcome gives.
static QvObj *run_here(QvInterp *qi, QvObj *m, QvObj *id, QvJobKind kind, QV_STOLEN QvObj *request)
{
    QvMsg *msg = request ? qv_msg_pack(qi, request) : NULL;
    qv_xdecref(qi, request);
    QvInstance *inst = msg ? begin(qi, m, id) : NULL;
    if (!inst) {
        qv_msg_free(msg);
        return NULL;
    }
    QvInstance *before = qv_wait_enter_callee(qi, inst);
    qi->hooks.unlock(qi);
    QvMsg *outcome = qv_job_run(inst, kind, msg);
    end_running(inst);
    qi->hooks.lock(qi);
    qv_wait_leave_callee(qi, before);
    qv_instance_release(inst);
    QvObj *result = open_outcome(qi, m, outcome);
    qv_msg_free(outcome);
    return result;
}

// The body of code may run in another __main__.
static int check_body(QvInterp *qi, const QvCode *code)
{
    enum { VARIADIC = QV_CO_VARARGS | QV_CO_VARKEYWORDS };
    if (code->nfree) {
        return qv_raise_int(qi, &qv_exc_ValueError,
                            "only functions without a closure can be run in __main__");
    }
    if (code->argcount || code->kwonly || (code->flags & VARIADIC)) {
        return qv_raise_int(qi, &qv_exc_ValueError,
                            "only functions without parameters can be run in __main__");
    }
    return 0;
}

// What exec shall run (new reference): source text, or a function; of a code object, one is made.
static QvObj *runnable(QvInterp *qi, QvObj *code, const char *func, bool text, bool body)
{
    if (text && qv_is_str(code)) {
        return qv_new_ref(qi, code);
    }
    if (body && qv_is_function(code)) {
        return check_body(qi, ((QvFunction *)code)->code) < 0 ? NULL : qv_new_ref(qi, code);
    }
    if (body && qv_is_code(code)) {
        return check_body(qi, (QvCode *)code) < 0
                   ? NULL
                   : qv_function_new(qi, (QvCode *)code, qv_module_dict(qv_instance_of(qi)->main),
                                     NULL);
    }
    return qv_raise(qi, &qv_exc_TypeError, "%s() argument must be %s, not %T", func,
                    text && body ? "a string, a function, or a code object"
                    : text       ? "a string"
                                 : "a function or a code object",
                    code);
}

static int check_shared(QvInterp *qi, QvObj *shared)
{
    if (shared && shared != QV_NONE && !qv_is_dict_exact(shared)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "expected a dict for the shared names, got %T",
                            shared);
    }
    return 0;
}

// Runs it; None, or excinfo.
static QvObj *run_in_main(QvInterp *qi, QvObj *m, QvObj *id, QV_STOLEN QvObj *what, QvObj *shared)
{
    shared = shared ? shared : QV_NONE;
    if (!what || check_shared(qi, shared) < 0) {
        qv_xdecref(qi, what);
        return NULL;
    }
    QvObj *request = qv_tuple_of(qi, 2, what, shared);
    qv_decref(qi, what);
    QvObj *pair = run_here(qi, m, id, QV_JOB_EXEC, request);
    QvObj *excinfo = pair ? qv_new_ref(qi, qv_tuple_peek(pair, 1)) : NULL;
    qv_xdecref(qi, pair);
    return excinfo;
}

static QvObj *interpreters_exec(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return run_in_main(qi, m, args[0], runnable(qi, args[1], "exec", true, true), args[2]);
}

static QvObj *interpreters_run_string(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return run_in_main(qi, m, args[0], runnable(qi, args[1], "run_string", true, false), args[2]);
}

static QvObj *interpreters_run_func(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return run_in_main(qi, m, args[0], runnable(qi, args[1], "run_func", false, true), args[2]);
}

static QvObj *interpreters_set_main_attrs(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return run_in_main(qi, m, args[0], QV_NONE, args[1]);
}

static QvObj *interpreters_capture_exception(QvInterp *qi, QvObj *m, QvObj *const *args,
                                             QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *exc = args[0] && args[0] != QV_NONE ? args[0] : qv_err_handled(qi);
    if (!exc || exc == QV_NONE) {
        return QV_NONE;
    }
    if (!qv_type_is_subtype(qv_type_of(exc), &qv_exc_BaseException)) {
        return qv_raise(qi, &qv_exc_TypeError, "expected exception, got %R", exc);
    }
    qv_incref(qi, exc);
    QvObj *outcome = qv_job_describe(qi, exc);
    qv_decref(qi, exc);
    QvObj *excinfo = outcome ? make_excinfo(qi, outcome) : NULL;
    qv_xdecref(qi, outcome);
    return excinfo;
}

// (callable, args, kwargs) as a new tuple.
static QvObj *call_request(QvInterp *qi, QvObj *func, QvObj *args, QvObj *kwargs)
{
    if (!qv_is_callable(func)) {
        return qv_raise(qi, &qv_exc_TypeError, "'%T' object is not callable", func);
    }
    QvObj *positional = args && args != QV_NONE ? qv_to_tuple(qi, args) : QV_EMPTY_TUPLE;
    QvObj *named = kwargs && kwargs != QV_NONE ? qv_new_ref(qi, kwargs) : qv_dict_new(qi);
    QvObj *request = NULL;
    if (named && !qv_is_dict_exact(named)) {
        qv_raise(qi, &qv_exc_TypeError, "kwargs must be a dict, not %T", named);
    } else if (positional && named) {
        request = qv_tuple_of(qi, 3, func, positional, named);
    }
    qv_xdecref(qi, positional);
    qv_xdecref(qi, named);
    return request;
}

static QvObj *interpreters_call(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return run_here(qi, m, args[0], QV_JOB_CALL, call_request(qi, args[1], args[2], args[3]));
}

// ---- threads ------------------------------------------------------------------------------------

typedef struct ThreadObject {
    QvObj h;
    QvJob *job;    // one reference
    QvObj *module; // _interpreters, for its exceptions
} ThreadObject;

static void thread_fini(QvInterp *qi, QvObj *o)
{
    ThreadObject *t = (ThreadObject *)o;
    if (t->job) {
        qv_job_release(t->job);
        t->job = NULL;
    }
    qv_clear(qi, &t->module);
}

// The module's classes may hold the thread: a cycle.
static int thread_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((ThreadObject *)o)->module);
    return 0;
}

static QvObj *interpreters_call_in_thread(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *request = call_request(qi, args[1], args[2], args[3]);
    QvMsg *msg = request ? qv_msg_pack(qi, request) : NULL;
    qv_xdecref(qi, request);
    QvObj *o = msg ? qv_obj_new(qi, &qv_interp_thread_type) : NULL;
    ThreadObject *t = (ThreadObject *)o;
    if (t) {
        t->job = NULL;
        t->module = qv_new_ref(qi, m);
    }
    QvInstance *inst = t ? begin(qi, m, args[0]) : NULL;
    if (!inst) {
        qv_xdecref(qi, o);
        qv_msg_free(msg);
        return NULL;
    }
    t->job = qv_job_start(inst, QV_JOB_CALL, msg, end_running);
    if (!t->job) {
        qv_clear(qi, &o);
        qi->hooks.unlock(qi);
        end_running(inst);
        qi->hooks.lock(qi);
        qv_raise(qi, &qv_exc_RuntimeError, "can't start new thread");
    }
    qv_instance_release(inst);
    return o;
}

static int get_deadline(QvInterp *qi, QvObj *timeout, int64_t *ret)
{
    double seconds;
    if (!timeout || timeout == QV_NONE) {
        *ret = QV_NEVER;
        return 0;
    }
    if (qv_as_double(qi, timeout, &seconds) < 0) {
        return -1;
    }
    if (seconds != seconds) {
        return qv_raise_int(qi, &qv_exc_ValueError, "timeout must be a number");
    }
    *ret = qv_clock_deadline(seconds);
    return 0;
}

static int join(QvInterp *qi, QvObj *self, QvObj *timeout)
{
    int64_t deadline = 0;
    if (get_deadline(qi, timeout, &deadline) < 0) {
        return -1;
    }
    qv_incref(qi, self);
    int done = qv_job_join(qi, ((ThreadObject *)self)->job, deadline);
    qv_decref(qi, self);
    return done;
}

static QvObj *thread_join(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int done = join(qi, self, args[0]);
    return done < 0 ? NULL : qv_bool(done);
}

static QvObj *thread_is_alive(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)qi, (void)args, (void)nargs;
    return qv_bool(!qv_job_is_done(((ThreadObject *)self)->job));
}

static QvObj *thread_result(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int done = join(qi, self, args[0]);
    if (done < 0) {
        return NULL;
    }
    if (!done) {
        return qv_raise(qi, &qv_exc_TimeoutError, "the call has not ended yet");
    }
    ThreadObject *t = (ThreadObject *)self;
    return open_outcome(qi, t->module, qv_job_outcome(t->job));
}

static QvObj *thread_get_interpreter(QvInterp *qi, QvObj *o)
{
    return qv_int_from_u64(qi, qv_job_target(((ThreadObject *)o)->job)->qi.id);
}

static const QvNativeDef thread_methods[] = {
    {"join", thread_join, "($self, /, timeout=None)",
     "Wait for the end of the call, for `timeout` seconds at most: True when it has ended."},
    {"is_alive", thread_is_alive, "($self, /)", "True while the call runs."},
    {"result", thread_result, "($self, /, timeout=None)",
     "Wait for the end: (result, None), or (None, excinfo) when it raised."},
    {0},
};

static const QvGetSet thread_getsets[] = {
    {"interpreter", thread_get_interpreter, NULL, "The id of the interpreter that it runs in."},
    {0},
};

QV_SEALED QvType qv_interp_thread_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_interpreters.Thread",
    .id = QV_TID_interp_thread,
    .flags = QV_T_GC | QV_T_NO_NEW | QV_T_WEAK | QV_T_IMMUTABLE,
    .size = sizeof(ThreadObject),
    .base = &qv_object_type,
    .doc = "A call in another interpreter, on an OS thread of its own.",
    .methods = thread_methods,
    .getsets = thread_getsets,
    .fini = thread_fini,
    .traverse = thread_traverse,
};

// ---- module -------------------------------------------------------------------------------------

static int interpreters_init(QvInterp *qi, QvObj *m)
{
    State *s = qv_module_state(m);
    s->error = qv_type_new_exception(qi, "concurrent.interpreters.InterpreterError", NULL, NULL);
    s->not_found = s->error
                       ? qv_type_new_exception(
                             qi, "concurrent.interpreters.InterpreterNotFoundError", s->error, NULL)
                       : NULL;
    if (!s->not_found || qv_module_add(qi, m, "InterpreterError", s->error) < 0 ||
        qv_module_add(qi, m, "InterpreterNotFoundError", s->not_found) < 0 ||
        qv_module_add(qi, m, "LimitExceeded", (QvObj *)&qv_exc_LimitExceeded) < 0 ||
        qv_module_add(qi, m, "Thread", &qv_interp_thread_type.h) < 0) {
        return -1;
    }
    static const struct {
        const char *name;
        int value;
    } whences[] = {
        {"WHENCE_UNKNOWN", WHENCE_UNKNOWN},
        {"WHENCE_RUNTIME", WHENCE_RUNTIME},
        {"WHENCE_LEGACY_CAPI", WHENCE_LEGACY_CAPI},
        {"WHENCE_CAPI", WHENCE_CAPI},
        {"WHENCE_XI", WHENCE_XI},
        {"WHENCE_STDLIB", WHENCE_STDLIB},
    };
    for (size_t k = 0; k < sizeof whences / sizeof *whences; k++) {
        if (qv_module_add_int(qi, m, whences[k].name, whences[k].value) < 0) {
            return -1;
        }
    }
    QvObj *channels = qv_import(qi, "channels");
    QvObj *not_shareable = channels ? qv_getattr_cstr(qi, channels, "NotShareableError") : NULL;
    qv_xdecref(qi, channels);
    return qv_module_add_take(qi, m, "NotShareableError", not_shareable);
}

static void interpreters_fini(QvInterp *qi, QvObj *m)
{
    State *s = qv_module_state(m);
    qv_clear(qi, &s->error);
    qv_clear(qi, &s->not_found);
}

static int interpreters_traverse(QvObj *m, QvVisit visit, void *ctx)
{
    State *s = qv_module_state(m);
    QV_VISIT(s->error);
    QV_VISIT(s->not_found);
    return 0;
}

static const QvNativeDef functions[] = {
    {"create", qv_interpreters_create, QV_INTERPRETERS_CREATE_SIG,
     "A new interpreter; its id. config: a name for new_config(), or what that gives; None: the "
     "isolated one. What neither it nor options (a dict, see concurrent.interpreters.create) says "
     "is as in this interpreter. reqrefs: it ends with the last reference (decref)."},
    {"new_config", qv_interpreters_new_config, "($module, name='isolated', /, **overrides)",
     "A configuration as a SimpleNamespace: 'isolated' and 'default' (what an interpreter may have "
     "here), 'legacy' (CPython's; refused by create()), 'empty' (nothing allowed)."},
    {"get_config", qv_interpreters_get_config, "($module, id, *, restrict=False)",
     "The configuration that the interpreter has."},
    {"destroy", interpreters_destroy, "($module, id, *, restrict=False)",
     "End an interpreter in which nothing runs."},
    {"reset", interpreters_reset, "($module, id, /)",
     "Make an interpreter in which nothing runs as new; it keeps its id."},
    {"list_all", interpreters_list_all, "($module, *, require_ready=False)",
     "(id, whence) of all interpreters of the family, oldest first."},
    {"get_current", interpreters_get_current, "($module, /)", "(id, whence) of this interpreter."},
    {"get_main", interpreters_get_main, "($module, /)",
     "(id, whence) of the interpreter that the host has made."},
    {"whence", interpreters_whence, "($module, id)",
     "Where the interpreter comes from: a WHENCE_ number."},
    {"is_running", interpreters_is_running, "($module, id, *, restrict=False)",
     "True while a thread is inside."},
    {"exec", interpreters_exec, "($module, id, code, shared=None, *, restrict=False)",
     "Run source text, or the body of a function or code object without parameters, in __main__, "
     "after its names were set from the dict shared. None, or excinfo when it raised."},
    {"run_string", interpreters_run_string, "($module, id, script, shared=None, *, restrict=False)",
     "exec() of source text."},
    {"run_func", interpreters_run_func, "($module, id, func, shared=None, *, restrict=False)",
     "exec() of a function or code object."},
    {"call", interpreters_call,
     "($module, id, callable, args=None, kwargs=None, *, restrict=False)",
     "Call with copies of the arguments: (result, None), or (None, excinfo) when it raised."},
    {"call_in_thread", interpreters_call_in_thread,
     "($module, id, callable, args=None, kwargs=None, /)",
     "The same on an OS thread of its own: a Thread."},
    {"set___main___attrs", interpreters_set_main_attrs, "($module, id, updates, *, restrict=False)",
     "Set globals of __main__. None, or excinfo."},
    {"interrupt", interpreters_interrupt, "($module, id, /)",
     "Raise KeyboardInterrupt in what runs in it."},
    {"stop", interpreters_stop, "($module, id, /)",
     "The same, and again wherever it is caught, until what now runs has ended."},
    {"set_limit", qv_interpreters_set_limit, "($module, id, name, amount, /)",
     "Set a limit ('memory', 'recursion', 'time', 'cpu', 'fuel', 'output'); None: as far as this "
     "interpreter goes."},
    {"limit_left", qv_interpreters_limit_left, "($module, id, name, /)",
     "What is left of a limit; None: there is none."},
    {"take_output", qv_interpreters_take_output, "($module, id, fd, /)",
     "(bytes, dropped): what a captured stream, 1 or 2, has got since the last call."},
    {"stats", interpreters_stats, "($module, id, /)", "Counters of the interpreter as a dict."},
    {"incref", interpreters_incref, "($module, id, *, implieslink=False, restrict=False)",
     "One more object names the interpreter. implieslink: it ends with the last one."},
    {"decref", interpreters_decref, "($module, id, *, restrict=False)",
     "One less; the last ends an interpreter that is linked to them, as soon as nothing runs in "
     "it."},
    {"is_shareable", interpreters_is_shareable, "($module, obj)",
     "True when obj can be sent to another interpreter."},
    {"capture_exception", interpreters_capture_exception, "($module, exc=None)",
     "The excinfo of an exception, or of the one that is now handled; None when there is none."},
    {0},
};

const QvModuleDef qv_module_interpreters = {
    .name = "_interpreters",
    .doc = "Interpreters of this process. Use concurrent.interpreters.",
    .functions = functions,
    .state_size = sizeof(State),
    .init = interpreters_init,
    .fini = interpreters_fini,
    .traverse = interpreters_traverse,
};
