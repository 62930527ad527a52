// SPDX-License-Identifier: MIT
// Calling any object from C, and the guard against running out of C stack.
#include <stdio.h>

#include "object/dict.h"
#include "object/function.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

#define SMALL_CALL 12 // argument slots kept on the C stack

// ---- recursion ----------------------------------------------------------------------------------

static int enter(QvInterp *qi, uint32_t limit, const char *where)
{
    QvThread *ts = qi->ts;
    // The address of a local tells how deep the C stack is; the frame pointer is the same to a
    // compiler that keeps locals in registers, and sanitizers do not move it to a fake stack.
    if (QV_UNLIKELY((char *)__builtin_frame_address(0) < ts->c_limit || ts->c_depth >= limit)) {
        return qv_raise_int(qi, &qv_exc_RecursionError, "maximum recursion depth exceeded%s",
                            where);
    }
    ts->c_depth++;
    return 0;
}

int qv_enter_recursive(QvInterp *qi, const char *where)
{
    return enter(qi, qi->recursion_limit, where);
}

int qv_enter_compiler(QvInterp *qi)
{
    // CPython's compiler goes three times as deep as its programs.
    uint32_t limit = qi->recursion_limit;
    return enter(qi, limit < UINT32_MAX / 3 ? limit * 3 : limit, " during compilation");
}

void qv_leave_recursive(QvInterp *qi)
{
    qv_assert(qi->ts->c_depth > 0);
    qi->ts->c_depth--;
}

// ---- calls --------------------------------------------------------------------------------------

bool qv_is_callable(const QvObj *o) { return o->type->call != NULL; }

#if QV_DEBUG
// Says what was called before the assertion fails: the rest of the report tells only from where.
static QV_COLD void tell_mismatch(QvInterp *qi, QvObj *f, QvObj *r)
{
    QvObj *name = f->type == &qv_function_type ? ((QvFunction *)f)->qualname : NULL;
    QvUtf8 text = {.s = f->type == &qv_builtin_type ? ((QvBuiltin *)f)->sig->def->name : ""};
    QvObj *exc = qv_err_fetch(qi);
    if (name) {
        (void)qv_str_utf8_surrogates(qi, name, &text, true);
    }
    fprintf(stderr, "call of %s '%s': a result of %s, exception %s\n", f->type->name, text.s,
            r ? r->type->name : "NULL", exc ? exc->type->name : "none");
    qv_err_restore(qi, exc);
}
#endif

QvObj *qv_call(QvInterp *qi, QvObj *f, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvCallFn call = f->type->call;
    if (QV_UNLIKELY(!call)) {
        return qv_raise(qi, &qv_exc_TypeError, "'%.200T' object is not callable", f);
    }
    QvObj *r;
    if (call == qv_function_call) { // enters by itself: a level of Python counts once
        r = call(qi, f, args, nargs, kwnames);
    } else {
        if (QV_UNLIKELY(qv_enter_recursive(qi, " while calling a Python object") < 0)) {
            return NULL;
        }
        r = call(qi, f, args, nargs, kwnames);
        qv_leave_recursive(qi);
    }
    // A result and an exception exclude each other; told here, the mistake is near its cause.
#if QV_DEBUG
    if ((r != NULL) != (qi->ts->exc == NULL)) {
        tell_mismatch(qi, f, r);
    }
#endif
    qv_assert((r != NULL) == (qi->ts->exc == NULL));
    if (r) {
        qv_check_owner(qi, r);
    }
    return r;
}

QvObj *qv_call0(QvInterp *qi, QvObj *f) { return qv_call(qi, f, NULL, 0, NULL); }

QvObj *qv_call1(QvInterp *qi, QvObj *f, QvObj *a) { return qv_call(qi, f, &a, 1, NULL); }

QvObj *qv_call2(QvInterp *qi, QvObj *f, QvObj *a, QvObj *b)
{
    QvObj *args[] = {a, b};
    return qv_call(qi, f, args, 2, NULL);
}

