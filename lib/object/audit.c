// SPDX-License-Identifier: MIT
// Audit events: the hooks of an interpreter, called in the order in which they were added.
#include "object/audit.h"

#include "object/int.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

int qv_audit_tuple(QvInterp *qi, QvObj *event, QvObj *args)
{
    if (!qi->audit_hooks) {
        return 0;
    }
    // A hook may add another one, which then hears of this event, too.
    for (QvSsize k = 0; qi->audit_hooks && k < qv_list_len(qi->audit_hooks); k++) {
        QvObj *hook = qv_new_ref(qi, qv_list_peek(qi->audit_hooks, k));
        QvObj *result = qv_call2(qi, hook, event, args);
        qv_decref(qi, hook);
        if (!result) {
            return -1;
        }
        qv_decref(qi, result);
    }
    return 0;
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
