// SPDX-License-Identifier: MIT
// Raising, fetching and matching exceptions, and the implicit chaining of __context__.
#include "object/error.h"

#include <string.h>

#include "object/dict.h"
#include "object/exception.h"
#include "object/exception_base.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

__attribute__((noinline)) void qv_dbg_raise(QvInterp *qi, QvObj *exc)
{
    (void)qi;
    (void)exc;
    __asm__ volatile("");
}

// ---- the pending exception ----------------------------------------------------------------------

bool qv_err_occurred(QvInterp *qi) { return qi->ts->exc != NULL; }

bool qv_err_matches(QvInterp *qi, const QvType *type)
{
    return qi->ts->exc && qv_is_instance_of(qi->ts->exc, type);
}

bool qv_err_given_matches(QvInterp *qi, QvObj *exc, QvObj *type_or_tuple)
{
    if (qv_is_tuple(type_or_tuple)) {
        for (QvSsize i = 0; i < qv_tuple_len(type_or_tuple); i++) {
            if (qv_err_given_matches(qi, exc, qv_tuple_peek(type_or_tuple, i))) {
                return true;
            }
        }
        return false;
    }
    const QvType *t = qv_is_exc(exc) ? exc->type : qv_is_type(exc) ? (const QvType *)exc : NULL;
    if (t && qv_type_has(t, QV_T_EXC) && qv_is_type(type_or_tuple)) {
        return qv_type_is_subtype(t, (const QvType *)type_or_tuple);
    }
    return exc == type_or_tuple;
}

void qv_err_drop_take(QvInterp *qi, QvObj *exc)
{
    if (QV_UNLIKELY(((QvExc *)exc)->stop == QV_EXC_STOP_INTERRUPT) && qi->ts->frame &&
        qi->hooks.interrupt_again) {
        qi->hooks.interrupt_again(qi);
    }
    qv_decref(qi, exc);
}

void qv_err_clear(QvInterp *qi)
{
    QvObj *exc = qv_err_fetch(qi);
    if (exc) {
        qv_err_drop_take(qi, exc);
    }
}

QvObj *qv_err_fetch(QvInterp *qi)
{
    QvObj *exc = qi->ts->exc;
    qi->ts->exc = NULL;
    return exc;
}

void qv_err_restore(QvInterp *qi, QvObj *exc) { qv_set_take(qi, &qi->ts->exc, exc); }

QvObj *qv_err_handled(QvInterp *qi)
{
    for (const QvExcInfo *info = qi->ts->exc_info; info; info = info->prev) {
        if (info->value && info->value != QV_NONE) {
            return info->value;
        }
    }
    return NULL;
}

void qv_err_chain(QvInterp *qi, QvObj *context)
{
    QvObj *exc = qi->ts->exc;
    if (!context) {
        return;
    }
    if (!exc) {
        // Nothing is pending: what was set aside is the error again.
        qi->ts->exc = context;
        return;
    }
    if (exc == context || ((QvExc *)exc)->context) {
        qv_decref(qi, context);
        return;
    }
    qv_exc_set_context(qi, exc, context);
}

void qv_err_set_cause(QvInterp *qi, QvObj *cause)
{
    QvObj *exc = qi->ts->exc;
    if (!cause || exc == cause) {
        qv_xdecref(qi, cause);
    } else if (!exc) {
        qi->ts->exc = cause;
    } else {
        qv_exc_set_context(qi, exc, qv_new_ref(qi, cause));
        qv_exc_set_cause(qi, exc, cause);
    }
}

// ---- raising ------------------------------------------------------------------------------------

QvObj *qv_raise_exc(QvInterp *qi, QvObj *exc)
{
    QvObj *handled = qv_err_handled(qi);
    if (handled && handled != exc) {
        qv_exc_set_context(qi, exc, qv_new_ref(qi, handled));
    }
#if QV_DEBUG
    qv_dbg_raise(qi, exc);
#endif
    qv_set_take(qi, &qi->ts->exc, exc);
    return NULL;
}

// type(*args) and raise it.
static QvObj *raise_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs)
{
    QvObj *exc = qv_type_call(qi, (QvObj *)type, args, nargs, NULL);
    if (!exc) {
        return NULL;
    }
    if (!qv_is_exc(exc)) {
        qv_raise(qi, &qv_exc_TypeError,
                 "calling %R should have returned an instance of BaseException, not %R", type,
                 exc->type);
        qv_decref(qi, exc);
        return NULL;
    }
    return qv_raise_exc(qi, exc);
}

QvObj *qv_raise_v(QvInterp *qi, QvType *type, const char *fmt, va_list ap)
{
    // The message may run __repr__, which must not see a pending exception; it may also be made of
    // parts of that exception, so it is dropped only afterwards.
    QvObj *old = qv_err_fetch(qi);
    QvObj *message = qv_str_format_v(qi, fmt, ap);
    if (message) {
        raise_new(qi, type, &message, 1);
        qv_decref(qi, message);
    }
    if (old) {
        QvObj *exc = qv_err_fetch(qi);
        qv_err_drop_take(qi, old);
        qv_err_restore(qi, exc);
    }
    return NULL;
}

