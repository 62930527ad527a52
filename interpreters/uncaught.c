// SPDX-License-Identifier: MIT
// What a program does with the exception that ends it: SystemExit's text, or sys.excepthook.
#include "interpreters/instance.h"
#include "modules/modules.h"
#include "object/audit.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/protocol.h"
#include "object/str.h"

// Writes to sys.stderr; what fails there has nobody to be told to.
static void write_error(QvInterp *qi, QvObj *text)
{
    QvObj *err = qv_sys_peek(qi, QV_N(stderr));
    if (text && err && err != QV_NONE) {
        QvObj *keep = qv_new_ref(qi, err);
        qv_xdecref(qi, qv_call_method1(qi, keep, QV_N(write), text));
        qv_err_clear(qi);
        qv_xdecref(qi, qv_call_method0(qi, keep, QV_N(flush)));
        qv_decref(qi, keep);
    }
    qv_err_clear(qi);
}

static void write_cstr(QvInterp *qi, const char *s)
{
    QvObj *text = qv_str_new_cstr(qi, s);
    write_error(qi, text);
    qv_xdecref(qi, text);
}

static void show(QvInterp *qi, QvObj *exc)
{
    QvObj *text = qv_exc_format(qi, exc);
    write_error(qi, text);
    qv_xdecref(qi, text);
}

static void show_exit(QvInterp *qi, QvObj *exc)
{
    QvObj *code = qv_getattr_cstr(qi, exc, "code");
    if (code && code != QV_NONE && !qv_is_instance_of(code, &qv_int_type)) {
        QvObj *text = qv_str(qi, code);
        QvObj *line = text ? qv_str_format(qi, "%U\n", text) : NULL;
        write_error(qi, line);
        qv_xdecref(qi, line);
        qv_xdecref(qi, text);
    }
    qv_xdecref(qi, code);
    qv_err_clear(qi);
}

void qv_uncaught(QvInterp *qi)
{
    QvObj *exc = qv_err_fetch(qi);
    if (!exc) {
        return;
    }
    if (qv_is_instance_of(exc, &qv_exc_SystemExit)) {
        show_exit(qi, exc);
        qv_err_restore(qi, exc);
        return;
    }
    QvObj *tb = ((QvExc *)exc)->traceback;
    QvObj *args[3] = {(QvObj *)exc->type, exc, tb ? tb : QV_NONE};
    static const char *const names[] = {"last_type", "last_value", "last_traceback"};
    for (int k = 0; k < 3; k++) {
        if (qv_dict_set_cstr(qi, qi->sys_dict, names[k], args[k]) < 0) {
            qv_err_clear(qi);
        }
    }
    QvObj *hook = qv_sys_peek(qi, QV_N(excepthook));
    if (!hook) {
        qv_err_clear(qi);
        write_cstr(qi, "sys.excepthook is missing\n");
        show(qi, exc);
        qv_err_restore(qi, exc);
        return;
    }
    qv_incref(qi, hook);
    if (qv_audit_on(qi) &&
        qv_audit(qi, "sys.excepthook", "OOOO", hook, args[0], args[1], args[2]) < 0) {
        if (qv_err_matches(qi, &qv_exc_RuntimeError)) { // this is how a hook forbids it
            qv_err_clear(qi);
            qv_decref(qi, hook);
            qv_err_restore(qi, exc);
            return;
        }
        qv_err_unraisable_as(qi, "Exception ignored in audit hook", NULL);
    }
    QvObj *result = qv_call(qi, hook, args, 3, NULL);
    qv_decref(qi, hook);
    if (!result && qv_err_matches(qi, &qv_exc_SystemExit)) {
        qv_decref(qi, exc);
        exc = qv_err_fetch(qi); // the hook ends the program in its own way
        show_exit(qi, exc);
    } else if (!result) {
        QvObj *second = qv_err_fetch(qi);
        write_cstr(qi, "Error in sys.excepthook:\n");
        show(qi, second);
        write_cstr(qi, "\nOriginal exception was:\n");
        show(qi, exc);
        qv_decref(qi, second);
    }
    qv_xdecref(qi, result);
    qv_err_restore(qi, exc);
}
