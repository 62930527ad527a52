// SPDX-License-Identifier: MIT
// The pieces of the match statement that look at objects.
#include "object/dict.h"
#include "object/set.h"
#include "vm/eval_internal.h"

bool qv_op_match_mapping(QvObj *o) { return qv_has_flag(o, QV_T_MAPPING); }
bool qv_op_match_sequence(QvObj *o) { return qv_has_flag(o, QV_T_SEQUENCE); }

QvObj *qv_op_match_keys(QvInterp *qi, QvObj *subject, QvObj *keys)
{
    QvSsize n = qv_tuple_len(keys);
    if (n == 0) {
        return QV_EMPTY_TUPLE;
    }
    QvObj *seen = qv_set_new(qi, NULL);
    QvObj *values = qv_tuple_new(qi, n);
    QvObj *get = NULL, *missing = NULL, *result = NULL;
    if (!seen || !values) {
        goto done;
    }
    // get(key, sentinel): a defaultdict must not make the entry.
    get = qv_getattr(qi, subject, QV_N(get));
    missing = get ? qv_tuple_of(qi, 1, QV_NONE) : NULL; // a fresh object nobody else has
    if (!missing) {
        goto done;
    }
    for (QvSsize k = 0; k < n; k++) {
        QvObj *key = qv_tuple_peek(keys, k);
        int dup = qv_set_contains(qi, seen, key);
        if (dup != 0) {
            if (dup > 0) {
                qv_raise(qi, &qv_exc_ValueError, "mapping pattern checks duplicate key (%R)", key);
            }
            goto done;
        }
        if (qv_set_add(qi, seen, key) < 0) {
            goto done;
        }
        QvObj *value = qv_call2(qi, get, key, missing);
        if (!value) {
            goto done;
        }
        if (value == missing) {
            qv_decref(qi, value);
            result = QV_NONE;
            goto done;
        }
        qv_tuple_items(values)[k] = value;
    }
    result = values;
    values = NULL;
done:
    qv_xdecref(qi, seen);
    qv_xdecref(qi, values);
    qv_xdecref(qi, get);
    qv_xdecref(qi, missing);
    return result;
}

// One attribute of a class pattern: 1 (appended), 0 absent, -1.
static int match_attr(QvInterp *qi, QvObj *subject, QvObj *cls, QvObj *name, QvObj *seen,
                      QvObj *attrs)
{
    int dup = qv_set_contains(qi, seen, name);
    if (dup != 0) {
        return dup < 0 ? -1
                       : qv_raise_int(qi, &qv_exc_TypeError,
                                      "%N() got multiple sub-patterns for attribute %R",
                                      (QvType *)cls, name);
    }
    if (qv_set_add(qi, seen, name) < 0) {
        return -1;
    }
    QvObj *value;
    int found = qv_getattr_try(qi, subject, name, &value);
    if (found <= 0) {
        return found;
    }
    return qv_list_append_take(qi, attrs, value) < 0 ? -1 : 1;
}

QvObj *qv_op_match_class(QvInterp *qi, QvObj *subject, QvObj *cls, QvSsize npos, QvObj *kwnames)
{
    if (!qv_is_type(cls)) {
        return qv_raise(qi, &qv_exc_TypeError, "called match pattern must be a type");
    }
    int instance = qv_isinstance(qi, subject, cls);
    if (instance <= 0) {
        return instance < 0 ? NULL : QV_NONE;
    }
    QvObj *seen = qv_set_new(qi, NULL), *attrs = qv_list_new(qi, npos + qv_tuple_len(kwnames));
    QvObj *match_args = NULL, *result = NULL;
    if (!seen || !attrs) {
        goto done;
    }
    if (npos > 0) {
        bool match_self = false;
        int found = qv_getattr_try(qi, cls, QV_N(__match_args__), &match_args);
        if (found < 0) {
            goto done;
        }
        if (found && !qv_is_tuple_exact(match_args)) {
            qv_raise(qi, &qv_exc_TypeError, "%N.__match_args__ must be a tuple (got %T)",
                     (QvType *)cls, match_args);
            goto done;
        }
        if (!found) {
            match_args = QV_EMPTY_TUPLE;
            match_self = qv_type_has((QvType *)cls, QV_T_MATCH_SELF);
        }
        QvSsize allowed = match_self ? 1 : qv_tuple_len(match_args);
        if (allowed < npos) {
            qv_raise(qi, &qv_exc_TypeError, "%N() accepts %zd positional sub-pattern%s (%zd given)",
                     (QvType *)cls, allowed, allowed == 1 ? "" : "s", npos);
            goto done;
        }
        if (match_self) {
            if (qv_list_append(qi, attrs, subject) < 0) {
                goto done;
            }
        } else {
            for (QvSsize k = 0; k < npos; k++) {
                QvObj *name = qv_tuple_peek(match_args, k);
                if (!qv_is_str_exact(name)) {
                    qv_raise(qi, &qv_exc_TypeError,
                             "__match_args__ elements must be strings (got %T)", name);
                    goto done;
                }
                int got = match_attr(qi, subject, cls, name, seen, attrs);
                if (got <= 0) {
                    result = got < 0 ? NULL : QV_NONE;
                    goto done;
                }
            }
        }
    }
    for (QvSsize k = 0; k < qv_tuple_len(kwnames); k++) {
        int got = match_attr(qi, subject, cls, qv_tuple_peek(kwnames, k), seen, attrs);
        if (got <= 0) {
            result = got < 0 ? NULL : QV_NONE;
            goto done;
        }
    }
    result = qv_list_as_tuple(qi, attrs);
done:
    qv_xdecref(qi, seen);
    qv_xdecref(qi, attrs);
    qv_xdecref(qi, match_args);
    return result;
}

QvObj *qv_op_match_rest(QvInterp *qi, QvObj *subject, QvObj *keys)
{
    QvObj *rest = qv_dict_new(qi);
    if (!rest || qv_dict_update(qi, rest, subject) < 0) {
        qv_xdecref(qi, rest);
        return NULL;
    }
    for (QvSsize k = 0; k < qv_tuple_len(keys); k++) {
        if (qv_dict_del(qi, rest, qv_tuple_peek(keys, k)) < 0) {
            qv_decref(qi, rest);
            return NULL;
        }
    }
    return rest;
}
