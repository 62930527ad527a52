// SPDX-License-Identifier: MIT
// The module sys: hooks for values at the prompt, uncaught exceptions, breakpoints, audit events.
#include <stdlib.h>
#include <string.h>

#include "modules/sys.h"
#include "object/audit.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

// ---- values -------------------------------------------------------------------------------------

// file.write(text) for what its encoding may not hold: escaped instead. 0/-1.
static int write_escaped(QvInterp *qi, QvObj *file, QvObj *text)
{
    QvObj *r = qv_call_method1(qi, file, QV_N(write), text);
    if (r) {
        qv_decref(qi, r);
        return 0;
    }
    if (!qv_err_matches(qi, &qv_exc_UnicodeEncodeError)) {
        return -1;
    }
    qv_err_clear(qi);
    QvObj *encoding = qv_getattr_cstr(qi, file, "encoding");
    QvObj *name = encoding ? qv_str_new_cstr(qi, "backslashreplace") : NULL;
    QvObj *encode = name ? qv_getattr_cstr(qi, text, "encode") : NULL;
    QvObj *bytes = encode ? qv_call2(qi, encode, encoding, name) : NULL;
    QvObj *decode = bytes ? qv_getattr_cstr(qi, bytes, "decode") : NULL;
    QvObj *shown = decode ? qv_call2(qi, decode, encoding, QV_N(strict)) : NULL;
    r = shown ? qv_call_method1(qi, file, QV_N(write), shown) : NULL;
    qv_xdecref(qi, encoding);
    qv_xdecref(qi, name);
    qv_xdecref(qi, encode);
    qv_xdecref(qi, bytes);
    qv_xdecref(qi, decode);
    qv_xdecref(qi, shown);
    qv_xdecref(qi, r);
    return r ? 0 : -1;
}

// Shows the value of an expression statement in the REPL.
SYS_FN(qv_sys_displayhook)
{
    (void)m, (void)n;
    if (a[0] == QV_NONE) {
        return QV_NONE;
    }
    if (qv_dict_set(qi, qi->builtins, QV_N(_), QV_NONE) < 0) {
        return NULL;
    }
    QvObj *out = qv_sys_peek(qi, QV_N(stdout));
    if (!out || out == QV_NONE) {
        return qv_raise(qi, &qv_exc_RuntimeError, "lost sys.stdout");
    }
    qv_incref(qi, out);
    QvObj *text = qv_repr(qi, a[0]);
    int status = text ? write_escaped(qi, out, text) : -1;
    qv_xdecref(qi, text);
    QvObj *x = status == 0 ? qv_call_method1(qi, out, QV_N(write), QV_N(newline_)) : NULL;
    qv_decref(qi, out);
    if (!x) {
        return NULL;
    }
    qv_decref(qi, x);
    return qv_dict_set(qi, qi->builtins, QV_N(_), a[0]) < 0 ? NULL : QV_NONE;
}

// ---- exceptions ---------------------------------------------------------------------------------

// Writes to sys.stderr, which may be missing. 0/-1.
static int write_error(QvInterp *qi, QV_STOLEN QvObj *text)
{
    QvObj *err = text ? qv_sys_peek(qi, QV_N(stderr)) : NULL;
    QvObj *x = NULL;
    if (err && err != QV_NONE) {
        qv_incref(qi, err);
        x = qv_call_method1(qi, err, QV_N(write), text);
        qv_decref(qi, err);
    }
    qv_xdecref(qi, text);
    qv_xdecref(qi, x);
    return qv_err_occurred(qi) ? -1 : 0;
}

SYS_FN(qv_sys_excepthook)
{
    (void)m, (void)n;
    if (!qv_is_exc(a[1])) {
        return write_error(qi, qv_str_format(qi,
                                             "TypeError: print_exception(): Exception expected for "
                                             "value, %T found\n",
                                             a[1])) < 0
                   ? NULL
                   : QV_NONE;
    }
    if (a[2] != QV_NONE && !((QvExc *)a[1])->traceback && a[2]->type == &qv_traceback_type) {
        ((QvExc *)a[1])->traceback = qv_new_ref(qi, a[2]);
    }
    return write_error(qi, qv_exc_format(qi, a[1])) < 0 ? NULL : QV_NONE;
}

