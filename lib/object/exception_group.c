// SPDX-License-Identifier: MIT
// BaseExceptionGroup and ExceptionGroup: construction, split and subgroup, and what except* needs.
#include "object/dict.h"
#include "object/exception_base.h"
#include "object/function.h"
#include "object/gc.h"
#include "object/genericalias.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

static QvExcGroup *as_group(QvObj *o) { return (QvExcGroup *)o; }

static bool is_group(const QvObj *o) { return qv_is_instance_of(o, &qv_exc_BaseExceptionGroup); }

// ---- construction -------------------------------------------------------------------------------

// Checks the members (a tuple). 1: one of them is no Exception, 0: all are, -1.
static int check_members(QvInterp *qi, QvObj *excs)
{
    QvSsize n = qv_tuple_len(excs);
    if (n == 0) {
        return qv_raise_int(qi, &qv_exc_ValueError,
                            "second argument (exceptions) must be a non-empty sequence");
    }
    int base = 0;
    for (QvSsize i = 0; i < n; i++) {
        QvObj *e = qv_tuple_peek(excs, i);
        if (!qv_is_exc(e)) {
            return qv_raise_int(qi, &qv_exc_ValueError,
                                "Item %zd of second argument (exceptions) is not an exception", i);
        }
        if (!qv_is_instance_of(e, &qv_exc_Exception)) {
            base = 1;
        }
    }
    return base;
}

static QvObj *group_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    if (nargs != 2) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "BaseExceptionGroup.__new__() takes exactly 2 arguments (%zd given)",
                        nargs);
    }
    if (!qv_is_str(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "BaseExceptionGroup.__new__() argument 1 must be str, not %.50T", args[0]);
    }
    if (!qv_is_sequence(args[1])) {
        return qv_raise(qi, &qv_exc_TypeError, "second argument (exceptions) must be a sequence");
    }
    QvObj *excs = qv_to_tuple(qi, args[1]);
    if (!excs) {
        return NULL;
    }
    int base = check_members(qi, excs);
    if (base > 0 && type == &qv_exc_ExceptionGroup) {
        qv_raise(qi, &qv_exc_TypeError, "Cannot nest BaseExceptions in an ExceptionGroup");
        base = -1;
    } else if (base > 0 && qv_type_is_subtype(type, &qv_exc_Exception)) {
        qv_raise(qi, &qv_exc_TypeError, "Cannot nest BaseExceptions in '%.200N'", type);
        base = -1;
    } else if (base == 0 && type == &qv_exc_BaseExceptionGroup) {
        type = &qv_exc_ExceptionGroup;
    }
    QvObj *self = base < 0 ? NULL : qv_exc_base_new(qi, type, args, nargs, kwnames);
    if (!self) {
        qv_decref(qi, excs);
        return NULL;
    }
    as_group(self)->msg = qv_new_ref(qi, args[0]);
    as_group(self)->excs = excs;
    return self;
}

static QvObj *group_str(QvInterp *qi, QvObj *o)
{
    QvExcGroup *g = as_group(o);
    QvSsize n = qv_tuple_len(g->excs);
    return qv_str_format(qi, "%S (%zd sub-exception%s)", g->msg, n, n == 1 ? "" : "s");
}

// ---- splitting ----------------------------------------------------------------------------------

typedef enum MatchKind { MATCH_TYPE, MATCH_CALL, MATCH_IDS } MatchKind;

typedef struct Matcher {
    MatchKind kind;
    QvObj *value; // a type, a tuple of types; a function; a list of the exceptions themselves
} Matcher;

static bool is_exc_type(const QvObj *o)
{
    return qv_is_type(o) && qv_type_has((const QvType *)o, QV_T_EXC);
}

static int make_matcher(QvInterp *qi, QvObj *value, Matcher *ret)
{
    ret->value = value;
    if (qv_is_function(value)) {
        ret->kind = MATCH_CALL;
        return 0;
    }
    ret->kind = MATCH_TYPE;
    if (is_exc_type(value)) {
        return 0;
    }
    if (qv_is_tuple_exact(value)) {
        QvSsize i = 0;
        while (i < qv_tuple_len(value) && is_exc_type(qv_tuple_peek(value, i))) {
            i++;
        }
        if (i == qv_tuple_len(value)) {
            return 0;
        }
    }
    return qv_raise_int(qi, &qv_exc_TypeError,
                        "expected a function, exception type or tuple of exception types");
}

