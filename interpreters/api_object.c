// SPDX-License-Identifier: MIT
// quiver.h: what objects can do: attributes, items, calls, iteration, comparison.
#include <stdlib.h>

#include "interpreters/api.h"
#include "object/dict.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/set.h"
#include "object/str.h"
#include "object/tuple.h"

// ---- attributes and items -----------------------------------------------------------------------

QuiverValue *quiver_attr(Quiver *q, QuiverValue *o, const char *name)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return NULL;
    }
    bool good = qv_api_arg(inst, o) && qv_api_given(inst, name, "name");
    return qv_api_value(inst, good ? qv_getattr_cstr(&inst->qi, qv_api_obj(o), name) : NULL);
}

int quiver_set_attr(Quiver *q, QuiverValue *o, const char *name, QuiverValue *value)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return -1;
    }
    bool good = qv_api_arg(inst, o) && qv_api_given(inst, name, "name") && qv_api_arg(inst, value);
    QvObj *key = good ? qv_str_intern_cstr(&inst->qi, name) : NULL;
    int status = key ? qv_setattr(&inst->qi, qv_api_obj(o), key, qv_api_obj(value)) : -1;
    qv_xdecref(&inst->qi, key);
    return qv_api_status(inst, status);
}

QuiverValue *quiver_item(Quiver *q, QuiverValue *o, QuiverValue *key)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return NULL;
    }
    bool good = qv_api_arg(inst, o) && qv_api_arg(inst, key);
    return qv_api_value(inst, good ? qv_getitem(&inst->qi, qv_api_obj(o), qv_api_obj(key)) : NULL);
}

int quiver_set_item(Quiver *q, QuiverValue *o, QuiverValue *key, QuiverValue *value)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return -1;
    }
    bool good = qv_api_arg(inst, o) && qv_api_arg(inst, key) && qv_api_arg(inst, value);
    return qv_api_status(
        inst, good ? qv_setitem(&inst->qi, qv_api_obj(o), qv_api_obj(key), qv_api_obj(value)) : -1);
}

ptrdiff_t quiver_length(Quiver *q, QuiverValue *o)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return -1;
    }
    QvSsize n = qv_api_arg(inst, o) ? qv_len(&inst->qi, qv_api_obj(o)) : -1;
    return qv_api_status(inst, n < 0 ? -1 : 0) < 0 ? -1 : n;
}

// Enters for an operation on o and a name. NULL, having left, when either will not do.
static QvInstance *begin_named(Quiver *q, QuiverValue *o, const char *name, const char *what)
{
    QvInstance *inst = qv_api_begin(q);
    if (inst && (!qv_api_arg(inst, o) || !qv_api_given(inst, name, what))) {
        qv_api_status(inst, -1);
        return NULL;
    }
    return inst;
}

// The same for an operation on one value.
static QvInstance *begin_with(Quiver *q, QuiverValue *o)
{
    QvInstance *inst = qv_api_begin(q);
    if (inst && !qv_api_arg(inst, o)) {
        qv_api_status(inst, -1);
        return NULL;
    }
    return inst;
}

int quiver_has_attr(Quiver *q, QuiverValue *o, const char *name)
{
    QvInstance *inst = begin_named(q, o, name, "name");
    if (!inst) {
        return -1;
    }
    QvObj *key = qv_str_intern_cstr(&inst->qi, name), *value;
    int found = key ? qv_getattr_try(&inst->qi, qv_api_obj(o), key, &value) : -1;
    if (found > 0) {
        qv_decref(&inst->qi, value);
    }
    qv_xdecref(&inst->qi, key);
    return qv_api_answer(inst, found);
}

int quiver_del_attr(Quiver *q, QuiverValue *o, const char *name)
{
    QvInstance *inst = begin_named(q, o, name, "name");
    if (!inst) {
        return -1;
    }
    QvObj *key = qv_str_intern_cstr(&inst->qi, name);
    int status = key ? qv_setattr(&inst->qi, qv_api_obj(o), key, NULL) : -1;
    qv_xdecref(&inst->qi, key);
    return qv_api_status(inst, status);
}