QvObj *qv_call3(QvInterp *qi, QvObj *f, QvObj *a, QvObj *b, QvObj *c)
{
    QvObj *args[] = {a, b, c};
    return qv_call(qi, f, args, 3, NULL);
}

// Keyword values behind the positional ones, and the tuple of their names. The values are kept
// alive by references of our own, since the callee may change the dict.
static QvObj *spread_kwargs(QvInterp *qi, QvObj *kwargs, QvObj **values)
{
    QvObj *names = qv_tuple_new(qi, qv_dict_len(kwargs));
    if (!names) {
        return NULL;
    }
    QvSsize pos = 0, n = 0;
    QvObj *key, *value;
    while (qv_dict_next(kwargs, &pos, &key, &value)) {
        if (!qv_is_str(key)) {
            while (n > 0) {
                qv_decref(qi, values[--n]);
            }
            qv_decref(qi, names);
            return qv_raise(qi, &qv_exc_TypeError, "keywords must be strings");
        }
        qv_tuple_items(names)[n] = qv_new_ref(qi, key);
        values[n++] = qv_new_ref(qi, value);
    }
    return names;
}

QvObj *qv_call_tuple(QvInterp *qi, QvObj *f, QvObj *args_tuple, QvObj *kwargs_dict)
{
    QvSsize nargs = qv_tuple_len(args_tuple);
    QvSsize nkw = kwargs_dict ? qv_dict_len(kwargs_dict) : 0;
    if (nkw == 0) {
        return qv_call(qi, f, qv_tuple_items(args_tuple), nargs, NULL);
    }
    QvObj *small[SMALL_CALL];
    QvObj **array = small;
    size_t bytes = (size_t)(nargs + nkw) * sizeof(QvObj *);
    if (nargs + nkw > SMALL_CALL) {
        array = qv_alloc(qi, bytes);
        if (!array) {
            return NULL;
        }
    }
    for (QvSsize i = 0; i < nargs; i++) {
        array[i] = qv_tuple_peek(args_tuple, i);
    }
    QvObj *r = NULL;
    QvObj *names = spread_kwargs(qi, kwargs_dict, array + nargs);
    if (names) {
        r = qv_call(qi, f, array, nargs, names);
        for (QvSsize i = 0; i < nkw; i++) {
            qv_decref(qi, array[nargs + i]);
        }
        qv_decref(qi, names);
    }
    if (array != small) {
        qv_free(qi, array, bytes);
    }
    return r;
}

QvObj *qv_call_method(QvInterp *qi, QvObj *o, QvObj *name, QvObj *const *args, QvSsize nargs)
{
    QvObj *f;
    int kind = qv_get_method(qi, o, name, &f);
    if (kind < 0) {
        return NULL;
    }
    if (kind == 0) {
        QvObj *r = qv_call(qi, f, args, nargs, NULL);
        qv_decref(qi, f);
        return r;
    }
    QvObj *small[SMALL_CALL];
    QvObj **array = small;
    size_t bytes = (size_t)(nargs + 1) * sizeof(QvObj *);
    if (nargs + 1 > SMALL_CALL) {
        array = qv_alloc(qi, bytes);
        if (!array) {
            qv_decref(qi, f);
            return NULL;
        }
    }
    array[0] = o;
    for (QvSsize i = 0; i < nargs; i++) {
        array[i + 1] = args[i];
    }
    QvObj *r = qv_call(qi, f, array, nargs + 1, NULL);
    if (array != small) {
        qv_free(qi, array, bytes);
    }
    qv_decref(qi, f);
    return r;
}

QvObj *qv_call_method0(QvInterp *qi, QvObj *o, QvObj *name)
{
    return qv_call_method(qi, o, name, NULL, 0);
}

QvObj *qv_call_method1(QvInterp *qi, QvObj *o, QvObj *name, QvObj *a)
{
    return qv_call_method(qi, o, name, &a, 1);
}
