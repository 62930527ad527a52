// SPDX-License-Identifier: MIT
// Binding the arguments of a call to the parameters of a Python function, in its register window.
//
// Window order: positional parameters, keyword-only parameters, *args, **kwargs, other locals. The
// arguments sit at the window's start as owned references (the caller's argument registers, or
// copies made by a call from C).
#include <stdio.h>

#include "object/dict.h"
#include "vm/eval_internal.h"

static void drop_values(QvInterp *qi, QvObj **values, QvSsize n)
{
    for (QvSsize j = 0; j < n; j++) {
        qv_clear(qi, &values[j]);
    }
}

// "a", "a and b", "a, b, and c" of quoted names, as CPython lists missing parameters.
static QvObj *list_names(QvInterp *qi, QvObj **names, QvSsize n)
{
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    for (QvSsize j = 0; j < n; j++) {
        if (j > 0) {
            qv_strbuf_cstr(&b, n == 2 ? " and " : j == n - 1 ? ", and " : ", ");
        }
        qv_strbuf_char(&b, '\'');
        qv_strbuf_str(&b, names[j]);
        qv_strbuf_char(&b, '\'');
    }
    return qv_strbuf_finish(&b);
}

// `names` has room for all parameters.
static void raise_missing(QvInterp *qi, QvFunction *func, const char *kind, QvObj **names,
                          QvSsize n)
{
    QvObj *list = list_names(qi, names, n);
    if (list) {
        qv_raise(qi, &qv_exc_TypeError, "%U() missing %zd required %s argument%s: %U",
                 func->qualname, n, kind, n == 1 ? "" : "s", list);
        qv_decref(qi, list);
    }
}

static void raise_too_many(QvInterp *qi, QvFunction *func, QvSsize given, QvObj **window)
{
    QvCode *co = func->code;
    QvSsize ndefaults = func->defaults ? qv_tuple_len(func->defaults) : 0;
    QvSsize kwonly_given = 0;
    for (unsigned j = co->argcount; j < co->argcount + (unsigned)co->kwonly; j++) {
        kwonly_given += window[j] != NULL;
    }
    bool plural;
    char takes[64];
    if (ndefaults) {
        snprintf(takes, sizeof takes, "from %d to %d", (int)(co->argcount - ndefaults),
                 (int)co->argcount);
        plural = true;
    } else {
        snprintf(takes, sizeof takes, "%d", (int)co->argcount);
        plural = co->argcount != 1;
    }
    char kw[96] = "";
    if (kwonly_given) {
        snprintf(kw, sizeof kw, " positional argument%s (and %d keyword-only argument%s)",
                 given != 1 ? "s" : "", (int)kwonly_given, kwonly_given != 1 ? "s" : "");
    }
    qv_raise(qi, &qv_exc_TypeError, "%U() takes %s positional argument%s but %zd%s %s given",
             func->qualname, takes, plural ? "s" : "", given, kw,
             given == 1 && !kwonly_given ? "was" : "were");
}

// Index of a keyword among parameters [from, to), or -1; -2 on error. Names are interned str nearly
// always.
static int find_param(QvInterp *qi, const QvCode *co, QvObj *name, int from, int to)
{
    for (int j = from; j < to; j++) {
        if (co->localnames[j] == name) {
            return j;
        }
    }
    if (qv_str_is_interned(name) && qv_is_str_exact(name)) {
        return -1;
    }
    for (int j = from; j < to; j++) {
        int same = qv_eq(qi, co->localnames[j], name);
        if (same != 0) {
            return same < 0 ? -2 : j;
        }
    }
    return -1;
}

static void raise_posonly_as_keyword(QvInterp *qi, QvFunction *func, QvObj *const *names, QvSsize n)
{
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    bool first = true;
    for (QvSsize k = 0; k < n; k++) {
        if (find_param(qi, func->code, names[k], 0, func->code->posonly) >= 0) {
            qv_strbuf_cstr(&b, first ? "" : ", ");
            qv_strbuf_str(&b, names[k]);
            first = false;
        }
    }
    QvObj *list = qv_strbuf_finish(&b);
    if (list) {
        qv_raise(qi, &qv_exc_TypeError,
                 "%U() got some positional-only arguments passed as keyword arguments: '%U'",
                 func->qualname, list);
        qv_decref(qi, list);
    }
}

