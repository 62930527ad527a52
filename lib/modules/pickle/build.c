// SPDX-License-Identifier: MIT
// Opcodes that make instances and give them their state.
#include "modules/pickle/pickle.h"
#include "object/dict.h"
#include "object/list.h"
#include "object/shape.h"
#include "object/str.h"
#include "object/tuple.h"

QvObj *qv_unpickle_instantiate(QvUnpickler *u, QvObj *cls, QvObj *args)
{
    QvInterp *qi = u->qi;
    if (qv_tuple_len(args) == 0 && qv_is_type(cls)) {
        QvObj *f;
        int found = qv_getattr_try(qi, cls, QV_N(__getinitargs__), &f);
        if (found < 0) {
            return NULL;
        }
        if (!found) {
            QvObj *make = qv_getattr(qi, cls, QV_N(__new__));
            QvObj *o = make ? qv_call1(qi, make, cls) : NULL;
            qv_xdecref(qi, make);
            return o;
        }
        qv_decref(qi, f);
    }
    return qv_call_tuple(qi, cls, args, NULL);
}

QvObj *qv_unpickle_newobj(QvUnpickler *u, QvObj *cls, QvObj *args, QvObj *kwargs)
{
    QvInterp *qi = u->qi;
    const char *op = kwargs ? "NEWOBJ_EX" : "NEWOBJ";
    if (!qv_is_type(cls)) {
        qv_unpickle_fail(qi, "%s class argument must be a type, not %.200T", op, cls);
        return NULL;
    }
    QvType *t = (QvType *)cls;
    if (!t->new_ || (t->flags & QV_T_NO_NEW)) {
        qv_unpickle_fail(qi, "%s class argument '%.200N' doesn't have __new__", op, t);
        return NULL;
    }
    if (!qv_is_tuple(args)) {
        qv_unpickle_fail(qi, "%s args argument must be a tuple, not %.200T", op, args);
        return NULL;
    }
    if (kwargs && !qv_is_dict(kwargs)) {
        qv_unpickle_fail(qi, "%s kwargs argument must be a dict, not %.200T", op, kwargs);
        return NULL;
    }
    if (t == &qv_type_type || !kwargs) {
        return kwargs ? qv_call_tuple(qi, cls, args, kwargs)
                      : t->new_(qi, t, qv_tuple_items(args), qv_tuple_len(args), NULL);
    }
    // Keywords come as values behind the positional ones, and a tuple of their names.
    QvObj *make = qv_getattr(qi, cls, QV_N(__new__));
    QvSsize n = qv_tuple_len(args);
    QvObj *all = make ? qv_tuple_new(qi, n + 1) : NULL;
    if (all) {
        qv_tuple_items(all)[0] = qv_new_ref(qi, cls);
        for (QvSsize i = 0; i < n; i++) {
            qv_tuple_items(all)[i + 1] = qv_new_ref(qi, qv_tuple_peek(args, i));
        }
    }
    QvObj *o = all ? qv_call_tuple(qi, make, all, kwargs) : NULL;
    qv_xdecref(qi, make);
    qv_xdecref(qi, all);
    return o;
}

// ---- BUILD --------------------------------------------------------------------------------------

// Names of attributes are interned. New reference, or NULL.
static QvObj *interned(QvInterp *qi, QvObj *key)
{
    qv_incref(qi, key);
    if (qv_is_str_exact(key) && !qv_str_is_interned(key) && qv_str_intern(qi, &key) < 0) {
        return NULL;
    }
    return key;
}

// Is this an object whose __dict__ is nothing but its instance part?
static bool has_plain_dict(QvInterp *qi, QvObj *o)
{
    QvType *t = o->type;
    if (!(t->flags & QV_T_HEAP) || !t->inst_offset || t->inst_offset == QV_INST_VAR ||
        qv_type_lookup(qi, t, QV_N(__getattribute__)) !=
            qv_dict_peek_str(qv_object_type.dict, QV_N(__getattribute__))) {
        return false;
    }
    const QvObj *d = qv_type_lookup(qi, t, QV_N(__dict__));
    return d && d->type == &qv_getset_descriptor_type;
}

static int set_attributes(QvUnpickler *u, QvObj *o, QvObj *state)
{
    QvInterp *qi = u->qi;
    QvObj *key, *value;
    if (!qv_is_dict(state)) {
        return qv_unpickle_fail(qi, "state is not a dictionary");
    }
    bool plain = has_plain_dict(qi, o);
    QvObj *dict = plain ? NULL : qv_getattr(qi, o, QV_N(__dict__));
    int status = plain || dict ? 0 : -1;
    QvSsize size = qv_dict_len(state);
    for (QvSsize pos = 0; status == 0 && qv_dict_next(state, &pos, &key, &value);) {
        if (plain && !qv_is_str_exact(key)) { // odd: only a dict takes it
            plain = false;
            dict = qv_getattr(qi, o, QV_N(__dict__));
            if (!dict) {
                return -1;
            }
        }
        qv_incref(qi, value);
        key = interned(qi, key);
        status = !key    ? -1
                 : plain ? (qv_inst_set(qi, o, key, value) < 0 ? -1 : 0)
                         : qv_setitem(qi, dict, key, value);
        qv_decref(qi, value);
        qv_xdecref(qi, key);
        if (status == 0 && qv_dict_len(state) != size) { // it is in the memo: scripts can reach it
            status =
                qv_raise_int(qi, &qv_exc_RuntimeError, "dictionary changed size during iteration");
        }
    }
    qv_xdecref(qi, dict);
    return status;
}

static int set_members(QvUnpickler *u, QvObj *o, QvObj *state)
{
    QvInterp *qi = u->qi;
    if (!qv_is_dict(state)) {
        return qv_unpickle_fail(qi, "slot state is not a dictionary");
    }
    QvObj *items = qv_dict_items_list(qi, state); // setting may run Python
    int status = items ? 0 : -1;
    for (QvSsize i = 0; status == 0 && i < qv_list_len(items); i++) {
        QvObj *pair = qv_list_peek(items, i), *key = qv_tuple_peek(pair, 0);
        if (!qv_is_str(key)) {
            status = qv_raise_int(qi, &qv_exc_TypeError,
                                  "attribute name must be string, not '%.200T'", key);
        } else {
            status = qv_setattr(qi, o, key, qv_tuple_peek(pair, 1));
        }
    }
    qv_xdecref(qi, items);
    return status;
}

int qv_unpickle_build(QvUnpickler *u, QvObj *o, QvObj *state)
{
    QvInterp *qi = u->qi;
    QvObj *setstate;
    int found = qv_getattr_try(qi, o, QV_N(__setstate__), &setstate);
    if (found < 0) {
        return -1;
    }
    if (found) {
        QvObj *r = qv_call1(qi, setstate, state);
        qv_decref(qi, setstate);
        qv_xdecref(qi, r);
        return r ? 0 : -1;
    }
    QvObj *members = NULL;
    if (qv_is_tuple(state) && qv_tuple_len(state) == 2) { // (attributes, members of __slots__)
        members = qv_tuple_peek(state, 1);
        state = qv_tuple_peek(state, 0);
    }
    if (state != QV_NONE && set_attributes(u, o, state) < 0) {
        return -1;
    }
    return members && members != QV_NONE ? set_members(u, o, members) : 0;
}
