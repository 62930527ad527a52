// SPDX-License-Identifier: MIT
// Errors that nobody can catch (unraisable) and warnings.
//
// Warnings go to the `warnings` module once that is loaded (it has the filters); before, the
// filters that Python starts with are applied here.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "object/audit.h"
#include "object/caps.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/exception.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/structseq.h"
#include "object/tuple.h"

void qv_err_write(QvInterp *qi, QvObj *s)
{
    QvObj *file = qi->sys_dict ? qv_dict_peek_str(qi->sys_dict, QV_N(stderr)) : NULL;
    if (file == QV_NONE || (qi->finalizing && !qi->sys_dict)) {
        return; // what ends after sys is gone has nobody to tell, as in CPython
    }
    if (file) {
        qv_incref(qi, file);
        QvObj *r = qv_call_method1(qi, file, QV_N(write), s);
        if (r) {
            qv_decref(qi, r);
            r = qv_call_method0(qi, file, QV_N(flush));
        }
        qv_xdecref(qi, r);
        qv_decref(qi, file);
    } else {
        QvUtf8 u;
        if (qv_str_utf8_surrogates(qi, s, &u, false) == 0) {
            if (qi->hooks.streams >> 2 & 1) {
                (void)qi->hooks.write(qi, 2, u.s, u.n);
            } else {
                ssize_t told = write(STDERR_FILENO, u.s, (size_t)u.n);
                (void)told; // nobody is left to hear of a failure
            }
            qv_utf8_release(qi, &u);
        }
    }
    qv_err_clear(qi);
}

static void write_stderr_take(QvInterp *qi, QvObj *s)
{
    if (!s) {
        qv_err_clear(qi);
        return;
    }
    qv_err_write(qi, s);
    qv_decref(qi, s);
}

// ---- unraisable ---------------------------------------------------------------------------------

void qv_err_write_unraisable(QvInterp *qi, QvObj *exc, QvObj *message, QvObj *where)
{
    if (where && where != QV_NONE) {
        QvObj *text = qv_repr(qi, where);
        if (!text) {
            qv_err_clear(qi);
            text = qv_str_new_cstr(qi, "<object repr() failed>");
        }
        if (!text) {
            qv_err_clear(qi);
        } else {
            QvObj *head = message && message != QV_NONE
                              ? qv_str_format(qi, "%S: %U\n", message, text)
                              : qv_str_format(qi, "Exception ignored in: %U\n", text);
            write_stderr_take(qi, head);
            qv_decref(qi, text);
        }
    } else if (message && message != QV_NONE) {
        write_stderr_take(qi, qv_str_format(qi, "%S:\n", message));
    }
    if (!exc || !qv_is_exc(exc)) {
        return;
    }
    // Only the exception itself is shown, without what it came from.
    QvExc *e = (QvExc *)exc;
    QvObj *context = e->context, *cause = e->cause;
    e->context = e->cause = NULL;
    QvObj *text = qv_exc_format(qi, exc);
    if (!e->context && !e->cause) {
        e->context = context;
        e->cause = cause;
    } else {
        qv_xdecref(qi, context);
        qv_xdecref(qi, cause);
    }
    write_stderr_take(qi, text);
}

// What sys.unraisablehook gets: an object with the five attributes.
static QvObj *unraisable_args(QvInterp *qi, QvObj *exc, QvObj *message, QvObj *where)
{
    static const QvStructSeqField fields[] = {{"exc_type", "Exception type"},
                                              {"exc_value", "Exception value"},
                                              {"exc_traceback", "Exception traceback"},
                                              {"err_msg", "Error message"},
                                              {"object", "Object causing the exception"},
                                              {0}};
    if (!qi->unraisable_type &&
        !(qi->unraisable_type = qv_structseq_type(qi, "UnraisableHookArgs", fields, 5))) {
        return NULL;
    }
    QvObj *tb = ((QvExc *)exc)->traceback;
    QvObj *values[] = {
        qv_new_ref(qi, (QvObj *)exc->type), qv_new_ref(qi, exc), qv_new_ref(qi, tb ? tb : QV_NONE),
        qv_new_ref(qi, message ? message : QV_NONE), qv_new_ref(qi, where ? where : QV_NONE)};
    return qv_structseq_new(qi, qi->unraisable_type, values);
}