// Puts the keyword values into their parameters or into **kwargs. values are consumed in any case.
static int bind_keywords(QvInterp *qi, QvFunction *func, QvObj **window, QvObj *const *names,
                         QvSsize nkw, QvObj **values, QvObj *kwdict)
{
    QvCode *co = func->code;
    int nparams = co->argcount + co->kwonly;
    for (QvSsize k = 0; k < nkw; k++) {
        QvObj *name = names[k];
        if (!qv_is_str(name)) {
            qv_raise(qi, &qv_exc_TypeError, "%U() keywords must be strings", func->qualname);
            goto fail;
        }
        int at = find_param(qi, co, name, co->posonly, nparams);
        if (at == -2) {
            goto fail;
        }
        if (at < 0) {
            if (!kwdict) {
                if (find_param(qi, co, name, 0, co->posonly) >= 0) {
                    raise_posonly_as_keyword(qi, func, names, nkw);
                } else if (!qv_err_occurred(qi)) {
                    qv_raise(qi, &qv_exc_TypeError, "%U() got an unexpected keyword argument '%S'",
                             func->qualname, name);
                }
                goto fail;
            }
            if (qv_dict_set(qi, kwdict, name, values[k]) < 0) {
                goto fail;
            }
            qv_clear(qi, &values[k]);
            continue;
        }
        if (window[at]) {
            qv_raise(qi, &qv_exc_TypeError, "%U() got multiple values for argument '%S'",
                     func->qualname, name);
            goto fail;
        }
        window[at] = values[k];
        values[k] = NULL;
    }
    return 0;
fail:
    drop_values(qi, values, nkw);
    return -1;
}

int qv_bind_defaults(QvInterp *qi, QvFunction *func, QvObj **window)
{
    QvCode *co = func->code;
    QvSsize ndefaults = func->defaults ? qv_tuple_len(func->defaults) : 0;
    QvSsize first_default = co->argcount - ndefaults;
    QvSsize missing = 0;
    for (QvSsize j = 0; j < co->argcount; j++) {
        if (window[j]) {
            continue;
        }
        if (j >= first_default) {
            window[j] = qv_new_ref(qi, qv_tuple_peek(func->defaults, j - first_default));
        } else {
            missing++;
        }
    }
    QvObj *names[256];
    if (missing) {
        QvSsize n = 0;
        for (QvSsize j = 0; j < first_default && n < 256; j++) {
            if (!window[j]) {
                names[n++] = co->localnames[j];
            }
        }
        raise_missing(qi, func, "positional", names, n);
        return -1;
    }
    for (QvSsize j = co->argcount; j < co->argcount + co->kwonly; j++) {
        if (window[j]) {
            continue;
        }
        QvObj *value = NULL;
        if (func->kwdefaults && qv_dict_get(qi, func->kwdefaults, co->localnames[j], &value) < 0) {
            return -1;
        }
        if (value && func->kwdefaults) {
            window[j] = qv_new_ref(qi, value);
        } else {
            missing++;
        }
    }
    if (missing) {
        QvSsize n = 0;
        for (QvSsize j = co->argcount; j < co->argcount + co->kwonly && n < 256; j++) {
            if (!window[j]) {
                names[n++] = co->localnames[j];
            }
        }
        raise_missing(qi, func, "keyword-only", names, n);
        return -1;
    }
    return 0;
}

// The general way: nargs positional values lie in the window; the keyword values are taken from
// `values`; kwdict, if any, is taken as the **kwargs to be.
static int bind(QvInterp *qi, QvFunction *func, QvObj **window, QvSsize nargs, QvObj *const *names,
                QvSsize nkw, QvObj **values, QV_STOLEN QvObj *kwdict)
{
    QvCode *co = func->code;
    QvSsize nlocals = co->nlocals;
    QvObj *extra = NULL;
    int result = -1;
    bool varargs = (co->flags & QV_CO_VARARGS) != 0;
    bool varkw = (co->flags & QV_CO_VARKEYWORDS) != 0;
    QvSsize nparams = co->argcount + co->kwonly;
    QvSsize kept = nargs < co->argcount ? nargs : co->argcount;

    if (varargs) {
        extra = qv_tuple_new(qi, nargs - kept);
        if (!extra) {
            drop_values(qi, window, nargs);
            drop_values(qi, values, nkw);
            goto done;
        }
        QvObj **items = qv_tuple_items(extra);
        for (QvSsize j = kept; j < nargs; j++) {
            items[j - kept] = window[j];
            window[j] = NULL;
        }
    }
    for (QvSsize j = kept; j < nargs || j < nlocals; j++) {
        qv_clear(qi, &window[j]);
    }
    if (varkw && !kwdict) {
        kwdict = qv_dict_new(qi);
        if (!kwdict) {
            drop_values(qi, values, nkw);
            goto fail;
        }
    }
    if (nkw && bind_keywords(qi, func, window, names, nkw, values, kwdict) < 0) {
        goto fail;
    }
    if (nargs > co->argcount && !varargs) {
        raise_too_many(qi, func, nargs, window);
        goto fail;
    }
    if (qv_bind_defaults(qi, func, window) < 0) {
        goto fail;
    }
    if (varargs) {
        window[nparams] = extra;
        extra = NULL;
    }
    if (varkw) {
        window[nparams + varargs] = kwdict;
        kwdict = NULL;
    }
    result = 0;
    goto done;
fail:
    drop_values(qi, window, nlocals);
done:
    qv_xdecref(qi, extra);
    qv_xdecref(qi, kwdict);
    return result;
}