static int matches(QvInterp *qi, QvObj *exc, const Matcher *m)
{
    switch (m->kind) {
    case MATCH_TYPE: return qv_err_given_matches(qi, exc, m->value);
    case MATCH_CALL: {
        QvObj *r = qv_call1(qi, m->value, exc);
        if (!r) {
            return -1;
        }
        int b = qv_is_true(qi, r);
        qv_decref(qi, r);
        return b;
    }
    case MATCH_IDS:
        if (is_group(exc)) {
            return 0;
        }
        for (QvSsize i = 0; i < qv_list_len(m->value); i++) {
            if (qv_list_peek(m->value, i) == exc) {
                return 1;
            }
        }
        return 0;
    }
    return 0;
}

// Traceback, context, cause and notes of `orig` for a group derived from it.
static int copy_metadata(QvInterp *qi, QvObj *orig, QvObj *derived)
{
    QvExc *from = (QvExc *)orig, *to = (QvExc *)derived;
    qv_set_take(qi, &to->traceback, qv_xnew_ref(qi, from->traceback));
    qv_set_take(qi, &to->context, qv_xnew_ref(qi, from->context));
    qv_exc_set_cause(qi, derived, qv_xnew_ref(qi, from->cause));
    QvObj *notes;
    int has = qv_getattr_try(qi, orig, QV_N(__notes__), &notes);
    if (has <= 0) {
        return has;
    }
    int result = 0;
    if (qv_is_sequence(notes)) {
        QvObj *copy = qv_to_list(qi, notes);
        result = copy ? qv_setattr(qi, derived, QV_N(__notes__), copy) : -1;
        qv_xdecref(qi, copy);
    }
    qv_decref(qi, notes);
    return result;
}

// orig.derive(excs) with orig's metadata. *ret NULL when the list is empty.
static int subset(QvInterp *qi, QvObj *orig, QvObj *excs, QvObj **ret)
{
    *ret = NULL;
    if (qv_list_len(excs) == 0) {
        return 0;
    }
    QvObj *g = qv_call_method1(qi, orig, QV_N(derive), excs);
    if (!g) {
        return -1;
    }
    if (!is_group(g)) {
        qv_decref(qi, g);
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "derive must return an instance of BaseExceptionGroup");
    }
    if (copy_metadata(qi, orig, g) < 0) {
        qv_decref(qi, g);
        return -1;
    }
    *ret = g;
    return 0;
}

static int append_take(QvInterp *qi, QvObj *list, QvObj *exc)
{
    return exc ? qv_list_append_take(qi, list, exc) : 0;
}

// Splits exc: what matches and, when ret_rest is not NULL, what does not. NULL: nothing. 0/-1.
static int split(QvInterp *qi, QvObj *exc, const Matcher *m, QvObj **ret_match, QvObj **ret_rest)
{
    *ret_match = NULL;
    if (ret_rest) {
        *ret_rest = NULL;
    }
    int is_match = matches(qi, exc, m);
    if (is_match < 0) {
        return -1;
    }
    if (is_match) {
        *ret_match = qv_new_ref(qi, exc);
        return 0;
    }
    if (!is_group(exc)) {
        if (ret_rest) {
            *ret_rest = qv_new_ref(qi, exc);
        }
        return 0;
    }
    if (qv_enter_recursive(qi, " in exceptiongroup_split_recursive") < 0) {
        return -1;
    }
    int result = -1;
    QvObj *match_list = qv_list_new(qi, 0), *rest_list = NULL;
    QvObj *excs = qv_new_ref(qi, as_group(exc)->excs);
    if (!match_list || (ret_rest && !(rest_list = qv_list_new(qi, 0)))) {
        goto done;
    }
    for (QvSsize i = 0; i < qv_tuple_len(excs); i++) {
        QvObj *match, *rest = NULL;
        if (split(qi, qv_tuple_peek(excs, i), m, &match, ret_rest ? &rest : NULL) < 0) {
            goto done;
        }
        if (append_take(qi, match_list, match) < 0) {
            qv_xdecref(qi, rest);
            goto done;
        }
        if (ret_rest && append_take(qi, rest_list, rest) < 0) {
            goto done;
        }
    }
    result = subset(qi, exc, match_list, ret_match);
    if (result == 0 && ret_rest && subset(qi, exc, rest_list, ret_rest) < 0) {
        qv_clear(qi, ret_match);
        result = -1;
    }
done:
    qv_leave_recursive(qi);
    qv_xdecref(qi, match_list);
    qv_xdecref(qi, rest_list);
    qv_decref(qi, excs);
    return result;
}