bool qv_err_is_unraisable_args(QvInterp *qi, const QvObj *o)
{
    return qi->unraisable_type && o->type == (QvType *)qi->unraisable_type;
}

// The hook that sys starts with does what this file does anyway.
static bool is_default_hook(const QvObj *hook)
{
    if (hook->type != &qv_builtin_type) {
        return false;
    }
    return strcmp(((const QvBuiltin *)hook)->sig->def->name, "unraisablehook") == 0;
}

void qv_err_unraisable(QvInterp *qi, QvObj *where) { qv_err_unraisable_as(qi, NULL, where); }

void qv_err_unraisable_as(QvInterp *qi, const char *what, QvObj *where)
{
    QvObj *exc = qv_err_fetch(qi);
    if (!exc) {
        return;
    }
    if (qi->ts->past_handlers || exc->type == &qv_exc_LimitExceeded ||
        (qi->ts->stops && qv_is_instance_of(exc, &qv_exc_SystemExit)) ||
        ((QvExc *)exc)->stop == QV_EXC_STOP_AGAIN) {
        qv_decref(qi, exc); // the thread is being stopped: nobody's error
        return;
    }
    if (((QvExc *)exc)->stop == QV_EXC_STOP_INTERRUPT && qi->ts->frame) {
        qv_err_drop_take(qi, exc); // it was meant for what went on, not for a finalizer in it
        return;
    }
    qv_xincref(qi, where);
    if (!((QvExc *)exc)->traceback) {
        qv_frame_blame(qi, exc); // raised in C: the place that led there is shown
    }
    QvObj *text = what ? qv_str_new_cstr(qi, what) : NULL;
    if (what && !text) {
        qv_err_clear(qi); // no memory: told without it, by code that must not see an exception
    }
    QvObj *hook = qi->sys_dict ? qv_dict_peek_str(qi->sys_dict, QV_N(unraisablehook)) : NULL;
    qv_xincref(qi, hook);
    if (qv_audit_on(qi)) {
        QvObj *args = unraisable_args(qi, exc, text, where);
        if (!args || qv_audit(qi, "sys.unraisablehook", "OO", hook, args) < 0) {
            qv_set_take(qi, &text, qv_str_new_cstr(qi, "Exception ignored in audit hook"));
            qv_set_take(qi, &exc, qv_err_fetch(qi));
            qv_clear(qi, &hook); // the hook's own exception is told the plain way
        }
        qv_xdecref(qi, args);
    }
    if (hook && hook != QV_NONE && !is_default_hook(hook)) {
        QvObj *args = unraisable_args(qi, exc, text, where);
        QvObj *r = args ? qv_call1(qi, hook, args) : NULL;
        qv_xdecref(qi, args);
        if (r) {
            qv_decref(qi, r);
        } else {
            QvObj *second = qv_err_fetch(qi);
            QvObj *message = qv_str_new_cstr(qi, "Exception ignored in sys.unraisablehook");
            if (second && message) {
                qv_err_write_unraisable(qi, second, message, hook);
            }
            qv_xdecref(qi, message);
            qv_xdecref(qi, second);
            qv_err_clear(qi);
        }
    } else {
        qv_err_write_unraisable(qi, exc, text, where);
    }
    qv_xdecref(qi, hook);
    qv_decref(qi, exc);
    qv_xdecref(qi, where);
    qv_xdecref(qi, text);
    qv_err_clear(qi);
}

// ---- warnings -----------------------------------------------------------------------------------