QvObj *qv_raise(QvInterp *qi, QvType *type, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    qv_raise_v(qi, type, fmt, ap);
    va_end(ap);
    return NULL;
}

int qv_raise_int(QvInterp *qi, QvType *type, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    qv_raise_v(qi, type, fmt, ap);
    va_end(ap);
    return -1;
}

QvObj *qv_raise_none(QvInterp *qi, QvType *type)
{
    qv_err_clear(qi);
    return raise_new(qi, type, NULL, 0);
}

QvObj *qv_raise_obj(QvInterp *qi, QvType *type, QvObj *arg)
{
    QvObj *old = qv_err_fetch(qi);
    raise_new(qi, type, &arg, 1);
    if (old) {
        QvObj *exc = qv_err_fetch(qi);
        qv_err_drop_take(qi, old);
        qv_err_restore(qi, exc);
    }
    return NULL;
}

QvObj *qv_raise_stop(QvInterp *qi, QvObj *value)
{
    if (!value || value == QV_NONE) {
        return qv_raise_none(qi, &qv_exc_StopIteration);
    }
    return qv_raise_obj(qi, &qv_exc_StopIteration, value);
}

QvObj *qv_raise_oom(QvInterp *qi)
{
    QvThread *ts = qi->ts;
    QvObj *exc = qi->mem_error;
    if (!ts || !exc || ts->exc == exc) {
        return NULL;
    }
    qv_err_clear(qi);
    // Idle it has a count of 0 (exception.c). While it is in use there is another one if memory
    // lasts for it; meanwhile none, so that a failure does not come here again for ever.
    if (exc->refs > 0) {
        qi->mem_error = NULL;
        QvObj *fresh = qv_exc_base_new(qi, &qv_exc_MemoryError, NULL, 0, NULL);
        qi->mem_error = exc;
        if (fresh) {
            if (qi->mem_error_args) {
                qv_set_take(qi, &((QvExc *)fresh)->args, qv_new_ref(qi, qi->mem_error_args));
            }
            return qv_raise_exc(qi, fresh);
        }
    }
    exc->refs++;
    return qv_raise_exc(qi, exc);
}

// ---- OSError ------------------------------------------------------------------------------------

static QvObj *errno_text(QvInterp *qi, int err)
{
    char buf[256];
    const char *text = strerror_r(err, buf, sizeof(buf));
    return qv_str_new_cstr(qi, text);
}

QvObj *qv_raise_errno(QvInterp *qi, int err, QvObj *filename, QvObj *filename2)
{
    QvObj *args[5] = {qv_int_from_i64(qi, err), errno_text(qi, err), filename, QV_NONE, filename2};
    if (args[0] && args[1]) {
        qv_err_clear(qi);
        raise_new(qi, &qv_exc_OSError, args, filename2 ? 5 : filename ? 3 : 2);
    }
    // Dropping an int and a str runs nothing.
    qv_xdecref(qi, args[0]);
    qv_xdecref(qi, args[1]);
    return NULL;
}

QvObj *qv_raise_errno_path(QvInterp *qi, int err, const char *path)
{
    QvObj *name = qv_str_fsdecode(qi, path);
    if (name) {
        qv_raise_errno(qi, err, name, NULL);
        qv_decref(qi, name);
    }
    return NULL;
}

const char *qv_arg_type_name(QvObj *o)
{
    return o == QV_NONE ? "None" : qv_type_short_name(qv_type_of(o));
}

// ---- SyntaxError --------------------------------------------------------------------------------

QvObj *qv_raise_syntax(QvInterp *qi, QvType *type, const char *msg, QvObj *filename, int lineno,
                       int col, int end_lineno, int end_col, QvObj *text)
{
    QvObj *message = qv_str_new_cstr(qi, msg);
    QvObj *line = qv_int_from_i64(qi, lineno);
    QvObj *offset = qv_int_from_i64(qi, col);
    QvObj *end_line = qv_int_from_i64(qi, end_lineno ? end_lineno : lineno);
    QvObj *end_offset = end_col == QV_NO_COLUMN ? QV_NONE : qv_int_from_i64(qi, end_col);
    QvObj *place = NULL;
    if (message && line && offset && end_line && end_offset) {
        place = qv_tuple_of(qi, 6, filename ? filename : QV_NONE, line, offset,
                            text ? text : QV_NONE, end_line, end_offset);
    }
    if (place) {
        QvObj *args[] = {message, place};
        qv_err_clear(qi);
        raise_new(qi, type, args, 2);
    }
    QvObj *parts[] = {message, line, offset, end_line, end_offset, place};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        qv_xdecref(qi, parts[i]);
    }
    return NULL;
}