SYS_FN(qv_sys_unraisablehook)
{
    (void)m, (void)n;
    if (!qv_err_is_unraisable_args(qi, a[0])) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "sys.unraisablehook argument type must be UnraisableHookArgs");
    }
    QvObj *exc = qv_tuple_peek(a[0], 1), *message = qv_tuple_peek(a[0], 3),
          *what = qv_tuple_peek(a[0], 4);
    qv_err_write_unraisable(qi, exc, message, what);
    return QV_NONE;
}

// ---- breakpoints --------------------------------------------------------------------------------

// The hook that PYTHONBREAKPOINT names: module.function, or a built-in's name. NULL: a warning was
// given, or an exception.
static QvObj *find_breakpoint(QvInterp *qi, const char *dotted)
{
    const char *dot = strrchr(dotted, '.');
    QvObj *name = qv_str_new_cstr(qi, dot ? dot + 1 : dotted);
    QvObj *from = qv_str_new_utf8(qi, dotted, dot ? dot - dotted : 0);
    QvObj *module = NULL, *hook = NULL;
    QvUtf8 path;
    if (dot != dotted && name && from && qv_str_utf8(qi, from, &path) == 0) {
        module = qv_import(qi, dot ? path.s : "builtins");
        qv_utf8_release(qi, &path);
        hook = module ? qv_getattr(qi, module, name) : NULL;
    }
    qv_xdecref(qi, module);
    qv_xdecref(qi, from);
    qv_xdecref(qi, name);
    bool absent = !hook && (!qv_err_occurred(qi) || qv_err_matches(qi, &qv_exc_ImportError) ||
                            qv_err_matches(qi, &qv_exc_AttributeError));
    if (absent) {
        qv_err_clear(qi);
        qv_warn(qi, &qv_exc_RuntimeWarning, 1, "Ignoring unimportable $PYTHONBREAKPOINT: \"%s\"",
                dotted);
    }
    return hook;
}

SYS_FN(qv_sys_breakpointhook)
{
    (void)m, (void)n;
    const QvHostConfig *c = &qi->config;
    const char *env = c->ignore_env || c->isolated ? NULL : getenv("PYTHONBREAKPOINT");
    env = env && *env ? env : "pdb.set_trace";
    if (strcmp(env, "0") == 0) {
        return QV_NONE;
    }
    QvObj *hook = find_breakpoint(qi, env);
    if (!hook) {
        return qv_err_occurred(qi) ? NULL : QV_NONE;
    }
    QvObj *result = qv_call_tuple(qi, hook, a[0], a[1]);
    qv_decref(qi, hook);
    return result;
}

// ---- audit --------------------------------------------------------------------------------------

SYS_FN(qv_sys_audit)
{
    (void)m;
    if (n < 1) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "audit() missing 1 required positional argument: 'event'");
    }
    if (!qv_audit_on(qi)) {
        return QV_NONE;
    }
    if (!qv_is_str(a[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "expected str for argument 'event', not %T", a[0]);
    }
    QvObj *args = qv_tuple_from_array(qi, a + 1, n - 1);
    int status = args ? qv_audit_tuple(qi, a[0], args) : -1;
    qv_xdecref(qi, args);
    return status < 0 ? NULL : QV_NONE;
}

// A hook that is there already may refuse the new one, silently if it raises an Exception.
SYS_FN(qv_sys_addaudithook)
{
    (void)m, (void)n;
    if (qv_audit_on(qi) && qv_audit(qi, "sys.addaudithook", "") < 0) {
        if (!qv_err_matches(qi, &qv_exc_Exception)) {
            return NULL;
        }
        qv_err_clear(qi);
        return QV_NONE;
    }
    if (!qi->audit_hooks && !(qi->audit_hooks = qv_list_new(qi, 1))) {
        return NULL;
    }
    return qv_list_append(qi, qi->audit_hooks, a[0]) < 0 ? NULL : QV_NONE;
}