// A function of the warnings module if that is loaded. 1 (*ret new), 0, -1. At the end, when the
// module may be gone or empty, _warnings' own warn still knows the filters.
static int loaded_warn(QvInterp *qi, QvObj *name, QvObj **ret)
{
    if (qi->finalizing) {
        *ret = name == QV_N(warn) ? qv_xnew_ref(qi, qi->warn_state) : NULL;
        return *ret != NULL;
    }
    if (!qi->modules) {
        return 0;
    }
    QvObj *module = qv_is_dict(qi->modules) ? qv_dict_peek_str(qi->modules, QV_N(warnings)) : NULL;
    if (!module && qi->config.nwarn > 0) { // -W: its filters are the module's to apply
        module = qv_import(qi, "warnings");
        if (!module) {
            qv_err_clear(qi);
            return 0;
        }
    } else if (!module || module == QV_NONE) {
        return 0;
    } else {
        qv_incref(qi, module);
    }
    int has = qv_getattr_try(qi, module, name, ret);
    qv_decref(qi, module);
    return has;
}

// The filters of a fresh interpreter: deprecations are shown in __main__ only.
static bool shown_by_default(const QvType *category, QvObj *globals)
{
    if (qv_type_is_subtype(category, &qv_exc_DeprecationWarning)) {
        QvObj *name = globals ? qv_dict_peek_str(globals, QV_N(__name__)) : NULL;
        return name && qv_is_str(name) && qv_str_eq_ascii(name, "__main__");
    }
    return !qv_type_is_subtype(category, &qv_exc_PendingDeprecationWarning) &&
           !qv_type_is_subtype(category, &qv_exc_ImportWarning) &&
           !qv_type_is_subtype(category, &qv_exc_ResourceWarning);
}

// Line `lineno` of a source file with its white space trimmed, indented by two: new str. NULL
// without an exception when it cannot be had.
static QvObj *source_line(QvInterp *qi, QvObj *filename, int lineno)
{
    QvUtf8 path;
    if (qv_str_utf8_surrogates(qi, filename, &path, true) < 0) {
        qv_err_clear(qi);
        return NULL;
    }
    bool may = path.n > 0 && path.s[0] != '<' && qv_cap_importable(qi, path.s);
    FILE *f = may ? fopen(path.s, "re") : NULL;
    qv_utf8_release(qi, &path);
    if (!f) {
        return NULL;
    }
    char *line = NULL;
    size_t room = 0;
    ssize_t n = -1;
    while (lineno-- > 0 && (n = getline(&line, &room, f)) >= 0) {}
    fclose(f);
    QvObj *s = NULL;
    if (n > 0) {
        while (n > 0 && strchr(" \t\f\r\n", line[n - 1])) {
            line[--n] = 0;
        }
        const char *start = line + strspn(line, " \t\f");
        s = *start ? qv_str_format(qi, "  %s\n", start) : NULL;
        if (!s) {
            qv_err_clear(qi);
        }
    }
    free(line);
    return s;
}

// "default" action: once for each place. 1: not seen before (now recorded), 0: seen, -1.
static int register_warning(QvInterp *qi, QvObj *globals, QvObj *text, QvType *category, int lineno)
{
    QvObj *registry = qv_dict_peek_str(globals, QV_N(__warningregistry__));
    if (registry) {
        qv_incref(qi, registry);
    } else {
        registry = qv_dict_new(qi);
        if (!registry || qv_dict_set(qi, globals, QV_N(__warningregistry__), registry) < 0) {
            qv_xdecref(qi, registry);
            return -1;
        }
    }
    int fresh = 1;
    QvObj *line = qv_int_from_i64(qi, lineno);
    QvObj *place = line ? qv_tuple_of(qi, 3, text, category, line) : NULL;
    if (!place) {
        fresh = -1;
    } else if (qv_is_dict(registry)) {
        QvObj *seen;
        int has = qv_dict_get(qi, registry, place, &seen);
        if (has > 0 && seen == QV_TRUE) {
            fresh = 0;
        } else if (has < 0 || qv_dict_set(qi, registry, place, QV_TRUE) < 0) {
            fresh = -1;
        }
    }
    qv_xdecref(qi, place);
    qv_xdecref(qi, line);
    qv_decref(qi, registry);
    return fresh;
}