// ---- methods ------------------------------------------------------------------------------------

static QvObj *or_none(QvObj *o) { return o ? o : QV_NONE; }

static QvObj *group_split(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Matcher m;
    QvObj *match, *rest;
    if (make_matcher(qi, args[0], &m) < 0 || split(qi, self, &m, &match, &rest) < 0) {
        return NULL;
    }
    QvObj *r = qv_tuple_of(qi, 2, or_none(match), or_none(rest));
    qv_xdecref(qi, match);
    qv_xdecref(qi, rest);
    return r;
}

static QvObj *group_subgroup(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Matcher m;
    QvObj *match;
    if (make_matcher(qi, args[0], &m) < 0 || split(qi, self, &m, &match, NULL) < 0) {
        return NULL;
    }
    return or_none(match);
}

static QvObj *group_derive(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return qv_call2(qi, (QvObj *)&qv_exc_BaseExceptionGroup, as_group(self)->msg, args[0]);
}

static QvObj *get_message(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, or_none(as_group(o)->msg));
}

static QvObj *get_exceptions(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, or_none(as_group(o)->excs));
}

static int set_readonly(QvInterp *qi, QvObj *o, QvObj *value)
{
    (void)o;
    (void)value;
    return qv_raise_int(qi, &qv_exc_AttributeError, "readonly attribute");
}

static void group_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_group(o)->msg);
    qv_clear(qi, &as_group(o)->excs);
    qv_exc_base_fini(qi, o);
}

// str() goes on working with an empty group.
static void group_clear(QvInterp *qi, QvObj *o)
{
    qv_set_take(qi, &as_group(o)->excs, QV_EMPTY_TUPLE);
    qv_exc_base_clear(qi, o);
}

static int group_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_group(o)->msg);
    QV_VISIT(as_group(o)->excs);
    return qv_exc_base_traverse(o, visit, ctx);
}

static const QvGetSet group_getsets[] = {
    {"message", get_message, set_readonly, "exception message"},
    {"exceptions", get_exceptions, set_readonly, "nested exceptions"},
    {0},
};

static const QvNativeDef group_methods[] = {
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {"derive", group_derive, "($self, excs, /)", NULL},
    {"split", group_split, "($self, condition, /)", NULL},
    {"subgroup", group_subgroup, "($self, condition, /)", NULL},
    {0},
};

QV_SEALED QvType qv_exc_BaseExceptionGroup = {
    QV_EXC_TYPE(BaseExceptionGroup, BaseException, QvExcGroup),
    .doc = "A combination of multiple unrelated exceptions.",
    .methods = group_methods,
    .getsets = group_getsets,
    .new_ = group_new,
    .fini = group_fini,
    .clear = group_clear,
    .traverse = group_traverse,
    .str = group_str,
};

// Its second base, Exception, is known to the seal.
QV_SEALED QvType qv_exc_ExceptionGroup = {
    QV_EXC_TYPE(ExceptionGroup, BaseExceptionGroup, QvExcGroup),
};

// ---- except* ------------------------------------------------------------------------------------