QuiverValue *quiver_item_at(Quiver *q, QuiverValue *o, ptrdiff_t index)
{
    QvInstance *inst = begin_with(q, o);
    return inst ? qv_api_value(inst, qv_getitem_i(&inst->qi, qv_api_obj(o), index)) : NULL;
}

QuiverValue *quiver_item_named(Quiver *q, QuiverValue *o, const char *key)
{
    QvInstance *inst = begin_named(q, o, key, "key");
    if (!inst) {
        return NULL;
    }
    QvObj *k = qv_str_new_cstr(&inst->qi, key);
    QvObj *value = k ? qv_getitem(&inst->qi, qv_api_obj(o), k) : NULL;
    qv_xdecref(&inst->qi, k);
    return qv_api_value(inst, value);
}

int quiver_set_item_named(Quiver *q, QuiverValue *o, const char *key, QuiverValue *value)
{
    QvInstance *inst = begin_named(q, o, key, "key");
    if (!inst) {
        return -1;
    }
    QvObj *k = qv_api_arg(inst, value) ? qv_str_new_cstr(&inst->qi, key) : NULL;
    int status = k ? qv_setitem(&inst->qi, qv_api_obj(o), k, qv_api_obj(value)) : -1;
    qv_xdecref(&inst->qi, k);
    return qv_api_status(inst, status);
}

int quiver_del_item(Quiver *q, QuiverValue *o, QuiverValue *key)
{
    QvInstance *inst = begin_with(q, o);
    if (!inst) {
        return -1;
    }
    bool good = qv_api_arg(inst, key);
    return qv_api_status(inst, good ? qv_delitem(&inst->qi, qv_api_obj(o), qv_api_obj(key)) : -1);
}

int quiver_contains(Quiver *q, QuiverValue *o, QuiverValue *item)
{
    QvInstance *inst = begin_with(q, o);
    if (!inst) {
        return -1;
    }
    bool good = qv_api_arg(inst, item);
    return qv_api_answer(inst, good ? qv_contains(&inst->qi, qv_api_obj(o), qv_api_obj(item)) : -1);
}

int quiver_append(Quiver *q, QuiverValue *list, QuiverValue *value)
{
    QvInstance *inst = begin_with(q, list);
    if (!inst) {
        return -1;
    }
    QvInterp *qi = &inst->qi;
    QvObj *o = qv_api_obj(list);
    int status = -1;
    if (!qv_is_list(o)) {
        qv_raise(qi, &qv_exc_TypeError, "expected list, got %T", o);
    } else if (qv_api_arg(inst, value)) {
        status = qv_list_append(qi, o, qv_api_obj(value));
    }
    return qv_api_status(inst, status);
}

int quiver_add(Quiver *q, QuiverValue *set, QuiverValue *value)
{
    QvInstance *inst = begin_with(q, set);
    if (!inst) {
        return -1;
    }
    QvInterp *qi = &inst->qi;
    QvObj *o = qv_api_obj(set);
    int status = -1;
    if (!qv_is_instance_of(o, &qv_set_type)) {
        qv_raise(qi, &qv_exc_TypeError, "expected set, got %T", o);
    } else if (qv_api_arg(inst, value)) {
        status = qv_set_add(qi, o, qv_api_obj(value));
    }
    return qv_api_status(inst, status);
}

// ---- calls --------------------------------------------------------------------------------------

// The keyword names as a tuple; NULL with an exception.
static QvObj *keyword_names(QvInstance *inst, const char *const *names, size_t n)
{
    QvInterp *qi = &inst->qi;
    QvObj *tuple = qv_tuple_new(qi, (QvSsize)n);
    for (size_t k = 0; tuple && k < n; k++) {
        QvObj *name = qv_api_given(inst, names[k], "a keyword's name")
                          ? qv_str_intern_cstr(qi, names[k])
                          : NULL;
        qv_tuple_items(tuple)[k] = name;
        if (!name) {
            qv_clear(qi, &tuple);
        }
    }
    return tuple;
}

