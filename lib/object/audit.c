// SPDX-License-Identifier: MIT
// Audit events: the hooks of an interpreter, called in the order in which they were added.
#include "object/audit.h"

#include "object/int.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

// hook.__cantrace__, if there is one. 1/0/-1.
static int wants_tracing(QvInterp *qi, QvObj *hook)
{
    QvObj *name = qv_str_intern_cstr(qi, "__cantrace__"), *v;
    int found = name ? qv_getattr_try(qi, hook, name, &v) : -1;
    qv_xdecref(qi, name);
    if (found > 0) {
        found = qv_is_true(qi, v);
        qv_decref(qi, v);
    }
    return found;
}

int qv_audit_tuple(QvInterp *qi, QvObj *event, QvObj *args)
{
    if (!qi->audit_hooks) {
        return 0;
    }
    QvThread *ts = qi->ts;
    int status = 0;
    // A hook may add another one, which then hears of this event, too.
    for (QvSsize k = 0; status == 0 && qi->audit_hooks && k < qv_list_len(qi->audit_hooks); k++) {
        QvObj *hook = qv_new_ref(qi, qv_list_peek(qi->audit_hooks, k));
        ts->tracing++; // trace functions see no hooks but those that want it
        int shown = wants_tracing(qi, hook);
        ts->tracing -= shown > 0;
        QvObj *result = shown < 0 ? NULL : qv_call2(qi, hook, event, args);
        ts->tracing -= shown <= 0;
        qv_decref(qi, hook);
        status = result ? 0 : -1;
        qv_xdecref(qi, result);
    }
    return status;
}

int qv_audit(QvInterp *qi, const char *event, const char *format, ...)
{
    QvSsize n = 0;
    while (format[n]) {
        n++;
    }
    QvObj *args = qv_tuple_new(qi, n), *name = qv_str_intern_cstr(qi, event);
    int status = args && name ? 0 : -1;
    va_list ap;
    va_start(ap, format);
    for (QvSsize k = 0; status == 0 && k < n; k++) {
        QvObj *item = NULL;
        switch (format[k]) {
        case 's': {
            const char *s = va_arg(ap, const char *);
            item = s ? qv_str_fsdecode(qi, s) : QV_NONE;
            break;
        }
        case 'i': item = qv_int_from_i64(qi, va_arg(ap, int)); break;
        case 'L': item = qv_int_from_i64(qi, va_arg(ap, int64_t)); break;
        default: {
            QvObj *o = va_arg(ap, QvObj *);
            item = o ? qv_new_ref(qi, o) : QV_NONE;
            break;
        }
        }
        qv_tuple_items(args)[k] = item;
        status = item ? 0 : -1;
    }
    va_end(ap);
    status = status < 0 ? -1 : qv_audit_tuple(qi, name, args);
    qv_xdecref(qi, name);
    qv_xdecref(qi, args);
    return status;
}