int qv_excgroup_split(QvInterp *qi, QvObj *exc, QvObj *match_type, QvObj **ret_match,
                      QvObj **ret_rest)
{
    *ret_match = *ret_rest = QV_NONE;
    if (exc == QV_NONE) {
        return 0;
    }
    if (qv_err_given_matches(qi, exc, match_type)) {
        if (is_group(exc)) {
            *ret_match = qv_new_ref(qi, exc);
            return 0;
        }
        // A naked exception is wrapped.
        QvObj *list = qv_tuple_of(qi, 1, exc);
        QvObj *group = list ? qv_call2(qi, (QvObj *)&qv_exc_BaseExceptionGroup, QV_N(empty), list)
                            : NULL;
        qv_xdecref(qi, list);
        if (!group) {
            return -1;
        }
        *ret_match = group;
        return 0;
    }
    if (!is_group(exc)) {
        *ret_rest = qv_new_ref(qi, exc);
        return 0;
    }
    QvObj *pair = qv_call_method1(qi, exc, QV_N(split), match_type);
    if (!pair) {
        return -1;
    }
    if (!qv_is_tuple(pair)) {
        qv_raise(qi, &qv_exc_TypeError, "%.200T.split must return a tuple, not %.200T", exc, pair);
        qv_decref(qi, pair);
        return -1;
    }
    if (qv_tuple_len(pair) < 2) {
        qv_raise(qi, &qv_exc_TypeError, "%.200T.split must return a 2-tuple, got tuple of size %zd",
                 exc, qv_tuple_len(pair));
        qv_decref(qi, pair);
        return -1;
    }
    *ret_match = qv_new_ref(qi, qv_tuple_peek(pair, 0));
    *ret_rest = qv_new_ref(qi, qv_tuple_peek(pair, 1));
    qv_decref(qi, pair);
    return 0;
}

// Adds the leaves of exc to a list.
static int collect_leaves(QvInterp *qi, QvObj *exc, QvObj *list)
{
    if (!is_group(exc)) {
        return qv_list_append(qi, list, exc);
    }
    if (qv_enter_recursive(qi, " in collect_exception_group_leaves") < 0) {
        return -1;
    }
    QvObj *excs = as_group(exc)->excs;
    int result = 0;
    for (QvSsize i = 0; i < qv_tuple_len(excs) && result == 0; i++) {
        result = collect_leaves(qi, qv_tuple_peek(excs, i), list);
    }
    qv_leave_recursive(qi);
    return result;
}

// The part of orig that consists of the leaves of `keep`, as one group. *ret NULL: nothing.
static int project(QvInterp *qi, QvObj *orig, QvObj *keep, QvObj **ret)
{
    *ret = NULL;
    QvObj *leaves = qv_list_new(qi, 0);
    if (!leaves) {
        return -1;
    }
    int result = 0;
    for (QvSsize i = 0; i < qv_list_len(keep) && result == 0; i++) {
        result = collect_leaves(qi, qv_list_peek(keep, i), leaves);
    }
    if (result == 0) {
        Matcher m = {.kind = MATCH_IDS, .value = leaves};
        result = split(qi, orig, &m, ret, NULL);
    }
    qv_decref(qi, leaves);
    return result;
}

// Was exc split off orig and only raised again (same metadata), or raised anew?
static bool same_metadata(QvObj *exc, QvObj *orig)
{
    if (!is_group(exc)) {
        return false;
    }
    const QvExc *a = (const QvExc *)exc, *b = (const QvExc *)orig;
    return a->traceback == b->traceback && a->cause == b->cause && a->context == b->context;
}

QvObj *qv_excgroup_reraise(QvInterp *qi, QvObj *orig, QvObj *excs)
{
    QvSsize n = qv_list_len(excs);
    QvObj *last = NULL;
    for (QvSsize i = 0; i < n; i++) {
        if (qv_list_peek(excs, i) != QV_NONE) {
            last = qv_list_peek(excs, i);
        }
    }
    if (!last) {
        return QV_NONE;
    }
    if (!is_group(orig)) {
        // A naked exception: one clause at most has run, and raised this; or none has.
        return qv_new_ref(qi, last);
    }
    QvObj *raised = qv_list_new(qi, 0), *reraised = qv_list_new(qi, 0), *again = NULL,
          *result = NULL;
    if (!raised || !reraised) {
        goto done;
    }
    for (QvSsize i = 0; i < n; i++) {
        QvObj *e = qv_list_peek(excs, i);
        if (e != QV_NONE && qv_list_append(qi, same_metadata(e, orig) ? reraised : raised, e) < 0) {
            goto done;
        }
    }
    if (project(qi, orig, reraised, &again) < 0) {
        goto done;
    }
    if (qv_list_len(raised) == 0) {
        result = qv_new_ref(qi, or_none(again));
        goto done;
    }
    if (again && qv_list_append(qi, raised, again) < 0) {
        goto done;
    }
    result = qv_call2(qi, (QvObj *)&qv_exc_BaseExceptionGroup, QV_N(empty), raised);
done:
    qv_xdecref(qi, raised);
    qv_xdecref(qi, reraised);
    qv_xdecref(qi, again);
    return result;
}