// "file:line: Category: text" and the line itself. filename may be NULL.
void qv_warn_show(QvInterp *qi, QvType *category, QvObj *text, QvObj *filename, int lineno)
{
    QvObj *line = filename
                      ? qv_str_format(qi, "%U:%d: %s: %U\n", filename, lineno,
                                      qv_type_short_name(category), text)
                      : qv_str_format(qi, "sys:1: %s: %U\n", qv_type_short_name(category), text);
    write_stderr_take(qi, line);
    QvObj *source = filename ? source_line(qi, filename, lineno) : NULL;
    if (source) {
        write_stderr_take(qi, source);
    }
}

int qv_warn_explicit(QvInterp *qi, QvType *category, QvObj *text, QvObj *filename, int lineno)
{
    QvObj *warn = NULL;
    int result = loaded_warn(qi, QV_N(warn_explicit), &warn);
    if (result > 0) {
        QvObj *line = qv_int_from_i64(qi, lineno);
        QvObj *args[] = {text, (QvObj *)category, filename, line};
        QvObj *r = line ? qv_call(qi, warn, args, 4, NULL) : NULL;
        qv_xdecref(qi, line);
        qv_decref(qi, warn);
        qv_xdecref(qi, r);
        return r ? 0 : -1;
    }
    if (result == 0 && shown_by_default(category, NULL)) {
        qv_warn_show(qi, category, text, filename, lineno);
    }
    return result;
}

static int warn_plainly(QvInterp *qi, QvType *category, int stack_level, QvObj *text)
{
    QvObj *filename = NULL, *globals = NULL;
    int lineno = 1;
    int has = qi->ts->frame ? qv_frame_location(qi, stack_level, &filename, &lineno, &globals) : 0;
    if (has < 0) {
        return -1;
    }
    int result = 0;
    if (shown_by_default(category, globals)) {
        result = globals ? register_warning(qi, globals, text, category, lineno) : 1;
        if (result > 0) {
            qv_warn_show(qi, category, text, filename, lineno);
            result = 0;
        }
    }
    qv_xdecref(qi, filename);
    qv_xdecref(qi, globals);
    return result;
}

int qv_warn(QvInterp *qi, QvType *category, int stack_level, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    QvObj *text = qv_str_format_v(qi, fmt, ap);
    va_end(ap);
    if (!text) {
        return -1;
    }
    QvObj *warn = NULL;
    int result = loaded_warn(qi, QV_N(warn), &warn);
    if (result > 0) {
        QvObj *level = qv_int_from_i64(qi, stack_level);
        QvObj *r = level ? qv_call3(qi, warn, text, (QvObj *)category, level) : NULL;
        result = r ? 0 : -1;
        qv_xdecref(qi, r);
        qv_xdecref(qi, level);
        qv_decref(qi, warn);
    } else if (result == 0) {
        result = warn_plainly(qi, category, stack_level, text);
    }
    qv_decref(qi, text);
    return result;
}

void qv_warn_unawaited(QvInterp *qi, QvObj *coroutine, QvObj *qualname)
{
    QvObj *name = qv_str_intern_cstr(qi, "_warn_unawaited_coroutine");
    QvObj *warn;
    bool told = false;
    if (name && loaded_warn(qi, name, &warn) > 0) { // tells where it was made, too
        QvObj *r = qv_call1(qi, warn, coroutine);
        told = r || qv_err_matches(qi, &qv_exc_RuntimeWarning);
        qv_xdecref(qi, r);
        qv_decref(qi, warn);
    }
    qv_xdecref(qi, name);
    if (qv_err_occurred(qi)) {
        qv_err_unraisable(qi, coroutine);
    }
    if (!told &&
        qv_warn(qi, &qv_exc_RuntimeWarning, 1, "coroutine '%U' was never awaited", qualname) < 0) {
        qv_err_unraisable(qi, coroutine);
    }
}
