// SPDX-License-Identifier: MIT
// eval, exec.
#include "code/code.h"
#include "compile/compile.h"
#include "modules/builtins.h"
#include "modules/modules.h"
#include "object/audit.h"
#include "object/dict.h"
#include "object/interp.h"
#include "object/str.h"
#include "object/tuple.h"
#include "vm/frame.h"

// The namespaces that eval and exec use: globals and locals default to the caller's. New
// references.
static int namespaces(QvInterp *qi, const char *function, QvObj *globals, QvObj *locals,
                      QvObj **ret_globals, QvObj **ret_locals)
{
    bool none = !globals || globals == QV_NONE;
    if (locals == QV_NONE) {
        locals = NULL;
    }
    if (locals && !qv_is_mapping(locals)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            function[1] == 'v' ? "locals must be a mapping"
                                               : "locals must be a mapping or None, not %T",
                            locals);
    }
    if (!none && !qv_is_dict(globals)) {
        if (function[1] == 'v') {
            return qv_raise_int(qi, &qv_exc_TypeError,
                                qv_is_mapping(globals)
                                    ? "globals must be a real dict; try eval(code, {}, mapping)"
                                    : "globals must be a dict");
        }
        return qv_raise_int(qi, &qv_exc_TypeError, "exec() globals must be a dict, not %T",
                            globals);
    }
    QvFrame *f = qi->ts->frame;
    if (none) {
        if (!f) {
            return qv_raise_int(qi, &qv_exc_SystemError, "globals and locals cannot be NULL");
        }
        globals = f->globals;
    }
    QvObj *own = NULL;
    if (!locals) {
        if (none) {
            own = qv_frame_locals(qi, f);
            if (!own) {
                return -1;
            }
        } else {
            own = qv_new_ref(qi, globals);
        }
    } else {
        own = qv_new_ref(qi, locals);
    }
    QvObj *have;
    int found = qv_dict_get(qi, globals, QV_N(__builtins__), &have);
    QvObj *builtins = qv_frame_builtins(qi);
    if (found < 0 ||
        (found == 0 && builtins && qv_dict_set(qi, globals, QV_N(__builtins__), builtins) < 0)) {
        qv_decref(qi, own);
        return -1;
    }
    *ret_globals = qv_new_ref(qi, globals);
    *ret_locals = own;
    return 0;
}

static int audit_exec(QvInterp *qi, QvObj *code)
{
    return qv_audit_on(qi) ? qv_audit(qi, "exec", "O", code) : 0;
}

static QvObj *run_string(QvInterp *qi, QvObj *source, const char *function, int mode,
                         QvObj *globals, QvObj *locals)
{
    QvSourceText src;
    if (qv_source_get(qi, source, function, "string, bytes or code", &src) < 0) {
        return NULL;
    }
    const char *s = src.s;
    QvSsize n = src.n;
    while (mode == 1 && n > 0 && (*s == ' ' || *s == '\t')) { // eval(" 1")
        s++;
        n--;
    }
    QvObj *code = NULL;
    if (!qv_audit_on(qi) || qv_source_audit(qi, s, n, QV_N(string_)) == 0) {
        code = qi->hooks.compile(
            qi, s, n, QV_N(string_), mode,
            qv_source_inherited(qi) | (src.from_str ? QV_CF_SOURCE_IS_UTF8 : 0), qi->optimize);
    }
    qv_source_release(qi, &src);
    QvObj *result = code && audit_exec(qi, code) == 0
                        ? qv_eval_code(qi, (QvCode *)code, globals, locals, NULL)
                        : NULL;
    qv_xdecref(qi, code);
    return result;
}

QvObj *qv_builtin_eval(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvObj *globals = NULL, *locals = NULL, *result;
    if (namespaces(qi, "eval", a[1], a[2], &globals, &locals) < 0) {
        return NULL;
    }
    if (qv_is_code(a[0])) {
        if (((QvCode *)a[0])->nfree) {
            result = qv_raise(qi, &qv_exc_TypeError,
                              "code object passed to eval() may not contain free variables");
        } else {
            result = audit_exec(qi, a[0]) < 0
                         ? NULL
                         : qv_eval_code(qi, (QvCode *)a[0], globals, locals, NULL);
        }
    } else {
        result = run_string(qi, a[0], "eval", 1, globals, locals);
    }
    qv_decref(qi, globals);
    qv_decref(qi, locals);
    return result;
}

static int check_closure(QvInterp *qi, QvObj *source, QvObj *closure)
{
    if (!qv_is_code(source)) {
        return closure ? qv_raise_int(qi, &qv_exc_TypeError,
                                      "closure can only be used when source is a code object")
                       : 0;
    }
    uint16_t nfree = ((QvCode *)source)->nfree;
    if (!nfree) {
        return closure ? qv_raise_int(qi, &qv_exc_TypeError,
                                      "cannot use a closure with this code object")
                       : 0;
    }
    bool good = closure && qv_is_tuple_exact(closure) && qv_tuple_len(closure) == nfree;
    for (QvSsize k = 0; good && k < nfree; k++) {
        good = qv_tuple_peek(closure, k)->type == &qv_cell_type;
    }
    return good ? 0
                : qv_raise_int(qi, &qv_exc_TypeError,
                               "code object requires a closure of exactly length %d", (int)nfree);
}

QvObj *qv_builtin_exec(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvObj *globals = NULL, *locals = NULL, *result = NULL;
    QvObj *closure = a[3] == QV_NONE ? NULL : a[3];
    if (check_closure(qi, a[0], closure) < 0 ||
        namespaces(qi, "exec", a[1], a[2], &globals, &locals) < 0) {
        return NULL;
    }
    if (qv_is_code(a[0])) {
        result = audit_exec(qi, a[0]) < 0
                     ? NULL
                     : qv_eval_code(qi, (QvCode *)a[0], globals, locals, closure);
    } else {
        result = run_string(qi, a[0], "exec", 0, globals, locals);
    }
    qv_decref(qi, globals);
    qv_decref(qi, locals);
    if (!result) {
        return NULL;
    }
    qv_decref(qi, result);
    return QV_NONE;
}