// Are the arguments right? False with an exception; else *ret_kwnames may be a tuple to drop.
static bool good_call(QvInstance *inst, QuiverValue *const *args, size_t nargs,
                      const char *const *names, size_t nkw, QvObj **ret_kwnames)
{
    size_t n = nargs + (names ? nkw : 0);
    *ret_kwnames = NULL;
    if (n < nargs) {
        return qv_raise_oom(&inst->qi);
    }
    return qv_api_args(inst, args, n) &&
           (n == nargs || (*ret_kwnames = keyword_names(inst, names, nkw)) != NULL);
}

QuiverValue *quiver_call(Quiver *q, QuiverValue *f, QuiverValue *const *args, size_t nargs,
                         const char *const *names, size_t nkw)
{
    QvInstance *inst = begin_with(q, f);
    QvObj *kwnames;
    if (!inst) {
        return NULL;
    }
    if (!good_call(inst, args, nargs, names, nkw, &kwnames)) {
        return qv_api_value(inst, NULL);
    }
    QvInterp *qi = &inst->qi;
    QvObj *result = qv_call(qi, qv_api_obj(f), (QvObj *const *)args, (QvSsize)nargs, kwnames);
    qv_xdecref(qi, kwnames);
    return qv_api_give(inst, result);
}

QuiverValue *quiver_call_method(Quiver *q, QuiverValue *o, const char *method,
                                QuiverValue *const *args, size_t nargs, const char *const *names,
                                size_t nkw)
{
    QvInstance *inst = begin_named(q, o, method, "method");
    QvObj *kwnames;
    if (!inst) {
        return NULL;
    }
    if (!good_call(inst, args, nargs, names, nkw, &kwnames)) {
        return qv_api_value(inst, NULL);
    }
    QvInterp *qi = &inst->qi;
    QvObj *f = qv_getattr_cstr(qi, qv_api_obj(o), method);
    QvObj *result = f ? qv_call(qi, f, (QvObj *const *)args, (QvSsize)nargs, kwnames) : NULL;
    qv_xdecref(qi, f);
    qv_xdecref(qi, kwnames);
    return qv_api_give(inst, result);
}

int quiver_is_callable(Quiver *q, QuiverValue *o)
{
    QvInstance *inst = begin_with(q, o);
    return inst ? qv_api_answer(inst, qv_is_callable(qv_api_obj(o))) : -1;
}

// ---- iteration ----------------------------------------------------------------------------------

QuiverValue *quiver_iter(Quiver *q, QuiverValue *o)
{
    QvInstance *inst = begin_with(q, o);
    return inst ? qv_api_value(inst, qv_iter(&inst->qi, qv_api_obj(o))) : NULL;
}

int quiver_next(Quiver *q, QuiverValue *it, QuiverValue **ret)
{
    if (ret) {
        *ret = NULL;
    }
    QvInstance *inst = begin_with(q, it);
    if (!inst) {
        return -1;
    }
    QvInterp *qi = &inst->qi;
    QvObj *o = qv_api_obj(it), *item = NULL;
    if (qv_api_given(inst, ret, "ret")) {
        if (!o->type->next) {
            qv_raise(qi, &qv_exc_TypeError, "'%T' object is not an iterator", o);
        } else {
            item = qv_api_own(inst, qv_next(qi, o));
            *ret = (QuiverValue *)item;
        }
    }
    return qv_api_answer(inst, item ? 1 : qv_err_occurred(qi) ? -1 : 0);
}

