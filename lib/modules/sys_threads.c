// SPDX-License-Identifier: MIT
// The module sys: frames and exceptions of all threads, how threads take turns, and the hooks that
// each thread has for coroutines.
#include <math.h>

#include "base/clock.h"
#include "modules/sys.h"
#include "object/audit.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/float.h"
#include "object/int.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/structseq.h"
#include "object/tuple.h"
#include "vm/frame.h"

// ---- frames -------------------------------------------------------------------------------------

SYS_FN(qv_sys_getframe)
{
    (void)m, (void)n;
    int depth = 0;
    if (a[0] && qv_index_int(qi, a[0], &depth) < 0) {
        return NULL;
    }
    QvFrame *f = qi->ts->frame;
    while (f && depth-- > 0) {
        f = f->prev;
    }
    if (!f) {
        return qv_raise(qi, &qv_exc_ValueError, "call stack is not deep enough");
    }
    QvObj *frame = (QvObj *)qv_frame_object(qi, f);
    if (frame && qv_audit_on(qi) && qv_audit(qi, "sys._getframe", "O", frame) < 0) {
        qv_clear(qi, &frame);
    }
    return frame;
}

static QvObj *current_frame(QvInterp *qi, QvThread *ts)
{
    return ts->frame ? (QvObj *)qv_frame_object(qi, ts->frame) : NULL;
}

static QvObj *current_exception(QvInterp *qi, QvThread *ts)
{
    QvExcInfo *info = ts->exc_info;
    while (info && !info->value) {
        info = info->prev;
    }
    if (!info) {
        return qv_tuple_of(qi, 3, QV_NONE, QV_NONE, QV_NONE);
    }
    QvObj *tb = ((QvExc *)info->value)->traceback;
    return qv_tuple_of(qi, 3, (QvObj *)info->value->type, info->value, tb ? tb : QV_NONE);
}

// {thread id: what `get` says of it}. Threads come and go only while the lock is free, which it is
// not here: nothing below runs Python code.
static QvObj *by_thread(QvInterp *qi, QvObj *(*get)(QvInterp *qi, QvThread *ts))
{
    QvObj *d = qv_dict_new(qi);
    for (QvThread *ts = qi->threads; d && ts; ts = ts->next) {
        QvObj *value = get(qi, ts);
        if (!value && !qv_err_occurred(qi)) {
            continue; // not in Python code
        }
        QvObj *key = value ? qv_int_from_u64(qi, ts->os_id) : NULL;
        if (!key || qv_dict_set(qi, d, key, value) < 0) {
            qv_clear(qi, &d);
        }
        qv_xdecref(qi, key);
        qv_xdecref(qi, value);
    }
    return d;
}

SYS_FN(qv_sys_current_frames)
{
    (void)m, (void)a, (void)n;
    return qv_audit_on(qi) && qv_audit(qi, "sys._current_frames", "") < 0
               ? NULL
               : by_thread(qi, current_frame);
}

SYS_FN(qv_sys_current_exceptions)
{
    (void)m, (void)a, (void)n;
    return qv_audit_on(qi) && qv_audit(qi, "sys._current_exceptions", "") < 0
               ? NULL
               : by_thread(qi, current_exception);
}

// ---- taking turns -------------------------------------------------------------------------------

SYS_FN(qv_sys_getswitchinterval)
{
    (void)m, (void)a, (void)n;
    int64_t ns = qi->hooks.switch_interval ? qi->hooks.switch_interval(qi, 0) : 5 * QV_NS_PER_MS;
    return qv_float_new(qi, (double)ns / 1e9);
}

SYS_FN(qv_sys_setswitchinterval)
{
    (void)m, (void)n;
    double seconds;
    if (qv_as_double(qi, a[0], &seconds) < 0) {
        return NULL;
    }
    if (!(seconds > 0)) {
        return qv_raise(qi, &qv_exc_ValueError, "switch interval must be strictly positive");
    }
    int64_t ns = seconds > 1e9 ? INT64_C(1000000000) * QV_NS_PER_S : (int64_t)ceil(seconds * 1e9);
    if (qi->hooks.switch_interval) {
        qi->hooks.switch_interval(qi, ns);
    }
    return QV_NONE;
}

// ---- coroutines ---------------------------------------------------------------------------------

static QvSysState *state_of(QvObj *m) { return qv_module_state(m); }

SYS_FN(qv_sys_get_asyncgen_hooks)
{
    (void)a, (void)n;
    QvObj *const *hooks = qi->ts->asyncgen_hooks;
    QvObj *values[2] = {hooks[0] ? qv_new_ref(qi, hooks[0]) : QV_NONE,
                        hooks[1] ? qv_new_ref(qi, hooks[1]) : QV_NONE};
    return qv_structseq_new(qi, state_of(m)->asyncgen_hooks, values);
}

SYS_FN(qv_sys_set_asyncgen_hooks)
{
    (void)m, (void)n;
    static const char *const names[2] = {"firstiter", "finalizer"};
    for (int k = 0; k < 2; k++) {
        if (a[k] && a[k] != QV_NONE && !qv_is_callable(a[k])) {
            return qv_raise(qi, &qv_exc_TypeError, "callable %s expected, got %T", names[k], a[k]);
        }
    }
    for (int k = 1; k >= 0; k--) {
        if (!a[k]) {
            continue;
        }
        if (qv_audit_on(qi) &&
            qv_audit(qi, k ? "sys.set_asyncgen_hook_finalizer" : "sys.set_asyncgen_hook_firstiter",
                     "") < 0) {
            return NULL;
        }
        qv_set_take(qi, &qi->ts->asyncgen_hooks[k], a[k] == QV_NONE ? NULL : qv_new_ref(qi, a[k]));
    }
    return QV_NONE;
}

SYS_FN(qv_sys_get_origin_depth)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, qi->ts->origin_depth);
}

SYS_FN(qv_sys_set_origin_depth)
{
    (void)m, (void)n;
    int depth;
    if (qv_index_int(qi, a[0], &depth) < 0) {
        return NULL;
    }
    if (depth < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "depth must be >= 0");
    }
    qi->ts->origin_depth = (uint32_t)depth;
    return QV_NONE;
}

// For debuggers: func(*args) with tracing on.
SYS_FN(qv_sys_call_tracing)
{
    (void)m, (void)n;
    if (!qv_is_tuple(a[1])) {
        return qv_raise(qi, &qv_exc_TypeError, "call_tracing() argument 2 must be tuple, not %T",
                        a[1]);
    }
    int before = qi->ts->tracing;
    qi->ts->tracing = 0;
    QvObj *result = qv_call_tuple(qi, a[0], a[1], NULL);
    qi->ts->tracing = before;
    return result;
}
