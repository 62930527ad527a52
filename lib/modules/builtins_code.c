// SPDX-License-Identifier: MIT
// compile, eval, exec.
#include <string.h>

#include "code/code.h"
#include "compile/compile.h"
#include "modules/builtins.h"
#include "modules/modules.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/interp.h"
#include "object/str.h"
#include "object/tuple.h"
#include "vm/frame.h"

// Flags of compile() as CPython numbers them.
#define PYCF_ONLY_AST 0x400
#define PYCF_KNOWN    0x1FFFE00

// Source as bytes: str or bytes-like. *from_str: no coding line applies.
typedef struct Source {
    const char *s;
    QvSsize n;
    bool from_str;
    QvUtf8 utf8;
    QvBufferView view;
} Source;

static int get_source(QvInterp *qi, QvObj *o, const char *function, const char *what, Source *src)
{
    *src = (Source){0};
    if (qv_is_str(o)) {
        if (qv_str_utf8(qi, o, &src->utf8) < 0) {
            return -1;
        }
        src->s = src->utf8.s;
        src->n = src->utf8.n;
        src->from_str = true;
    } else if (qv_has_buffer(o)) {
        if (qv_buffer_get(qi, o, &src->view, QV_BUF_SIMPLE) < 0) {
            return -1;
        }
        src->s = src->view.buf;
        src->n = src->view.len;
    } else {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s() arg 1 must be a %s object", function,
                            what);
    }
    if (memchr(src->s, 0, (size_t)src->n)) {
        qv_raise(qi, &qv_exc_ValueError, "source code string cannot contain null bytes");
        if (src->from_str) {
            qv_utf8_release(qi, &src->utf8);
        } else {
            qv_buffer_release(qi, &src->view);
        }
        return -1;
    }
    return 0;
}

static void release_source(QvInterp *qi, Source *src)
{
    if (src->from_str) {
        qv_utf8_release(qi, &src->utf8);
    } else {
        qv_buffer_release(qi, &src->view);
    }
}

// Future features of the code that calls.
static unsigned inherited_flags(QvInterp *qi)
{
    QvFrame *f = qi->ts->frame;
    return f && (f->code->flags & QV_CO_FUTURE_ANNOTATIONS) ? QV_CO_FUTURE_ANNOTATIONS : 0;
}

QvObj *qv_builtin_compile(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int64_t flags = 0, optimize = -1;
    if ((a[3] && qv_int_to_i64(qi, a[3], &flags) < 0) ||
        (a[5] && qv_int_to_i64(qi, a[5], &optimize) < 0)) {
        return NULL;
    }
    if (flags & ~(int64_t)PYCF_KNOWN) {
        return qv_raise(qi, &qv_exc_ValueError, "compile(): unrecognised flags");
    }
    if (optimize < -1 || optimize > 2) {
        return qv_raise(qi, &qv_exc_ValueError, "compile(): invalid optimize value");
    }
    if (!qv_is_str(a[2])) {
        return qv_raise(qi, &qv_exc_TypeError, "compile() argument 'mode' must be str, not %T",
                        a[2]);
    }
    int mode = qv_str_eq_ascii(a[2], "exec")     ? 0
               : qv_str_eq_ascii(a[2], "eval")   ? 1
               : qv_str_eq_ascii(a[2], "single") ? 2
                                                 : -1;
    if (mode < 0) {
        if (qv_str_eq_ascii(a[2], "func_type")) {
            return qv_raise(qi, &qv_exc_ValueError,
                            "compile() mode 'func_type' requires flag PyCF_ONLY_AST");
        }
        return qv_raise(qi, &qv_exc_ValueError,
                        "compile() mode must be 'exec', 'eval' or 'single'");
    }
    if (flags & PYCF_ONLY_AST) {
        return qv_raise(qi, &qv_exc_NotImplementedError,
                        "compile() to an AST is not available yet");
    }
    QvUtf8 path;
    if (qv_fspath_utf8(qi, a[1], &path) < 0) {
        return NULL;
    }
    QvObj *filename = qv_str_fsdecode(qi, path.s);
    qv_utf8_release(qi, &path);
    int dont_inherit = a[4] ? qv_is_true(qi, a[4]) : 0;
    Source src;
    QvObj *code = NULL;
    if (filename && dont_inherit >= 0 &&
        get_source(qi, a[0], "compile", "string, bytes or AST", &src) == 0) {
        unsigned all = (unsigned)flags | (dont_inherit ? 0 : inherited_flags(qi));
        code = qi->hooks.compile(qi, src.s, src.n, filename, mode,
                                 all | (src.from_str ? QV_CF_SOURCE_IS_UTF8 : 0),
                                 optimize < 0 ? qi->optimize : (int)optimize);
        release_source(qi, &src);
    }
    qv_xdecref(qi, filename);
    return code;
}

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
    QvObj *builtins = qv_dict_peek_str(qi->modules, QV_N(builtins));
    if (found < 0 ||
        (found == 0 && builtins && qv_dict_set(qi, globals, QV_N(__builtins__), builtins) < 0)) {
        qv_decref(qi, own);
        return -1;
    }
    *ret_globals = qv_new_ref(qi, globals);
    *ret_locals = own;
    return 0;
}

static QvObj *run_string(QvInterp *qi, QvObj *source, const char *function, int mode,
                         QvObj *globals, QvObj *locals)
{
    Source src;
    if (get_source(qi, source, function, "string, bytes or code", &src) < 0) {
        return NULL;
    }
    const char *s = src.s;
    QvSsize n = src.n;
    while (mode == 1 && n > 0 && (*s == ' ' || *s == '\t')) { // eval(" 1")
        s++;
        n--;
    }
    QvObj *code = qi->hooks.compile(qi, s, n, QV_N(string_), mode,
                                    inherited_flags(qi) | (src.from_str ? QV_CF_SOURCE_IS_UTF8 : 0),
                                    qi->optimize);
    release_source(qi, &src);
    QvObj *result = code ? qv_eval_code(qi, (QvCode *)code, globals, locals, NULL) : NULL;
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
            result = qv_eval_code(qi, (QvCode *)a[0], globals, locals, NULL);
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
                                      "closure argument cannot be used with this type of source")
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
        result = qv_eval_code(qi, (QvCode *)a[0], globals, locals, closure);
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