int qv_bind_args(QvInterp *qi, QvFunction *func, QvObj **window, QvSsize nargs, QvObj *kwnames)
{
    QvCode *co = func->code;
    QvSsize nkw = kwnames ? qv_tuple_len(kwnames) : 0;
    QvSsize nlocals = co->nlocals;
    if (nkw == 0 && co->simple_args && nargs == co->argcount) {
        for (QvSsize j = nargs; j < nlocals; j++) {
            qv_clear(qi, &window[j]);
        }
        return 0;
    }
    if (nkw == 0 && co->simple_args && nargs < co->argcount && func->defaults) {
        // Positional values and defaults make all of it.
        QvSsize first = co->argcount - qv_tuple_len(func->defaults);
        if (nargs >= first) {
            for (QvSsize j = nargs; j < co->argcount; j++) {
                QvObj *value = qv_tuple_peek(func->defaults, j - first);
                qv_incref(qi, value);
                qv_reg_put(qi, &window[j], value);
            }
            for (QvSsize j = co->argcount; j < nlocals; j++) {
                qv_clear(qi, &window[j]);
            }
            return 0;
        }
    }
    QvObj *few[16];
    QvObj **values = few;
    if (nkw > 16) {
        values = qv_alloc(qi, (size_t)nkw * sizeof *values);
        if (!values) {
            drop_values(qi, window, nargs + nkw);
            return -1;
        }
    }
    for (QvSsize k = 0; k < nkw; k++) {
        values[k] = window[nargs + k];
        window[nargs + k] = NULL;
    }
    int result =
        bind(qi, func, window, nargs, nkw ? qv_tuple_items(kwnames) : NULL, nkw, values, NULL);
    if (values != few) {
        qv_free(qi, values, (size_t)nkw * sizeof *values);
    }
    return result;
}

// Can the dict be the **kwargs as it is: is no key a parameter, or anything but a plain name?
static bool is_all_extra(const QvCode *co, QvObj *dict)
{
    if (!(co->flags & QV_CO_VARKEYWORDS) || dict->refs != 1) {
        return false;
    }
    unsigned nparams = (unsigned)co->argcount + co->kwonly;
    QvSsize pos = 0;
    QvObj *key, *value;
    while (qv_dict_next(dict, &pos, &key, &value)) {
        if (!qv_is_str_exact(key) || !qv_str_is_interned(key)) {
            return false;
        }
        for (unsigned j = co->posonly; j < nparams; j++) {
            if (co->localnames[j] == key) {
                return false;
            }
        }
    }
    return true;
}

int qv_bind_args_dict(QvInterp *qi, QvFunction *func, QvObj **window, QvSsize nargs, QvObj **kwargs)
{
    QvObj *dict = *kwargs;
    if (is_all_extra(func->code, dict)) {
        *kwargs = NULL;
        return bind(qi, func, window, nargs, NULL, 0, NULL, dict);
    }
    QvSsize nkw = qv_dict_len(dict);
    QvObj *few[32];
    QvObj **names = few;
    if (nkw > 16) {
        names = qv_alloc(qi, 2 * (size_t)nkw * sizeof *names);
        if (!names) {
            drop_values(qi, window, nargs);
            return -1;
        }
    }
    QvObj **values = names + nkw;
    QvSsize pos = 0, n = 0;
    QvObj *key, *value;
    bool named = true;
    while (n < nkw && qv_dict_next(dict, &pos, &key, &value)) {
        named = named && qv_is_str(key);
        names[n] = qv_new_ref(qi, key);
        values[n++] = qv_new_ref(qi, value);
    }
    int result = -1;
    if (named) {
        result = bind(qi, func, window, nargs, names, n, values, NULL);
    } else {
        qv_raise(qi, &qv_exc_TypeError, "keywords must be strings");
        drop_values(qi, values, n);
        drop_values(qi, window, nargs);
    }
    drop_values(qi, names, n);
    if (names != few) {
        qv_free(qi, names, 2 * (size_t)nkw * sizeof *names);
    }
    return result;
}