int quiver_dict_next(Quiver *q, QuiverValue *dict, size_t *pos, QuiverValue **key,
                     QuiverValue **value)
{
    QvInstance *inst = begin_with(q, dict);
    if (!inst) {
        return -1;
    }
    QvInterp *qi = &inst->qi;
    QvObj *o = qv_api_obj(dict), *k, *v;
    int answer = -1;
    if (!qv_is_dict(o)) {
        qv_raise(qi, &qv_exc_TypeError, "expected dict, got %T", o);
    } else if (qv_api_given(inst, pos, "pos")) {
        QvSsize at = *pos <= PTRDIFF_MAX ? (QvSsize)*pos : PTRDIFF_MAX;
        answer = qv_dict_next(o, &at, &k, &v);
        *pos = (size_t)at;
    }
    if (answer > 0) {
        QvObj *mine = key ? qv_api_own(inst, qv_new_ref(qi, k)) : NULL;
        QvObj *its = value ? qv_api_own(inst, qv_new_ref(qi, v)) : NULL;
        if (key) {
            *key = (QuiverValue *)mine;
        }
        if (value) {
            *value = (QuiverValue *)its;
        }
        answer = (key && !mine) || (value && !its) ? -1 : 1;
    }
    return qv_api_answer(inst, answer);
}

// ---- comparison, types --------------------------------------------------------------------------

int quiver_compare(Quiver *q, QuiverValue *a, QuiverValue *b, QuiverCompare op)
{
    QvInstance *inst = begin_with(q, a);
    if (!inst) {
        return -1;
    }
    int answer = -1;
    if ((unsigned)op > (unsigned)QUIVER_GE) {
        qv_raise(&inst->qi, &qv_exc_ValueError, "op is no comparison");
    } else if (qv_api_arg(inst, b)) {
        answer = qv_compare_bool(&inst->qi, qv_api_obj(a), qv_api_obj(b), (QvCmpOp)op);
    }
    return qv_api_answer(inst, answer);
}

bool quiver_is(Quiver *q, QuiverValue *a, QuiverValue *b)
{
    QvInstance *inst = qv_api_inst(q);
    if (!inst || !a || !b || qv_attach(inst) < 0) {
        return false;
    }
    bool same = qv_is_same(qv_api_obj(a), qv_api_obj(b));
    qv_detach(inst);
    return same;
}

int quiver_hash(Quiver *q, QuiverValue *o, int64_t *ret)
{
    QvInstance *inst = begin_with(q, o);
    if (!inst) {
        return -1;
    }
    int status = -1;
    if (qv_api_given(inst, ret, "ret")) {
        *ret = qv_hash(&inst->qi, qv_api_obj(o));
        status = *ret == -1 ? -1 : 0;
    }
    return qv_api_status(inst, status);
}

int quiver_is_instance(Quiver *q, QuiverValue *o, QuiverValue *cls)
{
    QvInstance *inst = begin_with(q, o);
    if (!inst) {
        return -1;
    }
    bool good = qv_api_arg(inst, cls);
    return qv_api_answer(inst,
                         good ? qv_isinstance(&inst->qi, qv_api_obj(o), qv_api_obj(cls)) : -1);
}

QuiverValue *quiver_type_of(Quiver *q, QuiverValue *o)
{
    QvInstance *inst = begin_with(q, o);
    return inst ? qv_api_value(inst, qv_new_ref(&inst->qi, &qv_type_of(qv_api_obj(o))->h)) : NULL;
}

int quiver_type_name(Quiver *q, QuiverValue *o, char **ret)
{
    QvInstance *inst = begin_with(q, o);
    if (!inst) {
        return -1;
    }
    int status = -1;
    if (qv_api_given(inst, ret, "ret")) {
        QvObj *name = qv_type_get_name(&inst->qi, qv_type_of(qv_api_obj(o)));
        status = name ? qv_api_copy_str(&inst->qi, name, ret, NULL) : -1;
        qv_xdecref(&inst->qi, name);
    }
    return qv_api_status(inst, status);
}
